//! Customer organizations of a site, manual and synced.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::reference::store::changes::{Changed, Delta, Entries};
use crate::reference::store::index::Index;
use crate::reference::store::slots::Slots;

/// A customer organization. Its id in the REST API is its slot plus one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Organization {
    /// The id of the organization in the group directory.
    pub(crate) uuid: String,
    /// The name, unique on the site.
    pub(crate) name: String,
    /// Whether a directory's group provisions it: the user interface's source *Synced*.
    pub(crate) scim_managed: bool,
    /// When it came to be.
    pub(crate) created: Timestamp,
    /// The SCIM group that provisions it.
    pub(crate) group: Option<u32>,
    /// Whether it was added to the site's service project.
    pub(crate) in_service_desk: bool,
    /// Entity properties, by key.
    pub(crate) properties: BTreeMap<String, Value>,
}

/// All organizations of a site.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Slots<Organization>")]
pub(crate) struct Organizations {
    slots: Slots<Organization>,
    by_name: Index,
}

impl Serialize for Organizations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.slots.serialize(serializer)
    }
}

/// The name index is left to [`Organizations::rekey`], for it takes the rule by which names are compared.
impl From<Slots<Organization>> for Organizations {
    fn from(slots: Slots<Organization>) -> Self {
        Self { slots, by_name: Index::default() }
    }
}

impl Organizations {
    /// Adds an organization that is found under `key`, the form in which names are compared.
    pub(crate) fn insert(&mut self, key: &str, organization: Organization) -> u32 {
        let slot = self.slots.insert(organization);
        self.by_name.insert(key, slot);
        slot
    }

    /// What has changed since the last call.
    pub(crate) fn take_changes(&mut self) -> Changed {
        self.slots.take_changes()
    }

    /// What has changed as it is now, to be written.
    pub(crate) fn delta(&self, changed: Changed) -> Delta<impl Serialize> {
        self.slots.delta(changed)
    }

    /// Makes up for what has changed. The name index is left to [`Self::rekey`].
    pub(crate) fn apply(&mut self, delta: Entries<Organization>) {
        if delta.anew {
            *self = Self::default();
        }
        for (slot, organization) in delta.entries {
            self.slots.put(slot, organization);
        }
    }

    /// Gives an organization another name and moves it to that name's key.
    pub(crate) fn rename(&mut self, slot: u32, name: &str, from_key: &str, to_key: &str) {
        let Some(organization) = self.slots.get_mut(slot) else {
            return;
        };
        name.clone_into(&mut organization.name);
        self.by_name.remove(from_key, slot);
        self.by_name.insert(to_key, slot);
    }

    pub(crate) fn remove(&mut self, slot: u32, key: &str) -> Option<Organization> {
        let organization = self.slots.remove(slot)?;
        self.by_name.remove(key, slot);
        Some(organization)
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&Organization> {
        self.slots.get(slot)
    }

    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Organization> {
        self.slots.get_mut(slot)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Organization)> {
        self.slots.iter()
    }

    pub(crate) fn by_name(&self, key: &str) -> impl Iterator<Item = u32> {
        self.by_name.all(key)
    }

    /// Builds the name index anew, after the rule by which names are compared has changed.
    pub(crate) fn rekey(&mut self, key: impl Fn(&str) -> String) {
        self.by_name = Index::default();
        for (slot, organization) in self.slots.iter() {
            self.by_name.insert(&key(&organization.name), slot);
        }
    }
}
