//! Who belongs to what, readable from both sides.

use std::collections::BTreeMap;
use std::fmt;

use roaring::RoaringBitmap;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};

use super::changes::{ChangedPairs, Delta, PairChanges, Pairs};
use super::index::number_sets::NumberSets;
use super::stream::{Collected, Sequence};

/// A relation between containers (groups, organizations) and members (users, customers), by number.
///
/// Adding or removing one pair costs a look-up on either side and never a walk over the members.
#[derive(Default, Deserialize)]
#[serde(from = "Written")]
pub(crate) struct Memberships {
    /// By container; a container without members has no entry.
    members: BTreeMap<u32, RoaringBitmap>,
    /// By member.
    containers: NumberSets,
    /// Second and further copies of a pair; only the defect that stores a member twice makes any.
    copies: BTreeMap<(u32, u32), u32>,
    changes: PairChanges,
}

impl fmt::Debug for Memberships {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members =
            self.members.iter().map(|(container, members)| (container, members.iter().collect::<Vec<_>>()));
        let containers = (0..self.containers.members())
            .map(|member| (member, self.containers_of(member).collect::<Vec<_>>()));
        let containers = containers.filter(|(_, containers)| !containers.is_empty());
        out.debug_map().entries(members).finish()?;
        out.debug_map().entries(containers).finish()?;
        self.copies.fmt(out)
    }
}

/// A relation as it is written: its pairs by container, and the copies.
#[derive(Deserialize)]
struct Written {
    members: Collected<Memberships, (u32, Vec<u32>)>,
    copies: Vec<(u32, u32, u32)>,
}

impl From<Written> for Memberships {
    fn from(written: Written) -> Self {
        let mut relation = written.members.all;
        for (container, member, count) in written.copies {
            relation.copies.insert((container, member), count);
        }
        relation
    }
}

impl Extend<(u32, Vec<u32>)> for Memberships {
    fn extend<I: IntoIterator<Item = (u32, Vec<u32>)>>(&mut self, written: I) {
        for (container, members) in written {
            for member in members {
                self.add(container, member);
            }
            self.settle(container);
        }
    }
}

impl Serialize for Memberships {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members =
            || self.members.iter().map(|(container, members)| (container, Sequence(move || members)));
        let copies = || self.copies.iter().map(|((container, member), count)| (*container, *member, *count));
        let mut written = serializer.serialize_struct("Memberships", 2)?;
        written.serialize_field("members", &Sequence(members))?;
        written.serialize_field("copies", &Sequence(copies))?;
        written.end()
    }
}

impl Memberships {
    /// Adds the pair; whether it was new.
    pub(crate) fn add(&mut self, container: u32, member: u32) -> bool {
        if !self.members.entry(container).or_default().insert(member) {
            return false;
        }
        self.containers.insert(member, container);
        self.changes.note_pair(container, member);
        true
    }

    /// Gives back the room that a container's bitmap took up while many members came, which a copy does not have.
    pub(crate) fn settle(&mut self, container: u32) {
        if let Some(members) = self.members.get_mut(&container) {
            *members = members.clone();
        }
    }

    /// Stores one more copy of a pair that is there.
    pub(crate) fn double(&mut self, container: u32, member: u32) {
        self.changes.note_pair(container, member);
        *self.copies.entry((container, member)).or_default() += 1;
    }

    /// Removes the pair; whether it was there.
    pub(crate) fn remove(&mut self, container: u32, member: u32) -> bool {
        self.copies.remove(&(container, member));
        self.containers.remove(member, container);
        self.detach(container, member)
    }

    /// Whether the pair is there.
    pub(crate) fn contains(&self, container: u32, member: u32) -> bool {
        self.members.get(&container).is_some_and(|members| members.contains(member))
    }

    /// The members of a container, oldest first.
    pub(crate) fn members_of(&self, container: u32) -> impl Iterator<Item = u32> {
        self.members.get(&container).into_iter().flatten()
    }

    /// At most `count` members behind the first `start`, found by the bitmap's own counts and not by walking there.
    pub(crate) fn page(&self, container: u32, start: usize, count: usize) -> Vec<u32> {
        let members = self.members.get(&container);
        let page = members.zip(u32::try_from(start).ok()).and_then(|(members, start)| {
            let first = members.select(start)?;
            Some(members.range(first..).take(count).collect())
        });
        page.unwrap_or_default()
    }

    /// Whether any pair is stored more than once.
    pub(crate) fn has_copies(&self) -> bool {
        !self.copies.is_empty()
    }

    /// How many members a container has.
    pub(crate) fn count(&self, container: u32) -> usize {
        let count = self.members.get(&container).map_or(0, RoaringBitmap::len);
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    /// The containers of a member, oldest first.
    pub(crate) fn containers_of(&self, member: u32) -> impl Iterator<Item = u32> {
        self.containers.iter(member)
    }

    /// How often a pair is stored beyond the first time.
    pub(crate) fn extra_copies(&self, container: u32, member: u32) -> u32 {
        if self.copies.is_empty() {
            return 0;
        }
        self.copies.get(&(container, member)).copied().unwrap_or(0)
    }

    /// Empties a container and says who was in it.
    pub(crate) fn clear(&mut self, container: u32) -> RoaringBitmap {
        let members = self.members.remove(&container).unwrap_or_default();
        for member in &members {
            self.changes.note_pair(container, member);
            self.copies.remove(&(container, member));
            self.containers.remove(member, container);
        }
        members
    }

    /// Takes a member out of everything and says what it was in.
    pub(crate) fn withdraw(&mut self, member: u32) -> Vec<u32> {
        let containers = self.containers.take(member);
        for &container in &containers {
            self.copies.remove(&(container, member));
            self.detach(container, member);
        }
        containers
    }

    /// What has changed since the last call.
    pub(crate) fn take_changes(&mut self) -> ChangedPairs {
        self.changes.take()
    }

    /// What has changed as it is now, to be written.
    pub(crate) fn delta(&self, changed: ChangedPairs) -> Delta<impl Serialize> {
        let anew = changed.0.is_none();
        let numbers: Vec<(u32, u32)> = match changed.0 {
            Some(changed) => changed.iter().map(halves).collect(),
            None => self.members.iter().flat_map(|(own, all)| all.iter().map(|each| (*own, each))).collect(),
        };
        let entries = Sequence(move || {
            numbers.clone().into_iter().map(|(container, member)| {
                let count = u32::from(self.contains(container, member));
                (container, member, count + self.extra_copies(container, member))
            })
        });
        Delta { anew, entries }
    }

    /// Makes up for what has changed.
    pub(crate) fn apply(&mut self, delta: Pairs) {
        if delta.anew {
            *self = Self::default();
        }
        for (container, member, count) in delta.entries {
            match count {
                0 => {
                    self.remove(container, member);
                }
                count => {
                    self.add(container, member);
                    if count > 1 {
                        self.copies.insert((container, member), count - 1);
                    } else {
                        self.copies.remove(&(container, member));
                    }
                }
            }
        }
    }

    fn detach(&mut self, container: u32, member: u32) -> bool {
        let Some(members) = self.members.get_mut(&container) else {
            return false;
        };
        let was_there = members.remove(member);
        self.changes.note_pair(container, member);
        if members.is_empty() {
            self.members.remove(&container);
        }
        was_there
    }
}

/// The pair that was noted as one number.
fn halves(pair: u64) -> (u32, u32) {
    let half = |number: u64| u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
    (half(pair >> 32), half(pair))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::Memberships;

    #[derive(Debug, Clone)]
    enum Step {
        Add(u32, u32),
        Remove(u32, u32),
        Clear(u32),
        Withdraw(u32),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (0_u32..5, 0_u32..5).prop_map(|(c, m)| Step::Add(c, m)),
            2 => (0_u32..5, 0_u32..5).prop_map(|(c, m)| Step::Remove(c, m)),
            1 => (0_u32..5).prop_map(Step::Clear),
            1 => (0_u32..5).prop_map(Step::Withdraw),
        ]
    }

    proptest! {
        #[test]
        fn both_sides_tell_the_same(steps in prop::collection::vec(step(), 0..60)) {
            let mut relation = Memberships::default();
            let mut model: BTreeSet<(u32, u32)> = BTreeSet::new();
            for step in steps {
                match step {
                    Step::Add(c, m) => prop_assert_eq!(relation.add(c, m), model.insert((c, m))),
                    Step::Remove(c, m) => prop_assert_eq!(relation.remove(c, m), model.remove(&(c, m))),
                    Step::Clear(c) => {
                        relation.clear(c);
                        model.retain(|pair| pair.0 != c);
                    }
                    Step::Withdraw(m) => {
                        relation.withdraw(m);
                        model.retain(|pair| pair.1 != m);
                    }
                }
            }
            let text = serde_json::to_string(&relation).unwrap();
            let relation: Memberships = serde_json::from_str(&text).unwrap();
            for c in 0..5 {
                let members: BTreeSet<u32> = relation.members_of(c).collect();
                let expected: BTreeSet<u32> = model.iter().filter(|pair| pair.0 == c).map(|pair| pair.1).collect();
                prop_assert_eq!(relation.count(c), expected.len());
                for (start, count) in [(0, 2), (1, 2), (2, 9), (5, 1)] {
                    let page: Vec<u32> = expected.iter().copied().skip(start).take(count).collect();
                    prop_assert_eq!(relation.page(c, start, count), page);
                }
                prop_assert_eq!(members, expected);
            }
            for m in 0..5 {
                let containers: BTreeSet<u32> = relation.containers_of(m).collect();
                let expected: BTreeSet<u32> = model.iter().filter(|pair| pair.1 == m).map(|pair| pair.0).collect();
                prop_assert_eq!(containers, expected);
            }
        }
    }
}
