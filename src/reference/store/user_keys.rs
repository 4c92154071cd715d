//! What a user is found by.

use serde::{Deserialize, Serialize};

/// What a user is found by, in the form in which it is compared. No key is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UserKeys<T> {
    /// `userName`
    pub(crate) user_name: T,
    /// The value of the primary element of `emails`.
    pub(crate) email: T,
    /// `externalId`, where there is one.
    pub(crate) external_id: Option<T>,
}

impl UserKeys<String> {
    /// The same, borrowed.
    pub(crate) fn as_deref(&self) -> UserKeys<&str> {
        UserKeys { user_name: &self.user_name, email: &self.email, external_id: self.external_id.as_deref() }
    }
}

impl UserKeys<&str> {
    /// The same, for itself.
    pub(crate) fn to_owned(self) -> UserKeys<String> {
        UserKeys {
            user_name: self.user_name.to_owned(),
            email: self.email.to_owned(),
            external_id: self.external_id.map(str::to_owned),
        }
    }
}
