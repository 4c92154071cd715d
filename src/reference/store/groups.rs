//! SCIM groups: what the directory has pushed. Who is in them stands in the memberships.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::index::Index;
use super::slots::Slots;

/// A SCIM Group as it was last written, without its members and what the service provider adds when it answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    /// The SCIM id.
    pub(crate) id: String,
    /// `displayName`, as sent.
    pub(crate) display_name: String,
    /// The attributes, `schemas` and `displayName` included; no `id`, `meta` or `members`.
    pub(crate) attributes: Value,
    /// `meta.created`
    pub(crate) created: Timestamp,
    /// `meta.lastModified`
    pub(crate) modified: Timestamp,
    /// Grows with every change that can be seen.
    pub(crate) version: u64,
    /// The organization that the group provisions; none for a group that the conflict setting keeps out.
    pub(crate) organization: Option<u32>,
    /// Ids of deleted users that are still listed; only a defect leaves any.
    pub(crate) leftovers: Vec<String>,
    /// Ids of members that are no users: other groups, and what is nobody's, where the knobs keep them.
    pub(crate) others: BTreeSet<String>,
    /// What members are called by whoever added them, where the knob keeps it.
    pub(crate) displays: BTreeMap<u32, String>,
    /// Whether the group waits until an administrator accepts it.
    pub(crate) held: bool,
}

/// All groups of a directory.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Slots<Group>")]
pub(crate) struct Groups {
    slots: Slots<Group>,
    by_id: Index,
    by_name: Index,
}

impl Serialize for Groups {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.slots.serialize(serializer)
    }
}

/// The name index is left to [`Groups::rekey`], for it takes the rule by which names are compared.
impl From<Slots<Group>> for Groups {
    fn from(slots: Slots<Group>) -> Self {
        let mut by_id = Index::default();
        for (slot, group) in slots.iter() {
            by_id.insert(&group.id, slot);
        }
        Self { slots, by_id, by_name: Index::default() }
    }
}

impl Groups {
    /// Adds a group that is found under `key`, the form in which names are compared.
    pub(crate) fn insert(&mut self, key: &str, group: Group) -> u32 {
        let id = group.id.clone();
        let slot = self.slots.insert(group);
        self.by_id.insert(&id, slot);
        self.by_name.insert(key, slot);
        slot
    }

    /// Moves a group from one name's key to another's.
    pub(crate) fn rename(&mut self, slot: u32, from_key: &str, to_key: &str) {
        self.by_name.remove(from_key, slot);
        self.by_name.insert(to_key, slot);
    }

    pub(crate) fn remove(&mut self, slot: u32, key: &str) -> Option<Group> {
        let group = self.slots.remove(slot)?;
        self.by_id.remove(&group.id, slot);
        self.by_name.remove(key, slot);
        Some(group)
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&Group> {
        self.slots.get(slot)
    }

    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Group> {
        self.slots.get_mut(slot)
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Group)> {
        self.slots.iter()
    }

    pub(crate) fn skipping(&self, rank: usize) -> impl Iterator<Item = (u32, &Group)> {
        self.slots.skipping(rank)
    }

    pub(crate) fn from(&self, slot: u32) -> impl Iterator<Item = (u32, &Group)> {
        self.slots.from(slot)
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<u32> {
        self.by_id.first(id)
    }

    pub(crate) fn by_name(&self, key: &str) -> impl Iterator<Item = u32> {
        self.by_name.all(key)
    }

    pub(crate) fn name_starting_with(&self, prefix: &str) -> impl Iterator<Item = u32> {
        self.by_name.starting_with(prefix)
    }

    /// Builds the name index anew, after the rule by which names are compared has changed.
    pub(crate) fn rekey(&mut self, key: impl Fn(&str) -> String) {
        self.by_name = Index::default();
        for (slot, group) in self.slots.iter() {
            self.by_name.insert(&key(&group.display_name), slot);
        }
    }
}
