//! A list that grows without being copied.

/// How many entries lie together.
const SIZE: usize = 4096;

/// A list in chunks: a million entries take no more room than they need, and the next one moves none of them.
#[derive(Debug)]
pub(super) struct Chunks<T> {
    /// All but the last are full.
    chunks: Vec<Vec<T>>,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

impl<T> Chunks<T> {
    /// Puts an entry at the end.
    pub(super) fn push(&mut self, entry: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < SIZE => last.push(entry),
            // The first one grows as it must, for most sites are small.
            None => self.chunks.push(vec![entry]),
            Some(_) => {
                let mut next = Vec::with_capacity(SIZE);
                next.push(entry);
                self.chunks.push(next);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * SIZE + last.len())
    }

    pub(super) fn get(&self, place: usize) -> Option<&T> {
        self.chunks.get(place / SIZE)?.get(place % SIZE)
    }

    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.chunks.get_mut(place / SIZE)?.get_mut(place % SIZE)
    }

    /// The entries from that place on.
    pub(super) fn from(&self, place: usize) -> impl Iterator<Item = &T> {
        let mut chunks = self.chunks.iter().skip(place / SIZE);
        let first = chunks.next().and_then(|first| first.get(place % SIZE..)).unwrap_or_default();
        first.iter().chain(chunks.flatten())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Chunks, SIZE};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn it_is_a_list(length in 0..3 * SIZE, place in 0..3 * SIZE) {
            let list: Vec<usize> = (0..length).collect();
            let mut chunks = Chunks::default();
            for entry in &list {
                chunks.push(*entry);
            }
            prop_assert_eq!(chunks.len(), length);
            prop_assert_eq!(chunks.get(place), list.get(place));
            prop_assert!(chunks.from(place).eq(list.iter().skip(place)));
            if let Some(entry) = chunks.get_mut(place) {
                *entry = usize::MAX;
                prop_assert_eq!(chunks.from(0).filter(|entry| **entry == usize::MAX).count(), 1);
            }
        }
    }
}
