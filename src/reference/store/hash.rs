//! Hashes of keys: the same in every run, for an index is grown by asking the records for theirs again.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// The hash of a key.
pub(super) fn of<T: Hash + ?Sized>(key: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
