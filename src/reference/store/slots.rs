//! Numbered places that are never used twice.

use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};

use super::changes::{Changed, Changes, Delta};
use super::chunks::Chunks;
use super::stream::{Collected, Sequence};

/// How many places share one count of the living.
const BLOCK: usize = 1024;

/// A list in the order of creation: an entry keeps its number for life, and a number is never given out again.
///
/// Counts per block find the entry at a given rank without walking over all that came before it, so a deep page costs
/// what the first one does.
#[derive(Debug, Deserialize)]
#[serde(from = "Written<T>", bound = "T: Deserialize<'de>")]
pub(crate) struct Slots<T> {
    entries: Chunks<Option<T>>,
    living: Vec<usize>,
    len: usize,
    changes: Changes,
}

/// A list as it is written: the entries with their numbers, and the number that the next one gets.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
struct Written<T> {
    next: u32,
    entries: Collected<Slots<T>, (u32, T)>,
}

impl<T> From<Written<T>> for Slots<T> {
    fn from(written: Written<T>) -> Self {
        let mut slots = written.entries.all;
        slots.leave_unused(written.next);
        slots
    }
}

impl<T> Extend<(u32, T)> for Slots<T> {
    /// Entries with their numbers, which grow.
    fn extend<I: IntoIterator<Item = (u32, T)>>(&mut self, entries: I) {
        for (slot, entry) in entries {
            self.leave_unused(slot);
            self.insert(entry);
        }
    }
}

impl<T: Serialize> Serialize for Slots<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut written = serializer.serialize_struct("Slots", 2)?;
        written.serialize_field("next", &self.entries.len())?;
        written.serialize_field("entries", &Sequence(|| self.iter()))?;
        written.end()
    }
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { entries: Chunks::default(), living: Vec::new(), len: 0, changes: Changes::default() }
    }
}

impl<T> Slots<T> {
    /// Puts an entry at the end and says its number.
    pub(crate) fn insert(&mut self, entry: T) -> u32 {
        let place = self.entries.len();
        self.entries.push(Some(entry));
        if place.is_multiple_of(BLOCK) {
            self.living.push(0);
        }
        if let Some(count) = self.living.last_mut() {
            *count += 1;
        }
        self.len += 1;
        let slot = u32::try_from(place).unwrap_or(u32::MAX);
        self.changes.note(slot);
        slot
    }

    /// Makes this the entry of that number, which may be a new one.
    pub(crate) fn put(&mut self, slot: u32, entry: Option<T>) {
        self.leave_unused(slot.saturating_add(1));
        self.remove(slot);
        let is_there = entry.is_some();
        if let Some(place) = self.entries.get_mut(slot as usize) {
            *place = entry;
        }
        if is_there {
            self.len += 1;
            if let Some(count) = self.living.get_mut(slot as usize / BLOCK) {
                *count += 1;
            }
        }
    }

    /// Uses up the numbers below `next`.
    fn leave_unused(&mut self, next: u32) {
        while self.entries.len() < next as usize {
            if self.entries.len().is_multiple_of(BLOCK) {
                self.living.push(0);
            }
            self.entries.push(None);
        }
    }

    /// The entry of that number.
    pub(crate) fn get(&self, slot: u32) -> Option<&T> {
        self.entries.get(slot as usize)?.as_ref()
    }

    /// The entry of that number, to be changed.
    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut T> {
        self.changes.note(slot);
        self.entries.get_mut(slot as usize)?.as_mut()
    }

    /// Takes the entry out; its number stays unused.
    pub(crate) fn remove(&mut self, slot: u32) -> Option<T> {
        let entry = self.entries.get_mut(slot as usize)?.take()?;
        if let Some(count) = self.living.get_mut(slot as usize / BLOCK) {
            *count -= 1;
        }
        self.len -= 1;
        self.changes.note(slot);
        Some(entry)
    }

    /// What has changed since the last call.
    pub(crate) fn take_changes(&mut self) -> Changed {
        self.changes.take()
    }

    /// What has changed as it is now, to be written.
    pub(crate) fn delta(&self, changed: Changed) -> Delta<impl Serialize>
    where
        T: Serialize,
    {
        let anew = changed.0.is_none();
        let numbers = changed.0.unwrap_or_else(|| (0..self.next_number()).collect());
        let numbers: Vec<u32> = numbers.iter().filter(|slot| *slot < self.next_number()).collect();
        let entries = Sequence(move || numbers.clone().into_iter().map(|slot| (slot, self.get(slot))));
        Delta { anew, entries }
    }

    /// The number that the next entry gets.
    pub(crate) fn next_number(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// All entries, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.starting_at(0)
    }

    /// The entries from the one that `rank` others precede.
    pub(crate) fn skipping(&self, rank: usize) -> impl Iterator<Item = (u32, &T)> {
        let mut before = 0;
        let mut block = 0;
        while let Some(count) = self.living.get(block) {
            if before + count > rank {
                break;
            }
            before += count;
            block += 1;
        }
        self.starting_at(block * BLOCK).skip(rank - before.min(rank))
    }

    /// The entries from that number on.
    pub(crate) fn from(&self, slot: u32) -> impl Iterator<Item = (u32, &T)> {
        self.starting_at(slot as usize)
    }

    fn starting_at(&self, place: usize) -> impl Iterator<Item = (u32, &T)> {
        let first = u32::try_from(place).unwrap_or(u32::MAX);
        self.entries.from(place).zip(first..).filter_map(|(entry, slot)| Some((slot, entry.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Slots;

    proptest! {
        #[test]
        fn a_rank_finds_what_a_walk_finds(
            total in 0_usize..3000,
            removed in prop::collection::vec(0_u32..3000, 0..1500),
            rank in 0_usize..3200,
        ) {
            let mut slots = Slots::default();
            for number in 0..total {
                slots.insert(number);
            }
            for slot in removed {
                slots.remove(slot);
            }
            let walked: Vec<_> = slots.iter().skip(rank).take(5).collect();
            let ranked: Vec<_> = slots.skipping(rank).take(5).collect();
            prop_assert_eq!(walked, ranked);
            prop_assert_eq!(slots.len(), slots.iter().count());
            let text = serde_json::to_string(&slots).unwrap();
            let mut again: Slots<usize> = serde_json::from_str(&text).unwrap();
            prop_assert!(again.iter().eq(slots.iter()));
            let walked: Vec<_> = slots.skipping(rank).take(5).collect();
            prop_assert_eq!(walked, again.skipping(rank).take(5).collect::<Vec<_>>());
            prop_assert_eq!(again.insert(0), slots.insert(0));
        }
    }

    #[test]
    fn a_number_is_not_given_out_again() {
        let mut slots = Slots::default();
        let first = slots.insert("a");
        slots.remove(first);
        assert_ne!(slots.insert("b"), first);
        assert!(slots.get(first).is_none());
    }
}
