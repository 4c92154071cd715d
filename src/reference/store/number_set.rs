//! A set of numbers that is nearly always small.

use roaring::RoaringBitmap;

/// How many bytes a packed set may have before it becomes a bitmap, so that a change costs no more however large it grows.
const PACKED: usize = 256;

/// An ordered set of numbers: the differences between them, in as few bytes as they need, or a bitmap where they are many.
#[derive(Debug)]
pub(crate) enum NumberSet {
    /// Differences, seven bits a byte, the lowest first.
    Packed(Box<[u8]>),
    /// Many numbers.
    Bitmap(Box<RoaringBitmap>),
}

impl Default for NumberSet {
    fn default() -> Self {
        Self::Packed(Box::default())
    }
}

impl NumberSet {
    /// Puts a number in; whether it was new.
    pub(crate) fn insert(&mut self, number: u32) -> bool {
        match self {
            Self::Bitmap(bitmap) => bitmap.insert(number),
            Self::Packed(bytes) => {
                let mut numbers: Vec<u32> = unpacked(bytes).collect();
                let Err(place) = numbers.binary_search(&number) else {
                    return false;
                };
                numbers.insert(place, number);
                let packed = packed(&numbers);
                *self = if packed.len() > PACKED {
                    Self::Bitmap(Box::new(numbers.into_iter().collect()))
                } else {
                    Self::Packed(packed.into())
                };
                true
            }
        }
    }

    /// Takes a number out; whether it was there.
    pub(crate) fn remove(&mut self, number: u32) -> bool {
        match self {
            Self::Bitmap(bitmap) => bitmap.remove(number),
            Self::Packed(bytes) => {
                let mut numbers: Vec<u32> = unpacked(bytes).collect();
                let Ok(place) = numbers.binary_search(&number) else {
                    return false;
                };
                numbers.remove(place);
                *bytes = packed(&numbers).into();
                true
            }
        }
    }

    /// The numbers, smallest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        let (bytes, bitmap) = match self {
            Self::Packed(bytes) => (&**bytes, None),
            Self::Bitmap(bitmap) => (&[][..], Some(bitmap)),
        };
        unpacked(bytes).chain(bitmap.into_iter().flat_map(|bitmap| bitmap.iter()))
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
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::NumberSet;

    proptest! {
        #[test]
        fn numbers_are_kept_in_order_however_many(
            steps in prop::collection::vec((any::<bool>(), prop_oneof![0_u32..40, any::<u32>()]), 0..600),
        ) {
            let (mut set, mut model) = (NumberSet::default(), BTreeSet::new());
            for (is_in, number) in steps {
                let (changed, expected) = if is_in {
                    (set.insert(number), model.insert(number))
                } else {
                    (set.remove(number), model.remove(&number))
                };
                prop_assert_eq!(changed, expected);
            }
            prop_assert!(set.iter().eq(model));
        }
    }

    #[test]
    fn twenty_of_two_hundred_take_a_byte_each() {
        let mut set = NumberSet::default();
        for number in (0..200).step_by(10) {
            set.insert(number);
        }
        assert!(matches!(&set, NumberSet::Packed(bytes) if bytes.len() == 20));
        for number in 200..600 {
            set.insert(number);
        }
        assert!(matches!(set, NumberSet::Bitmap(_)));
    }
}
