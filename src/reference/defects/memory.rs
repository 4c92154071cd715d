//! What defects remember from one request to the next. Nothing sound depends on it, and it is not written down.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::scim::kind::ResourceKind;

/// A resource: its kind, and its slot among those.
type Entry = (ResourceKind, u32);

/// A site's memory.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The forms in which names are compared that groups once had.
    pub(crate) retired_names: BTreeSet<String>,
    /// Who left which group.
    pub(crate) left: BTreeSet<(u32, u32)>,
    /// Whether the next creation was found to be free of conflicts before, and is not looked at again.
    pub(crate) unchecked: bool,
    /// Who was in a group before its last write.
    pub(crate) members_before: BTreeMap<u32, BTreeSet<u32>>,
    /// The resource that the current request writes, before the write.
    pub(crate) before: Option<Before>,
    /// What the next read of a resource shows; null for what was not there.
    late: BTreeMap<Entry, Value>,
    /// What the next lookup does not find yet.
    unindexed: BTreeSet<Entry>,
    /// What the next list still holds.
    ghosts: Vec<(ResourceKind, Value)>,
    lists: Cell<u64>,
    writes: Cell<u64>,
}

/// A resource before a write.
#[derive(Debug)]
pub(crate) struct Before {
    /// As it was shown.
    pub(crate) view: Value,
    /// Its version.
    pub(crate) version: u64,
}

impl Memory {
    /// Has the next read of a resource show this.
    pub(crate) fn show_late(&mut self, entry: Entry, view: Value) {
        self.late.insert(entry, view);
    }

    /// What a read of the resource shows instead of what is there.
    pub(crate) fn take_late(&mut self, entry: Entry) -> Option<Value> {
        self.late.remove(&entry)
    }

    /// Keeps a resource from the next lookup.
    pub(crate) fn hide(&mut self, entry: Entry) {
        self.unindexed.insert(entry);
    }

    /// Whether a lookup does not find the resource; the next one will.
    pub(crate) fn take_hidden(&mut self, entry: Entry) -> bool {
        self.unindexed.remove(&entry)
    }

    /// Has the next list hold what is gone.
    pub(crate) fn haunt(&mut self, kind: ResourceKind, view: Value) {
        self.ghosts.push((kind, view));
    }

    /// What a list of these kinds holds although it is gone.
    pub(crate) fn take_ghosts(&mut self, kinds: &[ResourceKind]) -> Vec<Value> {
        self.ghosts.extract_if(.., |(kind, _)| kinds.contains(kind)).map(|(_, view)| view).collect()
    }

    /// How many lists there were, this one included.
    pub(crate) fn count_list(&self) -> u64 {
        self.lists.set(self.lists.get() + 1);
        self.lists.get()
    }

    /// How many writes there were, this one included.
    pub(crate) fn count_write(&self) -> u64 {
        self.writes.set(self.writes.get() + 1);
        self.writes.get()
    }
}
