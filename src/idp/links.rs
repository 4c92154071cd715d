//! An IdP client's memory: the endpoint's ids for people and groups.

use std::collections::BTreeMap;

/// The link table of a client: the endpoint's ids by the keys of people and groups.
#[derive(Debug, Clone, Default)]
pub struct Links {
    people: BTreeMap<String, String>,
    groups: BTreeMap<String, String>,
}

impl Links {
    /// The endpoint's id of a person.
    pub fn person(&self, key: &str) -> Option<&str> {
        self.people.get(key).map(String::as_str)
    }

    /// The endpoint's id of a group.
    pub fn group(&self, key: &str) -> Option<&str> {
        self.groups.get(key).map(String::as_str)
    }

    /// Remembers a person's id.
    pub fn link_person(&mut self, key: &str, id: impl Into<String>) {
        self.people.insert(key.to_owned(), id.into());
    }

    /// Remembers a group's id.
    pub fn link_group(&mut self, key: &str, id: impl Into<String>) {
        self.groups.insert(key.to_owned(), id.into());
    }

    /// Forgets a person.
    pub fn unlink_person(&mut self, key: &str) {
        self.people.remove(key);
    }

    /// Forgets a group.
    pub fn unlink_group(&mut self, key: &str) {
        self.groups.remove(key);
    }

    /// Forgets everybody.
    pub fn clear(&mut self) {
        self.people.clear();
        self.groups.clear();
    }

    /// These links, and those of `under` where there is none.
    #[must_use]
    pub fn over(&self, under: &Self) -> Self {
        let merged = |own: &BTreeMap<String, String>, under: &BTreeMap<String, String>| {
            under.iter().chain(own).map(|(key, id)| (key.clone(), id.clone())).collect()
        };
        Self { people: merged(&self.people, &under.people), groups: merged(&self.groups, &under.groups) }
    }

    /// Everybody who is linked, by key.
    pub fn people(&self) -> impl Iterator<Item = (&str, &str)> {
        self.people.iter().map(|(key, id)| (key.as_str(), id.as_str()))
    }

    /// Every linked group, by key.
    pub fn groups(&self) -> impl Iterator<Item = (&str, &str)> {
        self.groups.iter().map(|(key, id)| (key.as_str(), id.as_str()))
    }
}
