//! SCIM groups: what the directory has pushed. Who is in them stands in the memberships.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::labels::{Label, Labels};
use crate::reference::store::changes::{Changed, Delta, Entries};
use crate::reference::store::index::Index;
use crate::reference::store::slots::Slots;

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
    labels: Labels,
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
        let mut groups = Self::default();
        for (slot, group) in slots.iter() {
            groups.by_id.insert(&group.id, slot);
            groups.labels.set(slot, &group.id, &group.display_name);
        }
        Self { slots, ..groups }
    }
}

impl Groups {
    /// Adds a group that is found under `key`, the form in which names are compared.
    pub(crate) fn insert(&mut self, key: &str, group: Group) -> u32 {
        let (id, name) = (group.id.clone(), group.display_name.clone());
        let slot = self.slots.insert(group);
        self.labels.set(slot, &id, &name);
        self.by_id.insert(&id, slot);
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
    pub(crate) fn apply(&mut self, delta: Entries<Group>) {
        if delta.anew {
            *self = Self::default();
        }
        for (slot, group) in delta.entries {
            if let Some(before) = self.slots.get(slot) {
                self.by_id.remove(&before.id, slot);
                self.labels.remove(slot);
            }
            if let Some(group) = &group {
                self.by_id.insert(&group.id, slot);
                self.labels.set(slot, &group.id, &group.display_name);
            }
            self.slots.put(slot, group);
        }
    }

    /// Gives a group another name and moves it to that name's key.
    pub(crate) fn rename(&mut self, slot: u32, name: &str, from_key: &str, to_key: &str) {
        let Some(group) = self.slots.get_mut(slot) else {
            return;
        };
        name.clone_into(&mut group.display_name);
        self.labels.set(slot, &group.id, name);
        self.by_name.remove(from_key, slot);
        self.by_name.insert(to_key, slot);
    }

    pub(crate) fn remove(&mut self, slot: u32, key: &str) -> Option<Group> {
        let group = self.slots.remove(slot)?;
        self.labels.remove(slot);
        self.by_id.remove(&group.id, slot);
        self.by_name.remove(key, slot);
        Some(group)
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&Group> {
        self.slots.get(slot)
    }

    /// What the members of a group are told of it.
    pub(crate) fn label(&self, slot: u32) -> Option<&Label> {
        self.labels.get(slot)
    }

    /// The group, to be changed in anything but its id and its name.
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
