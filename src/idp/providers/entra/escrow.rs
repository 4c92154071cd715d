//! Escrow: what failed, and when it is tried again. The interval grows; that it doubles up to a day is inferred.
//!
//! Source: docs/providers/entra.md#retries-and-quarantine.

use std::collections::BTreeMap;

use crate::idp::kit::schedule::{DAY, MINUTE};

use super::plan::Plan;

/// The time between two cycles.
pub(crate) const INTERVAL: i64 = 40 * MINUTE;

/// An object or reference of a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Person(String),
    Group(String),
    Member(String, String),
    UnassignedGroup(String),
}

#[derive(Debug, Clone, Copy)]
struct Failure {
    attempts: u32,
    due: i64,
    /// Whether it only waits for what it refers to: no cycle is begun for it, and it is looked at in each.
    waits: bool,
}

/// What failed, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Escrow {
    /// The job's time.
    pub(crate) now: i64,
    failed: Vec<(Item, Failure)>,
    /// How often what the current cycle tries again had failed before.
    tried: BTreeMap<Item, u32>,
}

impl Escrow {
    /// A person failed.
    pub(crate) fn person(&mut self, key: &str) {
        self.add(Item::Person(key.to_owned()), false);
    }

    /// A group failed.
    pub(crate) fn group(&mut self, key: &str) {
        self.add(Item::Group(key.to_owned()), false);
    }

    /// A membership failed.
    pub(crate) fn member(&mut self, group: &str, person: &str) {
        self.add(Item::Member(group.to_owned(), person.to_owned()), false);
    }

    /// A membership waits for its person or group.
    pub(crate) fn reference(&mut self, group: &str, person: &str) {
        self.add(Item::Member(group.to_owned(), person.to_owned()), true);
    }

    /// The deletion of a group failed.
    pub(crate) fn unassigned_group(&mut self, key: &str) {
        self.add(Item::UnassignedGroup(key.to_owned()), false);
    }

    fn add(&mut self, item: Item, waits: bool) {
        let before = self.tried.get(&item).copied().unwrap_or(0);
        let attempts = if waits { before } else { before + 1 };
        let doubled = INTERVAL.saturating_mul(1 << attempts.saturating_sub(1).min(6));
        let due = if waits { self.now } else { self.now + doubled.min(DAY) };
        match self.failed.iter_mut().find(|(other, _)| *other == item) {
            Some((_, failure)) => failure.waits &= waits,
            None => self.failed.push((item, Failure { attempts, due, waits })),
        }
    }

    /// Takes out what is due, or everything.
    pub(crate) fn take(&mut self, everything: bool) -> Plan {
        let now = self.now;
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.failed)
            .into_iter()
            .partition(|(_, failure)| everything || failure.waits || failure.due <= now);
        self.failed = later;
        self.tried = due.iter().map(|(item, failure)| (item.clone(), failure.attempts)).collect();
        let mut plan = Plan::default();
        for (item, _) in due {
            match item {
                Item::Person(key) => plan.person(&key),
                Item::Group(key) => plan.group(&key),
                Item::Member(group, person) => plan.member(&group, &person),
                Item::UnassignedGroup(key) => plan.unassigned_group(&key),
            }
        }
        plan
    }

    /// When the next of them is due that a cycle is begun for.
    pub(crate) fn next(&self) -> Option<i64> {
        self.failed.iter().filter(|(_, failure)| !failure.waits).map(|(_, failure)| failure.due).min()
    }

    /// How many failures there are, and how many of them are references.
    pub(crate) fn count(&self) -> (usize, usize) {
        let references = self.failed.iter().filter(|(item, _)| matches!(item, Item::Member(..))).count();
        (self.failed.len(), references)
    }

    /// Forgets everything, as a restart does.
    pub(crate) fn clear(&mut self) {
        self.failed.clear();
        self.tried.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_doubles_up_to_a_day_and_success_forgets_it() {
        let mut escrow = Escrow::default();
        let mut waits = Vec::new();
        escrow.person("ada");
        for _ in 0..8 {
            let next = escrow.next().unwrap();
            waits.push((next - escrow.now) / MINUTE);
            escrow.now = next;
            assert_eq!(escrow.take(false).people, ["ada"]);
            escrow.person("ada");
        }
        assert_eq!(waits, [40, 80, 160, 320, 640, 1_280, 1_440, 1_440]);
        escrow.take(true);
        escrow.take(true);
        escrow.person("ada");
        assert_eq!(escrow.next().unwrap() - escrow.now, INTERVAL);
    }

    #[test]
    fn what_is_not_due_stays_and_a_reference_never_wakes_the_job() {
        let mut escrow = Escrow::default();
        escrow.group("acme");
        escrow.reference("acme", "ada");
        let plan = escrow.take(false);
        assert!(plan.groups.is_empty());
        assert_eq!(plan.members, [("acme".to_owned(), "ada".to_owned())]);
        escrow.reference("acme", "ada");
        assert_eq!(escrow.next(), Some(INTERVAL));
        assert_eq!(escrow.count(), (2, 1));
    }
}
