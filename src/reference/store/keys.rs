//! What a user is found by.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a user is found by, in the form in which it is compared. All of it is one text, and an address that is the user
/// name too stands there once.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct UserKeys {
    text: Box<str>,
    /// Where the user name ends.
    user_name: u32,
    /// Where the address ends; where the user name ends, if it is the same.
    email: u32,
}

/// The keys as they are written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename = "UserKeys")]
struct Written<T> {
    user_name: T,
    email: T,
    external_id: Option<T>,
}

impl UserKeys {
    /// The keys; none of them is empty.
    pub(crate) fn new(user_name: &str, email: &str, external_id: Option<&str>) -> Self {
        let own_email = if email == user_name { "" } else { email };
        let end = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        Self {
            user_name: end(user_name.len()),
            email: end(user_name.len() + own_email.len()),
            text: [user_name, own_email, external_id.unwrap_or_default()].concat().into(),
        }
    }

    /// `userName`
    pub(crate) fn user_name(&self) -> &str {
        self.text.get(..self.user_name as usize).unwrap_or_default()
    }

    /// The value of the primary element of `emails`.
    pub(crate) fn email(&self) -> &str {
        if self.email == self.user_name {
            return self.user_name();
        }
        self.text.get(self.user_name as usize..self.email as usize).unwrap_or_default()
    }

    /// `externalId`, where there is one.
    pub(crate) fn external_id(&self) -> Option<&str> {
        self.text.get(self.email as usize..).filter(|id| !id.is_empty())
    }

    fn written(&self) -> Written<&str> {
        Written { user_name: self.user_name(), email: self.email(), external_id: self.external_id() }
    }
}

impl fmt::Debug for UserKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written().fmt(out)
    }
}

impl Serialize for UserKeys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for UserKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::<String>::deserialize(deserializer)?;
        Ok(Self::new(&written.user_name, &written.email, written.external_id.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use super::UserKeys;

    #[test]
    fn each_key_is_what_was_given() {
        for email in ["ada", "ada@example.com"] {
            for external_id in [None, Some("00u1")] {
                let keys = UserKeys::new("ada", email, external_id);
                assert_eq!((keys.user_name(), keys.email(), keys.external_id()), ("ada", email, external_id));
                let text = serde_json::to_string(&keys).unwrap();
                assert_eq!(serde_json::from_str::<UserKeys>(&text).unwrap(), keys);
            }
        }
        assert_ne!(UserKeys::new("ab", "c", None), UserKeys::new("a", "bc", None));
    }
}
