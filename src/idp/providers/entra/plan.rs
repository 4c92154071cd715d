//! What a cycle has to look at. What fails in it is kept for a later one, even when nothing about it changes.
//!
//! Source: docs/providers/entra.md#the-provisioning-job, docs/providers/entra.md#retries-and-quarantine.

/// Objects and references by their keys, each once, oldest first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// People.
    pub(crate) people: Vec<String>,
    /// Groups.
    pub(crate) groups: Vec<String>,
    /// Memberships, as (group, person). Whether the person joins or leaves is what the directory says at the time.
    pub(crate) members: Vec<(String, String)>,
    /// Groups that are no longer assigned.
    pub(crate) unassigned_groups: Vec<String>,
}

impl Plan {
    /// Adds a person.
    pub(crate) fn person(&mut self, key: &str) {
        keep(&mut self.people, key.to_owned());
    }

    /// Adds a group.
    pub(crate) fn group(&mut self, key: &str) {
        keep(&mut self.groups, key.to_owned());
    }

    /// Adds a membership.
    pub(crate) fn member(&mut self, group: &str, person: &str) {
        keep(&mut self.members, (group.to_owned(), person.to_owned()));
    }

    /// Adds a group that is no longer assigned.
    pub(crate) fn unassigned_group(&mut self, key: &str) {
        keep(&mut self.unassigned_groups, key.to_owned());
    }

    /// Adds all of another plan.
    pub(crate) fn append(&mut self, other: Self) {
        for key in other.people {
            keep(&mut self.people, key);
        }
        for key in other.groups {
            keep(&mut self.groups, key);
        }
        for member in other.members {
            keep(&mut self.members, member);
        }
        for key in other.unassigned_groups {
            keep(&mut self.unassigned_groups, key);
        }
    }
}

fn keep<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
