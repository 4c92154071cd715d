//! What the pairs of a run wait for just now, so that whoever watches can be told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::lock::lock;

/// For what a pair waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitFor {
    /// The endpoint asked for it, with this status.
    Status(u16),
    /// A read may lag behind a write.
    Reads,
}

/// The waits of a run.
#[derive(Debug, Default)]
pub struct Waits {
    under_way: Mutex<UnderWay>,
}

#[derive(Debug, Default)]
struct UnderWay {
    next: usize,
    all: BTreeMap<usize, (WaitFor, Instant)>,
}

/// What is said of the waits of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// For what.
    pub what: WaitFor,
    /// How many pairs wait for it.
    pub pairs: usize,
    /// How long the last of them still waits.
    pub left: Duration,
}

/// A wait under way, which is over when it is dropped.
#[derive(Debug)]
#[must_use]
pub(in crate::wire) struct Wait {
    waits: Arc<Waits>,
    number: usize,
}

impl Waits {
    /// A wait begins.
    pub(in crate::wire) fn begin(self: &Arc<Self>, what: WaitFor, time: Duration) -> Wait {
        let mut under_way = lock(&self.under_way);
        let number = under_way.next;
        under_way.next += 1;
        let now = Instant::now();
        under_way.all.insert(number, (what, now.checked_add(time).unwrap_or(now)));
        Wait { waits: Arc::clone(self), number }
    }

    /// What is waited for now; what the endpoint asked for comes first.
    pub fn now(&self) -> Option<Waiting> {
        let under_way = lock(&self.under_way);
        let what = under_way.all.values().map(|(what, _)| *what).min()?;
        let until = || under_way.all.values().filter(|(other, _)| *other == what).map(|(_, until)| *until);
        let left = until().max()?.saturating_duration_since(Instant::now());
        Some(Waiting { what, pairs: until().count(), left })
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        lock(&self.waits.under_way).all.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_endpoint_asked_for_is_said_first_and_ends_with_the_wait() {
        let waits = Arc::new(Waits::default());
        assert_eq!(waits.now(), None);
        let reads = waits.begin(WaitFor::Reads, Duration::from_mins(15));
        let first = waits.begin(WaitFor::Status(429), Duration::from_mins(1));
        let second = waits.begin(WaitFor::Status(429), Duration::from_mins(10));
        let now = waits.now().unwrap();
        assert_eq!((now.what, now.pairs), (WaitFor::Status(429), 2));
        assert!(now.left <= Duration::from_mins(10) && now.left > Duration::from_mins(1));
        drop((first, second));
        assert_eq!(waits.now().map(|now| (now.what, now.pairs)), Some((WaitFor::Reads, 1)));
        drop(reads);
        assert_eq!(waits.now(), None);
    }
}
