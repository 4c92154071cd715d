//! Hashes of keys: the same in every run, for an index is grown by asking the records for theirs again.

use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::FixedState;

/// The hash of a key.
pub(in crate::reference::store) fn of<T: Hash + ?Sized>(key: &T) -> u64 {
    FixedState::default().hash_one(key)
}
