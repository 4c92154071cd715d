//! What failed is kept and tried again in a later cycle, even when nothing about it changes.
//!
//! Source: sheet `entra` §6.2.

/// Objects and references that failed, oldest first, by their keys.
#[derive(Debug, Default)]
pub(crate) struct Escrow {
    people: Vec<String>,
    groups: Vec<String>,
    /// (group, person); whether the person is to join or to leave is what the directory says at the time.
    members: Vec<(String, String)>,
}

impl Escrow {
    /// Keeps a person.
    pub(crate) fn person(&mut self, key: &str) {
        keep(&mut self.people, key.to_owned());
    }

    /// Keeps a group.
    pub(crate) fn group(&mut self, key: &str) {
        keep(&mut self.groups, key.to_owned());
    }

    /// Keeps a membership.
    pub(crate) fn member(&mut self, group: &str, person: &str) {
        keep(&mut self.members, (group.to_owned(), person.to_owned()));
    }

    /// Takes everything out for another try.
    pub(crate) fn take(&mut self) -> (Vec<String>, Vec<String>, Vec<(String, String)>) {
        let all = std::mem::take(self);
        (all.people, all.groups, all.members)
    }
}

/// Adds what is not there yet.
pub(crate) fn keep<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
