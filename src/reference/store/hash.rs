//! Hashes of keys: the same in every run, for what they decide is never seen.

use uuid::Uuid;

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;
const OTHER: u64 = 0xD6E8_FEB8_6659_FD93;

/// The hash of a text, eight bytes at a time.
pub(super) fn of_text(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    for (place, byte) in last.iter_mut().zip(rest) {
        *place = *byte;
    }
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let start = mix(length ^ SEED, OTHER);
    let all = words.iter().fold(start, |hash, word| mix(hash ^ u64::from_le_bytes(*word), SEED));
    mix(all ^ u64::from_le_bytes(last), OTHER)
}

/// The hash of an id.
pub(super) fn of_id(id: Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    mix(high ^ SEED, low ^ OTHER)
}

/// Every bit of a product's two halves depends on many bits of both factors.
fn mix(left: u64, right: u64) -> u64 {
    let (low, high) = Uuid::from_u128(u128::from(left) * u128::from(right)).as_u64_pair();
    low ^ high
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use uuid::Uuid;

    use super::{of_id, of_text};

    /// A table takes its place from the low bits and its tag from the high ones.
    #[test]
    fn keys_that_differ_little_are_spread_well() {
        let names = || (0..10_000_u128).map(|number| format!("ada.lovelace.{number:07}@example.com"));
        let ids = || (0..10_000_u128).map(Uuid::from_u128);
        let all: [Vec<u64>; 2] = [names().map(|name| of_text(&name)).collect(), ids().map(of_id).collect()];
        for hashes in all {
            let places: BTreeSet<u64> = hashes.iter().map(|hash| hash & 0xFFFF).collect();
            let tags: BTreeSet<u64> = hashes.iter().map(|hash| hash >> 57).collect();
            // Of 10,000 thrown into 65,536 places some 9,270 are alone or first.
            assert!(places.len() > 9_000 && tags.len() == 128, "{} {}", places.len(), tags.len());
        }
        assert_ne!(of_text("a"), of_text("a\0"));
        assert_ne!(of_text(""), of_text("\0\0\0\0\0\0\0\0"));
    }
}
