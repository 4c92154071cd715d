//! Which records have changed since they were last written down.

use roaring::{RoaringBitmap, RoaringTreemap};
use serde::{Deserialize, Serialize};

/// The numbers of what has changed. Nothing is noted before somebody asks for the first time: until then it is everything.
#[derive(Debug, Default)]
pub(super) struct Changes<B = RoaringBitmap>(Option<B>);

/// Changes of pairs, each as one number.
pub(super) type PairChanges = Changes<RoaringTreemap>;

impl Changes {
    pub(super) fn note(&mut self, number: u32) {
        if let Some(changed) = &mut self.0 {
            changed.insert(number);
        }
    }
}

impl PairChanges {
    pub(super) fn note_pair(&mut self, first: u32, second: u32) {
        if let Some(changed) = &mut self.0 {
            changed.insert((u64::from(first) << 32) | u64::from(second));
        }
    }
}

impl<B: Default> Changes<B> {
    /// What has changed since the last call; everything at the first.
    pub(super) fn take(&mut self) -> Changed<B> {
        Changed(self.0.replace(B::default()))
    }
}

/// What has changed of a store, taken out of it.
#[derive(Debug)]
pub(crate) struct Changed<B = RoaringBitmap>(pub(super) Option<B>);

/// What has changed of a relation, taken out of it.
pub(crate) type ChangedPairs = Changed<RoaringTreemap>;

/// Changes as they are written: whether all before them is void, and the new values.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Delta<E> {
    pub(super) anew: bool,
    pub(super) entries: E,
}

/// Changed entries as they are read: the number, and the entry unless it is gone.
pub(crate) type Entries<T> = Delta<Vec<(u32, Option<T>)>>;

/// Changed pairs as they are read: container, member, and how often the pair is there.
pub(crate) type Pairs = Delta<Vec<(u32, u32, u32)>>;
