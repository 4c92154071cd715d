//! A person in the directory.

use std::collections::BTreeMap;

use uuid::Uuid;

/// Namespace of the ids that stand for directory objects: the same key has the same id in every run.
const OBJECT_IDS: Uuid = Uuid::from_u128(0x5c1b_5a9e_0000_4000_8000_0000_0000_0001);

/// The attribute of the profile that replaces the provider's own `externalId`.
pub const EXTERNAL_ID: &str = "externalId";

/// A person, as the identity provider knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name by which the scenario speaks of them.
    pub key: String,
    /// The login name that becomes `userName` (Okta login, Entra userPrincipalName, Google primary e-mail).
    pub user_name: String,
    /// The work e-mail address.
    pub email: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// The name to show.
    pub display_name: String,
    /// Further profile attributes by their SCIM name (`title`, `department`, `employeeNumber` …). A cleared one is an
    /// empty string: whether that is sent is the provider's business.
    pub profile: BTreeMap<String, String>,
    /// The key of their manager, where there is one.
    pub manager: Option<String>,
    /// The directory object's generation: it changes when somebody is deleted and made anew under the same name.
    pub incarnation: u32,
    /// Where they stand in the directory.
    pub state: PersonState,
    /// Whether they are assigned to the app.
    pub assigned: bool,
    /// The tenant of the provider that the directory is, by which its ids differ from those of others; empty where
    /// there is one only.
    pub tenant: String,
}

/// Where a person stands in the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonState {
    /// A person who may log in.
    Active,
    /// Suspended (Okta, Google) or with the account disabled (Entra).
    Suspended,
    /// Archived (Google): kept, without a licence.
    Archived,
    /// Deleted, and still restorable where the provider has a bin for that.
    Deleted,
}

impl Person {
    /// The directory object's id as a GUID (Entra `objectId`).
    pub fn object_id(&self) -> Uuid {
        object_id(&self.tenant, "person", &format!("{}/{}", self.key, self.incarnation))
    }

    /// The directory object's id as Okta writes it: 20 characters, `00u…`.
    pub fn okta_id(&self) -> String {
        okta_id("00u", self.object_id())
    }

    /// What goes out as `externalId`: the person's own where there is one, else the provider's.
    pub fn external_id_or(&self, provider: impl FnOnce() -> String) -> String {
        self.profile.get(EXTERNAL_ID).filter(|id| !id.is_empty()).cloned().unwrap_or_else(provider)
    }

    /// Entra's `mailNickname`: the local part of the login name.
    pub fn mail_nickname(&self) -> &str {
        self.user_name.split('@').next().unwrap_or(&self.user_name)
    }

    /// Whether the provider holds them for somebody who should be able to use the app.
    pub fn should_be_active(&self) -> bool {
        self.assigned && self.state == PersonState::Active
    }
}

/// The id of a tenant's directory object of that sort and key.
pub(crate) fn object_id(tenant: &str, sort: &str, key: &str) -> Uuid {
    Uuid::new_v5(&OBJECT_IDS, format!("{tenant}{sort}/{key}").as_bytes())
}

/// Okta's ids: a prefix that says what it is and letters and digits, 20 characters in all.
fn okta_id(prefix: &str, id: Uuid) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = id.as_u128();
    let mut text = prefix.to_owned();
    while text.len() < 20 {
        let index = usize::try_from(rest % 62).unwrap_or(0);
        text.push(char::from(LETTERS[index]));
        rest /= 62;
    }
    text
}
