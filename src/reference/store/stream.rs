//! Long sequences, written and read entry by entry: there is never a second copy of all of them.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// What an iterator gives, as a sequence.
pub(super) struct Sequence<F>(pub(super) F);

impl<F, I> Serialize for Sequence<F>
where
    F: Fn() -> I,
    I: IntoIterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// A collection that takes the entries of a sequence as they are read.
pub(super) struct Collected<C, T> {
    pub(super) all: C,
    entries: PhantomData<T>,
}

impl<'de, C: Default + Extend<T>, T: Deserialize<'de>> Deserialize<'de> for Collected<C, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Self { all: C::default(), entries: PhantomData })
    }
}

impl<'de, C: Extend<T>, T: Deserialize<'de>> Visitor<'de> for Collected<C, T> {
    type Value = Self;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut entries: A) -> Result<Self, A::Error> {
        while let Some(entry) = entries.next_element()? {
            self.all.extend([entry]);
        }
        Ok(self)
    }
}
