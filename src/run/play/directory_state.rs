//! The directory of a pair, with names as they are written at its endpoint, and everything they were ever called.

use std::collections::{BTreeMap, BTreeSet};

use crate::directory::{Directory, EXTERNAL_ID, Event};
use crate::idp::Links;
use crate::outcome::{Known, KnownPerson, Naming, Scope};
use crate::scenario::model::template::{GroupField, PersonField, Variable};
use crate::scenario::{Admin, Scenario};

/// The directory of a pair.
#[derive(Debug)]
pub struct World {
    /// The truth, with names as they are written at the endpoint.
    pub directory: Directory,
    /// Ids of what literal requests created, by person and group.
    pub literal: Links,
    /// What literal requests kept of their answers, by name.
    pub kept: BTreeMap<String, String>,
    naming: Naming,
    /// Login names and mail addresses of people, as the scenario writes them.
    names: BTreeMap<String, Vec<String>>,
    user_names: Vec<String>,
    group_names: Vec<String>,
    customers: Vec<String>,
    organizations: Vec<String>,
    /// Whom an id that the client ever linked stands for, also after it was unlinked.
    linked: BTreeMap<String, String>,
    compare: Vec<String>,
    /// The names of the generators of people.
    crowds: BTreeSet<String>,
}

impl World {
    /// The world at the start of a scenario.
    pub fn new(scenario: &Scenario, naming: &Naming) -> Self {
        // Pairs share somebody's endpoint, where the ids of people, like their names, are given out once.
        let tenant = naming.token().unwrap_or_default().to_owned();
        let mut directory = scenario.directory.clone();
        for person in &mut directory.people {
            person.user_name = naming.write(&person.user_name);
            person.email = naming.write(&person.email);
            if let Some(id) = person.profile.get_mut(EXTERNAL_ID) {
                *id = naming.write(id);
            }
            person.tenant.clone_from(&tenant);
        }
        for group in &mut directory.groups {
            group.display_name = naming.write(&group.display_name);
            group.tenant.clone_from(&tenant);
        }
        let mut world = Self {
            directory,
            literal: Links::default(),
            kept: BTreeMap::new(),
            naming: naming.clone(),
            names: BTreeMap::new(),
            user_names: Vec::new(),
            group_names: Vec::new(),
            customers: scenario.given.customers.iter().map(|customer| customer.email.clone()).collect(),
            organizations: scenario.given.organizations.iter().map(|given| given.name.clone()).collect(),
            linked: BTreeMap::new(),
            compare: scenario.compare.clone(),
            crowds: scenario.crowds.clone(),
        };
        world.note_names();
        world
    }

    /// Gives everybody the attributes that the target asks of people, unless they are what the scenario is about.
    pub fn equip(&mut self, defaults: &BTreeMap<String, String>) {
        for (name, value) in defaults.iter().filter(|(name, _)| !self.compare.contains(name)) {
            for person in &mut self.directory.people {
                person.profile.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
    }

    /// Makes an event true, and returns it with names as they are written at the endpoint.
    pub fn happen(&mut self, event: &Event) -> Event {
        let mut event = event.clone();
        match &mut event {
            Event::RenameUser { user_name, .. } => *user_name = self.naming.write(user_name),
            Event::RenameGroup { display_name, .. } => *display_name = self.naming.write(display_name),
            Event::Update { set, .. } => {
                for name in ["email", EXTERNAL_ID] {
                    if let Some(value) = set.get_mut(name).filter(|value| !value.is_empty()) {
                        *value = self.naming.write(value);
                    }
                }
            }
            // These bring no new name.
            Event::Connect
            | Event::Assign(_)
            | Event::Suspend(_)
            | Event::Unsuspend(_)
            | Event::Archive(_)
            | Event::Unassign(_)
            | Event::Reassign(_)
            | Event::DeleteUser(_)
            | Event::Push(_)
            | Event::AddMember { .. }
            | Event::RemoveMember { .. }
            | Event::Unlink { .. }
            | Event::PushNow(_)
            | Event::Import
            | Event::ForceSync
            | Event::Cycle
            | Event::Restart
            | Event::InitialCycle
            | Event::AllowDeletions
            | Event::RestoreUser(_)
            | Event::OnDemand(_)
            | Event::OnDemandGroup { .. }
            | Event::Wait(_) => {}
        }
        self.directory.apply(&event);
        self.note_names();
        event
    }

    /// Notes the names that an administrator's act brings.
    pub fn note_admin(&mut self, admin: &Admin) {
        match admin {
            Admin::CreateOrganization { name, .. } | Admin::RenameOrganization { to: name, .. } => {
                self.organizations.push(name.clone());
            }
            Admin::Set(_)
            | Admin::DeleteOrganization(_)
            | Admin::AddCustomer { .. }
            | Admin::RemoveCustomer { .. }
            | Admin::Revoke(_)
            | Admin::RegenerateKey
            | Admin::Disconnect
            | Admin::Reconnect
            | Admin::Advance(_) => {}
        }
    }

    /// Notes whom the client has linked.
    pub fn note_links(&mut self, links: &Links) {
        for (key, id) in links.people() {
            self.linked.insert(id.to_owned(), format!("gone:{key}"));
        }
        for (key, id) in links.groups() {
            self.linked.insert(id.to_owned(), format!("group:{key}"));
        }
    }

    /// Who should be at the endpoint and is not linked, where there is somebody. What a literal request is about is not
    /// there then.
    pub fn unlinked(&self, links: &Links) -> Option<String> {
        let people = self.directory.people.iter().filter(|person| person.should_be_active());
        let person = people.map(|person| &person.key).find(|key| links.person(key).is_none());
        let groups = self.directory.groups.iter().filter(|group| group.pushed);
        let group = groups.map(|group| &group.key).find(|key| links.group(key).is_none());
        person
            .map(|key| format!("`{key}` was never linked"))
            .or_else(|| group.map(|key| format!("the group `{key}` was never linked")))
    }

    fn note_names(&mut self) {
        for person in &self.directory.people {
            let names = self.names.entry(person.key.clone()).or_default();
            for name in [&person.user_name, &person.email] {
                let read = self.naming.read(name);
                if !names.contains(&read) {
                    names.push(read);
                }
            }
            if !self.user_names.contains(&person.user_name) {
                self.user_names.push(person.user_name.clone());
            }
        }
        for group in &self.directory.groups {
            if !self.group_names.contains(&group.display_name) {
                self.group_names.push(group.display_name.clone());
            }
        }
    }

    /// By what customers and organizations are recognised.
    pub fn known(&self, links: &Links) -> Known {
        let people = self.directory.people.iter().map(|person| KnownPerson {
            key: person.key.clone(),
            id: links.person(&person.key).map(str::to_owned),
            names: self.names.get(&person.key).cloned().unwrap_or_default(),
            object_id: person.object_id().simple().to_string(),
        });
        let groups = self.group_names.iter().map(|name| self.naming.read(name));
        Known {
            naming: self.naming.clone(),
            people: people.collect(),
            customers: self.customers.clone(),
            organizations: self.organizations.iter().cloned().chain(groups).collect(),
            linked: self.linked.clone(),
            compare: self.compare.clone(),
            crowds: self.crowds.clone(),
        }
    }

    /// What is read at a checkpoint.
    pub fn scope(&self, groups: bool) -> Scope {
        match self.naming.token() {
            None => Scope::Site,
            Some(token) => {
                let given = self.customers.iter().map(|email| self.naming.write(email));
                let organizations = self.organizations.iter().map(|name| self.naming.write(name));
                let mut group_names = self.group_names.clone();
                if groups {
                    group_names.extend(organizations.filter(|name| !self.group_names.contains(name)));
                } else {
                    group_names.clear();
                }
                Scope::Own {
                    user_names: self.user_names.iter().cloned().chain(given).collect(),
                    group_names,
                    token: token.to_owned(),
                }
            }
        }
    }

    /// The value of a template's hole.
    pub fn value(&self, variable: &Variable, links: &Links) -> Option<String> {
        match variable {
            Variable::Kept(name) => self.kept.get(name).cloned(),
            Variable::Person(key, field) => {
                let person = self.directory.person(key)?;
                let id = || links.person(key).or_else(|| self.literal.person(key)).map(str::to_owned);
                match field {
                    PersonField::Id => id(),
                    PersonField::UserName => Some(person.user_name.clone()),
                    PersonField::Email => Some(person.email.clone()),
                    PersonField::GivenName => Some(person.given_name.clone()),
                    PersonField::FamilyName => Some(person.family_name.clone()),
                    PersonField::DisplayName => Some(person.display_name.clone()),
                }
            }
            Variable::Group(key, field) => {
                let group = self.directory.group(key)?;
                match field {
                    GroupField::Id => links.group(key).or_else(|| self.literal.group(key)).map(str::to_owned),
                    GroupField::DisplayName => Some(group.display_name.clone()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Source;
    use crate::scenario::load::load;

    const SCENARIO: &str = "title: A group is pushed
evidence: {mark: documented, source: the test}
idps: [okta]
people: {ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}}
groups: {acme: {displayName: Acme, members: [ada]}}
steps: [assign: ada, push: acme, checkpoint: pushed]
";

    #[test]
    fn whoever_should_be_there_and_is_not_linked_is_missed() {
        let source = Source { path: "pushed.yaml".into(), text: SCENARIO.into() };
        let scenario = load("groups/pushed", &source).unwrap();
        let mut world = World::new(&scenario, &Naming::plain());
        let mut links = Links::default();
        assert_eq!(world.unlinked(&links), None);
        world.happen(&Event::Assign("ada".to_owned()));
        assert_eq!(world.unlinked(&links).unwrap(), "`ada` was never linked");
        links.link_person("ada", "1");
        assert_eq!(world.unlinked(&links), None);
        world.happen(&Event::Push("acme".to_owned()));
        assert_eq!(world.unlinked(&links).unwrap(), "the group `acme` was never linked");
        world.happen(&Event::Unassign("ada".to_owned()));
        links.clear();
        links.link_group("acme", "2");
        assert_eq!(world.unlinked(&links), None);
    }
}
