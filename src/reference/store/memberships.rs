//! Who belongs to what, readable from both sides.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, Serializer};

/// A relation between containers (groups, organizations) and members (users, customers), by number.
///
/// Adding or removing one pair costs a look-up on either side and never a walk over the members.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Written")]
pub(crate) struct Memberships {
    members: BTreeMap<u32, BTreeSet<u32>>,
    containers: BTreeMap<u32, BTreeSet<u32>>,
    /// Second and further copies of a pair; only the defect that stores a member twice makes any.
    copies: BTreeMap<(u32, u32), u32>,
}

/// A relation as it is written: its pairs by container, and the copies.
#[derive(Serialize, Deserialize)]
struct Written {
    members: Vec<(u32, Vec<u32>)>,
    copies: Vec<(u32, u32, u32)>,
}

impl From<Written> for Memberships {
    fn from(written: Written) -> Self {
        let mut relation = Self::default();
        for (container, members) in written.members {
            for member in members {
                relation.add(container, member);
            }
        }
        for (container, member, count) in written.copies {
            relation.copies.insert((container, member), count);
        }
        relation
    }
}

impl Serialize for Memberships {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written {
            members: self
                .members
                .iter()
                .map(|(container, members)| (*container, members.iter().copied().collect()))
                .collect(),
            copies: self
                .copies
                .iter()
                .map(|((container, member), count)| (*container, *member, *count))
                .collect(),
        }
        .serialize(serializer)
    }
}

impl Memberships {
    /// Adds the pair; whether it was new.
    pub(crate) fn add(&mut self, container: u32, member: u32) -> bool {
        self.containers.entry(member).or_default().insert(container);
        self.members.entry(container).or_default().insert(member)
    }

    /// Stores one more copy of a pair that is there.
    pub(crate) fn double(&mut self, container: u32, member: u32) {
        *self.copies.entry((container, member)).or_default() += 1;
    }

    /// Removes the pair; whether it was there.
    pub(crate) fn remove(&mut self, container: u32, member: u32) -> bool {
        self.copies.remove(&(container, member));
        detach(&mut self.containers, member, container);
        detach(&mut self.members, container, member)
    }

    /// Whether the pair is there.
    pub(crate) fn contains(&self, container: u32, member: u32) -> bool {
        // The member's side is the small one: few belong to many organizations.
        self.containers.get(&member).is_some_and(|containers| containers.contains(&container))
    }

    /// The members of a container, oldest first.
    pub(crate) fn members_of(&self, container: u32) -> impl Iterator<Item = u32> {
        self.members.get(&container).into_iter().flatten().copied()
    }

    /// How many members a container has.
    pub(crate) fn count(&self, container: u32) -> usize {
        self.members.get(&container).map_or(0, BTreeSet::len)
    }

    /// The containers of a member, oldest first.
    pub(crate) fn containers_of(&self, member: u32) -> impl Iterator<Item = u32> {
        self.containers.get(&member).into_iter().flatten().copied()
    }

    /// How often a pair is stored beyond the first time.
    pub(crate) fn extra_copies(&self, container: u32, member: u32) -> u32 {
        if self.copies.is_empty() {
            return 0;
        }
        self.copies.get(&(container, member)).copied().unwrap_or(0)
    }

    /// Empties a container and says who was in it.
    pub(crate) fn clear(&mut self, container: u32) -> BTreeSet<u32> {
        let members = self.members.remove(&container).unwrap_or_default();
        for &member in &members {
            self.copies.remove(&(container, member));
            detach(&mut self.containers, member, container);
        }
        members
    }

    /// Takes a member out of everything and says what it was in.
    pub(crate) fn withdraw(&mut self, member: u32) -> BTreeSet<u32> {
        let containers = self.containers.remove(&member).unwrap_or_default();
        for &container in &containers {
            self.copies.remove(&(container, member));
            detach(&mut self.members, container, member);
        }
        containers
    }
}

fn detach(side: &mut BTreeMap<u32, BTreeSet<u32>>, from: u32, what: u32) -> bool {
    let Some(set) = side.get_mut(&from) else {
        return false;
    };
    let was_there = set.remove(&what);
    if set.is_empty() {
        side.remove(&from);
    }
    was_there
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
