//! The identity provider's side of the truth: people, groups, and the events that happen to them. All IdP clients share
//! this vocabulary.
//!
//! May use: no other room.

mod event;
mod group;
mod person;
pub mod verb;

pub use event::Event;
pub use group::Group;
pub use person::{EXTERNAL_ID, Person, PersonState};
pub use verb::Verb;

/// The directory: what is true at the identity provider. People and groups keep the order in which they were declared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// The people.
    pub people: Vec<Person>,
    /// The groups.
    pub groups: Vec<Group>,
}

impl Directory {
    /// The person of that key.
    pub fn person(&self, key: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.key == key)
    }

    /// The group of that key.
    pub fn group(&self, key: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.key == key)
    }

    /// The people of a group who are assigned to the app, in order: nobody else is pushed.
    pub fn assigned_members<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = &'a Person> {
        group.members.iter().filter_map(|key| self.person(key)).filter(|person| person.should_be_active())
    }

    /// Makes an event true. Keys that name nobody change nothing; scenario files are checked for them beforehand.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Assign(key) | Event::Reassign(key) | Event::OnDemand(key) => {
                self.edit_person(key, |person| {
                    if person.state == PersonState::Deleted {
                        // Somebody who was deleted comes back as a new directory object.
                        person.incarnation += 1;
                        person.state = PersonState::Active;
                    }
                    person.assigned = true;
                });
            }
            Event::Unassign(key) => self.edit_person(key, |person| person.assigned = false),
            Event::Suspend(key) => self.edit_person(key, |person| person.state = PersonState::Suspended),
            Event::Archive(key) => self.edit_person(key, |person| person.state = PersonState::Archived),
            Event::Unsuspend(key) => self.edit_person(key, |person| person.state = PersonState::Active),
            Event::DeleteUser(key) => {
                self.edit_person(key, |person| {
                    person.state = PersonState::Deleted;
                    person.assigned = false;
                });
                for group in &mut self.groups {
                    group.members.retain(|member| member != key);
                }
            }
            Event::RestoreUser(key) => self.edit_person(key, |person| {
                person.state = PersonState::Active;
                person.assigned = true;
            }),
            Event::Update { person, set } => self.edit_person(person, |person| {
                for (name, value) in set {
                    match name.as_str() {
                        "givenName" => person.given_name.clone_from(value),
                        "familyName" => person.family_name.clone_from(value),
                        "displayName" => person.display_name.clone_from(value),
                        "email" => person.email.clone_from(value),
                        "manager" => person.manager = (!value.is_empty()).then(|| value.clone()),
                        _ => {
                            person.profile.insert(name.clone(), value.clone());
                        }
                    }
                }
            }),
            Event::RenameUser { person, user_name } => self.edit_person(person, |person| {
                if person.email == person.user_name {
                    person.email.clone_from(user_name);
                }
                person.user_name.clone_from(user_name);
            }),
            Event::Push(key) | Event::OnDemandGroup { group: key, .. } => {
                self.edit_group(key, |group| group.pushed = true);
            }
            Event::Unlink { group, .. } => self.edit_group(group, |group| group.pushed = false),
            Event::AddMember { group, person } => self.edit_group(group, |group| {
                if !group.members.contains(person) {
                    group.members.push(person.clone());
                }
            }),
            Event::RemoveMember { group, person } => {
                self.edit_group(group, |group| group.members.retain(|member| member != person));
            }
            Event::RenameGroup { group, display_name } => {
                self.edit_group(group, |group| group.display_name.clone_from(display_name));
            }
            Event::Connect
            | Event::PushNow(_)
            | Event::Import
            | Event::ForceSync
            | Event::Cycle
            | Event::Restart
            | Event::InitialCycle
            | Event::AllowDeletions
            | Event::Wait(_) => {}
        }
    }

    fn edit_person(&mut self, key: &str, edit: impl FnOnce(&mut Person)) {
        if let Some(person) = self.people.iter_mut().find(|person| person.key == key) {
            edit(person);
        }
    }

    fn edit_group(&mut self, key: &str, edit: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.iter_mut().find(|group| group.key == key) {
            edit(group);
        }
    }
}
