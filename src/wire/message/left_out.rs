//! What was left out of an answer that was too large to be kept whole.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;

/// Ids that are remembered of one list, as eight bytes each.
const MOST_IDS: usize = 1 << 18;

/// One list of which only a part was kept.
#[derive(Debug, Clone, Default)]
pub struct LeftOut {
    /// The attribute that holds the list, in lower case: `resources`, `members`, `values`.
    pub(in crate::wire) name: &'static str,
    count: usize,
    /// Hashes of their ids, sorted when the list is complete.
    ids: Vec<u64>,
}

impl LeftOut {
    /// The hash of an id. Nobody outside can foresee two ids of one hash.
    pub fn hash(id: &str) -> u64 {
        static STATE: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        STATE.hash_one(id)
    }

    pub(in crate::wire) fn of(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// Counts one that is left out, by its id where it has one.
    pub(in crate::wire) fn add(&mut self, id: Option<&str>) {
        self.count += 1;
        if let Some(id) = id.filter(|_| self.ids.len() < MOST_IDS) {
            self.ids.push(Self::hash(id));
        }
    }

    pub(in crate::wire) fn finish(&mut self) {
        self.ids.sort_unstable();
    }

    /// The hashes of their ids, as far as they are known.
    pub(in crate::wire) fn ids(&self) -> &[u64] {
        &self.ids
    }

    /// How many were left out.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether the id of each is known.
    pub fn knows_all(&self) -> bool {
        self.ids.len() == self.count
    }

    /// Whether this id is among them.
    pub fn holds(&self, id: &str) -> bool {
        self.ids.binary_search(&Self::hash(id)).is_ok()
    }

    /// Whether this id may be among them.
    pub fn may_hold(&self, id: &str) -> bool {
        !self.knows_all() || self.holds(id)
    }

    /// A digest of who they are, in any order; nothing where not all are known.
    pub fn digest(&self) -> Option<u64> {
        self.knows_all().then(|| self.ids.iter().fold(0, |digest: u64, id| digest.wrapping_add(*id)))
    }

    /// How many of them are there a second time.
    pub fn doubled(&self) -> usize {
        self.ids.windows(2).filter(|pair| pair[0] == pair[1]).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_who_is_left_out_and_who_may_be() {
        let mut left_out = LeftOut::of("members");
        for id in ["b", "a", "b"] {
            left_out.add(Some(id));
        }
        left_out.finish();
        assert_eq!((left_out.count(), left_out.doubled()), (3, 1));
        assert!(left_out.holds("a") && left_out.may_hold("a"));
        assert!(!left_out.holds("c") && !left_out.may_hold("c"));
        left_out.add(None);
        assert!(!left_out.holds("c") && left_out.may_hold("c"));
    }
}
