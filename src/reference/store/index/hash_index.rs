//! From a text to the numbers of the records that hold it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::{Chain, Copied, Flatten};
use std::option;

use hashbrown::HashTable;

use super::hash;

/// An index that keeps no text of its own: it asks the records, so that a key costs five bytes.
///
/// Several may bear one key, for uniqueness is a rule of the provider, and a rule can be switched off. Whoever bears a key
/// must go on bearing it until [`Self::remove`].
#[derive(Debug, Default)]
pub(crate) struct HashIndex {
    /// One bearer of every key.
    one: HashTable<u32>,
    /// All bearers of the keys that more than one bears.
    shared: BTreeMap<Box<str>, BTreeSet<u32>>,
}

impl HashIndex {
    /// Notes that `slot` bears `key`, which `key_of` must say of it too.
    pub(crate) fn insert<'a>(&mut self, key: &str, slot: u32, key_of: impl Fn(u32) -> Cow<'a, str>) {
        let hash = hash::of(key);
        if let Some(&other) = self.one.find(hash, |other| key_of(*other) == key) {
            if other != slot {
                self.shared.entry(key.into()).or_insert_with(|| BTreeSet::from([other])).insert(slot);
            }
            return;
        }
        self.one.insert_unique(hash, slot, |each| hash::of(&*key_of(*each)));
    }

    /// Forgets that `slot` bears `key`.
    pub(crate) fn remove(&mut self, key: &str, slot: u32) {
        let hash = hash::of(key);
        if let Some(bearers) = self.shared.get_mut(key) {
            bearers.remove(&slot);
            if let Some(&first) = bearers.first()
                && let Some(place) = self.one.find_mut(hash, |each| *each == slot)
            {
                *place = first;
            }
            if bearers.len() < 2 {
                self.shared.remove(key);
            }
            return;
        }
        if let Ok(found) = self.one.find_entry(hash, |each| *each == slot) {
            found.remove();
        }
    }

    /// All that bear `key`, oldest first.
    pub(crate) fn all<'a>(&self, key: &str, key_of: impl Fn(u32) -> Cow<'a, str>) -> Bearers<'_> {
        let one = self.one.find(hash::of(key), |each| key_of(*each) == key).copied();
        let shared = one.and_then(|_| self.shared.get(key));
        shared.into_iter().flatten().copied().chain(one.filter(|_| shared.is_none()))
    }
}

/// Whoever bears a key. It has a name so that it does not seem to borrow the key.
pub(crate) type Bearers<'a> =
    Chain<Copied<Flatten<option::IntoIter<&'a BTreeSet<u32>>>>, option::IntoIter<u32>>;

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::HashIndex;

    proptest! {
        #[test]
        fn a_key_finds_whoever_bears_it_oldest_first(
            steps in prop::collection::vec((0_u32..200, prop::option::of(0_u8..6)), 0..400),
        ) {
            let mut index = HashIndex::default();
            let mut keys: Vec<Option<String>> = vec![None; 200];
            for (slot, key) in steps {
                if let Some(before) = keys[slot as usize].take() {
                    index.remove(&before, slot);
                }
                if let Some(key) = key {
                    // Some keys are everybody's, the others one's own.
                    let key = if key < 3 { format!("shared {key}") } else { format!("own {slot}") };
                    keys[slot as usize] = Some(key.clone());
                    index.insert(&key, slot, |each| Cow::from(keys[each as usize].as_deref().unwrap()));
                }
            }
            let key_of = |each: u32| Cow::from(keys[each as usize].as_deref().unwrap());
            for key in (0..3).map(|key| format!("shared {key}")).chain((0..200).map(|slot| format!("own {slot}"))) {
                let bearers: Vec<u32> =
                    (0..200).filter(|slot| keys[*slot as usize].as_ref() == Some(&key)).collect();
                prop_assert_eq!(index.all(&key, key_of).collect::<Vec<_>>(), bearers);
            }
        }
    }
}
