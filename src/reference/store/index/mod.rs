//! Indexes from a text or an id to the numbers of records. The hash index keeps no texts of its own and asks the records
//! for them.
//!
//! May use, of `reference`: nothing else.

pub(crate) mod hash;
pub(crate) mod hash_index;
pub(crate) mod id_index;
pub(crate) mod number_sets;

use std::collections::BTreeSet;
use std::ops::Bound;

/// An ordered index that allows several holders of one key: uniqueness is a rule of the provider, and a rule can be
/// switched off.
#[derive(Debug, Default)]
pub(crate) struct Index {
    keys: BTreeSet<(Box<str>, u32)>,
}

impl Index {
    /// Notes that `slot` bears `key`.
    pub(crate) fn insert(&mut self, key: &str, slot: u32) {
        self.keys.insert((key.into(), slot));
    }

    /// Forgets that `slot` bears `key`.
    pub(crate) fn remove(&mut self, key: &str, slot: u32) {
        self.keys.remove(&(key.into(), slot));
    }

    /// The oldest that bears `key`.
    pub(crate) fn first(&self, key: &str) -> Option<u32> {
        self.all(key).next()
    }

    /// All that bear `key`, oldest first.
    pub(crate) fn all<'a>(&'a self, key: &str) -> impl Iterator<Item = u32> + use<'a> {
        self.keys.range((key.into(), 0)..=(key.into(), u32::MAX)).map(|(_, slot)| *slot)
    }

    /// All whose key begins with `prefix`, by key.
    pub(crate) fn starting_with(&self, prefix: &str) -> impl Iterator<Item = u32> {
        let start = (Box::from(prefix), 0);
        self.keys
            .range((Bound::Included(start), Bound::Unbounded))
            .take_while(move |(key, _)| key.starts_with(prefix))
            .map(|(_, slot)| *slot)
    }
}

#[cfg(test)]
mod tests {
    use super::Index;

    #[test]
    fn holders_of_one_key_are_kept_apart() {
        let mut index = Index::default();
        index.insert("acme", 7);
        index.insert("acme", 3);
        index.insert("acme corp", 1);
        assert_eq!(index.first("acme"), Some(3));
        assert_eq!(index.all("acme").collect::<Vec<_>>(), [3, 7]);
        assert_eq!(index.starting_with("acme").collect::<Vec<_>>(), [3, 7, 1]);
        index.remove("acme", 3);
        assert_eq!(index.first("acme"), Some(7));
    }
}
