//! A group in the directory.

use uuid::Uuid;

use super::person::object_id;

/// A group, as the identity provider knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The name by which the scenario speaks of it.
    pub key: String,
    /// The name to show, which becomes the organization's.
    pub display_name: String,
    /// The keys of its direct members, in the order in which they joined.
    pub members: Vec<String>,
    /// Whether it is pushed (Okta) or assigned (Entra) to the app.
    pub pushed: bool,
    /// The tenant of the provider that the directory is; see [`Person::tenant`](super::Person::tenant).
    pub tenant: String,
}

impl Group {
    /// The directory object's id as a GUID (Entra `objectId`).
    pub fn object_id(&self) -> Uuid {
        object_id(&self.tenant, "group", &self.key)
    }
}
