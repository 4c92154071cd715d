//! Sets of numbers that are nearly always small.

use std::collections::BTreeMap;
use std::ops::Range;

use roaring::RoaringBitmap;

/// How many sets lie in one piece of memory.
const BLOCK: usize = 16;
/// How many bytes a packed set may have before it becomes a bitmap, so that a change costs no more however large it grows.
const PACKED: usize = 250;
/// The length that says that a set is a bitmap.
const LARGE: u8 = u8::MAX;
/// How much room a block that grows takes ahead.
const AHEAD: usize = 32;

/// Ordered sets of numbers, one for each member: the differences between them, in as few bytes as they need, or a bitmap
/// where they are many.
#[derive(Debug, Default)]
pub(in crate::reference::store) struct NumberSets {
    /// Sixteen sets each, one behind the other: a byte with the length, then differences, seven bits a byte, the lowest first.
    /// A block of empty sets may have no bytes.
    blocks: Vec<Vec<u8>>,
    large: BTreeMap<u32, RoaringBitmap>,
}

impl NumberSets {
    /// Puts a number into a member's set.
    pub(in crate::reference::store) fn insert(&mut self, member: u32, number: u32) {
        let block = member as usize / BLOCK;
        if self.blocks.len() <= block {
            self.blocks.resize_with(block + 1, Vec::new);
        }
        if let Some(block) = self.blocks.get_mut(block)
            && block.is_empty()
        {
            block.resize(BLOCK, 0);
        }
        if let Some(large) = self.large.get_mut(&member) {
            large.insert(number);
            return;
        }
        let mut numbers: Vec<u32> = unpacked(self.bytes(member)).collect();
        if let Err(place) = numbers.binary_search(&number) {
            numbers.insert(place, number);
            self.put(member, numbers);
        }
    }

    /// Takes a number out of a member's set.
    pub(in crate::reference::store) fn remove(&mut self, member: u32, number: u32) {
        if let Some(large) = self.large.get_mut(&member) {
            large.remove(number);
            return;
        }
        let mut numbers: Vec<u32> = unpacked(self.bytes(member)).collect();
        if let Ok(place) = numbers.binary_search(&number) {
            numbers.remove(place);
            self.put(member, numbers);
        }
    }

    /// Empties a member's set and says what was in it.
    pub(in crate::reference::store) fn take(&mut self, member: u32) -> Vec<u32> {
        let numbers: Vec<u32> = self.iter(member).collect();
        if !numbers.is_empty() {
            self.large.remove(&member);
            self.put(member, Vec::new());
        }
        numbers
    }

    /// The numbers of a member's set, smallest first.
    pub(in crate::reference::store) fn iter(&self, member: u32) -> impl Iterator<Item = u32> {
        unpacked(self.bytes(member)).chain(self.large.get(&member).into_iter().flatten())
    }

    /// For how many members there may be sets.
    pub(in crate::reference::store) fn members(&self) -> u32 {
        u32::try_from(self.blocks.len() * BLOCK).unwrap_or(u32::MAX)
    }

    fn put(&mut self, member: u32, numbers: Vec<u32>) {
        let Some((block, place)) = self.place(member) else { return };
        let Some(block) = self.blocks.get_mut(block) else { return };
        let mut packed = packed(&numbers);
        let length = u8::try_from(packed.len()).ok().filter(|length| usize::from(*length) <= PACKED);
        if length.is_none() {
            packed.clear();
            self.large.insert(member, numbers.into_iter().collect());
        }
        let grows = packed.len().saturating_sub(place.len());
        if block.capacity() - block.len() < grows {
            block.reserve_exact(grows + AHEAD);
        }
        if let Some(before) = place.start.checked_sub(1).and_then(|at| block.get_mut(at)) {
            *before = length.unwrap_or(LARGE);
        }
        block.splice(place, packed);
    }

    /// In which block a member's set lies, and where the bytes behind its length stand there.
    fn place(&self, member: u32) -> Option<(usize, Range<usize>)> {
        let number = member as usize / BLOCK;
        let block = self.blocks.get(number).filter(|block| !block.is_empty())?;
        let length =
            |at: usize| block.get(at).map_or(0, |byte| if *byte == LARGE { 0 } else { usize::from(*byte) });
        let at = (0..member as usize % BLOCK).fold(0, |at, _| at + 1 + length(at));
        Some((number, at + 1..at + 1 + length(at)))
    }

    fn bytes(&self, member: u32) -> &[u8] {
        let place = self.place(member);
        place.and_then(|(block, place)| self.blocks.get(block)?.get(place)).unwrap_or_default()
    }
}

fn packed(numbers: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * numbers.len());
    let mut before = 0;
    for number in numbers {
        let mut rest = number - before;
        before = *number;
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                bytes.push(low);
                break;
            }
            bytes.push(low | 0x80);
        }
    }
    bytes
}

fn unpacked(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let (mut number, mut rest, mut shift) = (0, 0, 0);
    bytes.iter().filter_map(move |byte| {
        rest |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 != 0 {
            shift += 7;
            return None;
        }
        number += rest;
        (rest, shift) = (0, 0);
        Some(number)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::{BLOCK, NumberSets};

    #[derive(Debug, Clone)]
    enum Step {
        Insert(u32, u32),
        Remove(u32, u32),
        Take(u32),
    }

    fn step() -> impl Strategy<Value = Step> {
        let member = || prop_oneof![0_u32..3, 0_u32..40];
        let number = || prop_oneof![0_u32..40, any::<u32>()];
        prop_oneof![
            20 => (member(), number()).prop_map(|(member, number)| Step::Insert(member, number)),
            10 => (member(), number()).prop_map(|(member, number)| Step::Remove(member, number)),
            1 => member().prop_map(Step::Take),
        ]
    }

    proptest! {
        #[test]
        fn each_member_has_a_set_of_its_own_however_many_are_in_it(
            steps in prop::collection::vec(step(), 0..900),
        ) {
            let (mut sets, mut model) = (NumberSets::default(), BTreeMap::<u32, BTreeSet<u32>>::new());
            for step in steps {
                match step {
                    Step::Insert(member, number) => {
                        sets.insert(member, number);
                        model.entry(member).or_default().insert(number);
                    }
                    Step::Remove(member, number) => {
                        sets.remove(member, number);
                        model.entry(member).or_default().remove(&number);
                    }
                    Step::Take(member) => {
                        let expected: Vec<u32> = model.remove(&member).into_iter().flatten().collect();
                        prop_assert_eq!(sets.take(member), expected);
                    }
                }
            }
            for member in 0..48 {
                let expected: Vec<u32> = model.remove(&member).into_iter().flatten().collect();
                prop_assert_eq!(sets.iter(member).collect::<Vec<_>>(), expected);
            }
        }
    }

    #[test]
    fn twenty_of_two_hundred_take_a_byte_each() {
        let mut sets = NumberSets::default();
        let first = u32::try_from(BLOCK).unwrap();
        for number in (0..200).step_by(10) {
            sets.insert(first, number);
        }
        assert_eq!(sets.blocks[1].len(), BLOCK + 20);
        assert!(sets.blocks[0].is_empty());
        for number in 200..600 {
            sets.insert(first, number);
        }
        assert_eq!(sets.blocks[1].len(), BLOCK);
        assert_eq!(sets.iter(first).count(), 420);
    }
}
