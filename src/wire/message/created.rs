//! The sorts of resources that a run creates.

use serde::{Deserialize, Serialize};

/// What sort of resource was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Created {
    /// A SCIM Group. Groups are removed before users, so that no endpoint refuses for the sake of members.
    Group,
    /// A SCIM User.
    User,
    /// An organization made in the product.
    Organization,
    /// A customer made in the product.
    Customer,
}

impl Created {
    /// The word for it in a message.
    pub fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::User => "user",
            Self::Organization => "organization",
            Self::Customer => "customer",
        }
    }
}

/// The attribute by which a resource is looked for.
pub(in crate::wire) fn identifying(kind: Created) -> &'static str {
    match kind {
        Created::User => "userName",
        Created::Group => "displayName",
        Created::Organization => "name",
        Created::Customer => "emailAddress",
    }
}
