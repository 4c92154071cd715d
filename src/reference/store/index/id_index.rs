//! From an id to the number of the record that has it.

use hashbrown::HashTable;

/// An index of ids, no two of which are the same. It keeps no id of its own: it asks the records.
#[derive(Debug, Default)]
pub(crate) struct IdIndex(HashTable<u32>);

impl IdIndex {
    /// Notes that `slot` has the id of that hash; `hash_of` says the same of it and of all that are here.
    pub(crate) fn insert(&mut self, hash: u64, slot: u32, hash_of: impl Fn(u32) -> u64) {
        self.0.insert_unique(hash, slot, |each| hash_of(*each));
    }

    /// Forgets that `slot` has the id of that hash.
    pub(crate) fn remove(&mut self, hash: u64, slot: u32) {
        if let Ok(found) = self.0.find_entry(hash, |each| *each == slot) {
            found.remove();
        }
    }

    /// Whoever has the id of that hash, which `has` knows.
    pub(crate) fn find(&self, hash: u64, has: impl Fn(u32) -> bool) -> Option<u32> {
        self.0.find(hash, |each| has(*each)).copied()
    }
}
