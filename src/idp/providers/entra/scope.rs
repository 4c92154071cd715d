//! Who is in scope: assigned directly, or through a group that is assigned.

use std::collections::{BTreeMap, BTreeSet};

use crate::directory::{Directory, Event, Group, Person, PersonState};
use crate::idp::Links;
use crate::idp::kit::schedule::DAY;

use super::escrow::INTERVAL;
use super::plan::Plan;

/// How long somebody who was deleted stays in the bin.
const BIN: i64 = 30 * DAY;

/// What Entra remembers about assignments.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// The job's time.
    pub(crate) now: i64,
    /// Whether people who leave the scope are left alone.
    leaves_leavers: bool,
    /// People who are assigned only as members of a group.
    through_group: BTreeSet<String>,
    /// People who lost their assignment. Deleting one of them later sends nothing, ever.
    unassigned: BTreeSet<String>,
    /// People who were deleted while in scope: disabled now, deleted at the endpoint when their 30 days are over.
    soft_deleted: BTreeMap<String, i64>,
}

impl Scope {
    /// A scope that holds nobody; `leaves_leavers` is `SkipOutOfScopeDeletions`.
    pub(crate) fn new(leaves_leavers: bool) -> Self {
        Self { leaves_leavers, ..Self::default() }
    }

    /// Whether a person is assigned, in one way or the other.
    pub(crate) fn holds(&self, person: &Person) -> bool {
        person.assigned || self.through_group.contains(&person.key)
    }

    /// Whether a person should be able to use the app.
    pub(crate) fn is_active(&self, person: &Person) -> bool {
        self.holds(person) && person.state == PersonState::Active
    }

    /// Who was deleted and comes back by this event: as a new directory object, so that the link is void.
    pub(crate) fn reborn(&self, event: &Event) -> Option<String> {
        let (Event::Assign(key) | Event::Reassign(key) | Event::OnDemand(key)) = event else { return None };
        self.soft_deleted.get_key_value(key).map(|(key, _)| key.clone())
    }

    /// A later day has come: for everybody in the bin the 30 days are over.
    pub(crate) fn later_day(&mut self) {
        for due in self.soft_deleted.values_mut() {
            *due = self.now;
        }
    }

    /// The people whose 30 days are over.
    pub(crate) fn take_due(&mut self) -> BTreeSet<String> {
        let now = self.now;
        let due: BTreeSet<String> =
            self.soft_deleted.iter().filter(|(_, due)| **due <= now).map(|(key, _)| key.clone()).collect();
        self.soft_deleted.retain(|key, _| !due.contains(key));
        due
    }

    /// When the next 30 days are over.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.soft_deleted.values().copied().min()
    }

    /// Waits with a deletion that failed for a later cycle.
    pub(crate) fn delete_later(&mut self, key: String) {
        self.soft_deleted.insert(key, self.now + INTERVAL);
    }

    /// Forgets what a restart forgets; who is assigned through a group is a fact of the directory.
    pub(crate) fn forget(&mut self) {
        self.unassigned.clear();
        self.soft_deleted.clear();
    }

    /// Notes an event, and in the plan what it makes worth looking at. The directory is as it is after the event.
    pub(crate) fn note(&mut self, event: &Event, directory: &Directory, links: &Links, plan: &mut Plan) {
        match event {
            Event::Assign(key) | Event::Reassign(key) | Event::RestoreUser(key) => {
                self.assign(key);
                plan.person(key);
            }
            Event::OnDemand(key) => self.assign(key),
            Event::Update { person: key, .. }
            | Event::RenameUser { person: key, .. }
            | Event::Suspend(key)
            | Event::Unsuspend(key) => {
                if directory.person(key).is_some_and(|person| self.holds(person)) {
                    plan.person(key);
                }
            }
            Event::Unassign(key) => {
                self.through_group.remove(key);
                self.unassigned.insert(key.clone());
                if !self.leaves_leavers {
                    plan.person(key);
                }
            }
            Event::DeleteUser(key) => {
                self.through_group.remove(key);
                if !self.unassigned.contains(key) {
                    self.soft_deleted.insert(key.clone(), self.now + BIN);
                    plan.person(key);
                }
            }
            Event::Push(key) => {
                let Some(group) = directory.group(key) else { return };
                for member in &group.members {
                    self.join(group, member, directory, links, plan);
                }
                plan.group(key);
            }
            Event::OnDemandGroup { group: key, members } => {
                let Some(group) = directory.group(key) else { return };
                let (mut at_once, later) = (Plan::default(), plan);
                for member in &group.members {
                    let plan = if members.contains(member) { &mut at_once } else { &mut *later };
                    self.join(group, member, directory, links, plan);
                }
            }
            Event::AddMember { group: key, person } => {
                let pushed = directory.group(key).filter(|group| group.pushed);
                let Some(group) = pushed.filter(|group| group.members.contains(person)) else {
                    return;
                };
                self.join(group, person, directory, links, plan);
                plan.group(key);
            }
            Event::RemoveMember { group: key, person } => {
                if directory.group(key).is_some_and(|group| group.pushed) {
                    self.leave(person, directory, plan);
                    plan.group(key);
                    plan.member(key, person);
                }
            }
            Event::RenameGroup { group, .. } => {
                if directory.group(group).is_some_and(|group| group.pushed) {
                    plan.group(group);
                }
            }
            Event::Unlink { group: key, .. } => {
                let members = directory.group(key).map(|group| group.members.as_slice());
                for member in members.unwrap_or_default() {
                    self.leave(member, directory, plan);
                }
                if !self.leaves_leavers {
                    plan.unassigned_group(key);
                }
            }
            Event::Restart | Event::InitialCycle => self.everything(directory, links, plan),
            Event::Connect
            | Event::PushNow(_)
            | Event::Import
            | Event::ForceSync
            | Event::Cycle
            | Event::AllowDeletions
            | Event::Archive(_)
            | Event::Wait(_) => {}
        }
    }

    fn assign(&mut self, key: &str) {
        self.through_group.remove(key);
        self.unassigned.remove(key);
        self.soft_deleted.remove(key);
    }

    /// A member of an assigned group is in scope, and is looked at where that is news.
    fn join(&mut self, group: &Group, member: &str, directory: &Directory, links: &Links, plan: &mut Plan) {
        let Some(person) = directory.person(member) else {
            return;
        };
        let mut news = links.person(member).is_none();
        if !person.assigned && person.state != PersonState::Deleted {
            news |= self.through_group.insert(member.to_owned());
            self.unassigned.remove(member);
        }
        if news {
            plan.person(member);
        }
        plan.member(&group.key, member);
    }

    /// Who was assigned only through groups and is in none any more is out of scope.
    fn leave(&mut self, member: &str, directory: &Directory, plan: &mut Plan) {
        let stays = directory
            .groups
            .iter()
            .any(|group| group.pushed && group.members.iter().any(|key| key == member));
        if !stays && self.through_group.remove(member) {
            self.unassigned.insert(member.to_owned());
            if !self.leaves_leavers {
                plan.person(member);
            }
        }
    }

    /// An initial cycle: everybody and every group in scope.
    fn everything(&mut self, directory: &Directory, links: &Links, plan: &mut Plan) {
        for person in &directory.people {
            if self.holds(person) {
                plan.person(&person.key);
            }
        }
        for group in directory.groups.iter().filter(|group| group.pushed) {
            for member in &group.members {
                self.join(group, member, directory, links, plan);
            }
            plan.group(&group.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idp::kit::people::ada;

    fn directory() -> Directory {
        let mut person = ada();
        person.assigned = false;
        Directory {
            people: vec![person],
            groups: ["acme", "other"]
                .map(|key| Group {
                    key: key.to_owned(),
                    display_name: key.to_owned(),
                    members: vec!["ada".to_owned()],
                    pushed: false,
                    tenant: String::new(),
                })
                .to_vec(),
        }
    }

    fn note(scope: &mut Scope, directory: &mut Directory, event: &Event) -> Plan {
        let mut plan = Plan::default();
        directory.apply(event);
        scope.note(event, directory, &Links::default(), &mut plan);
        plan
    }

    fn unlink(group: &str) -> Event {
        Event::Unlink { group: group.to_owned(), delete: true }
    }

    #[test]
    fn a_member_is_in_scope_while_any_assigned_group_has_them() {
        let (mut scope, mut directory) = (Scope::default(), directory());
        note(&mut scope, &mut directory, &Event::Push("acme".to_owned()));
        note(&mut scope, &mut directory, &Event::Push("other".to_owned()));
        assert!(scope.is_active(&directory.people[0]));
        let plan = note(&mut scope, &mut directory, &unlink("acme"));
        assert!(plan.people.is_empty(), "the other group still holds her");
        let plan = note(&mut scope, &mut directory, &unlink("other"));
        assert_eq!(plan.people, ["ada"]);
        assert!(!scope.holds(&directory.people[0]));
    }

    #[test]
    fn who_is_assigned_directly_stays_when_the_group_goes() {
        let (mut scope, mut directory) = (Scope::default(), directory());
        note(&mut scope, &mut directory, &Event::Assign("ada".to_owned()));
        note(&mut scope, &mut directory, &Event::Push("acme".to_owned()));
        let plan = note(&mut scope, &mut directory, &unlink("acme"));
        assert!(plan.people.is_empty());
        assert!(scope.is_active(&directory.people[0]));
    }

    #[test]
    fn only_who_was_in_scope_is_deleted_later() {
        let (mut scope, mut directory) = (Scope::default(), directory());
        note(&mut scope, &mut directory, &Event::Assign("ada".to_owned()));
        note(&mut scope, &mut directory, &Event::Unassign("ada".to_owned()));
        note(&mut scope, &mut directory, &Event::DeleteUser("ada".to_owned()));
        scope.later_day();
        assert!(scope.take_due().is_empty());
        note(&mut scope, &mut directory, &Event::Assign("ada".to_owned()));
        note(&mut scope, &mut directory, &Event::DeleteUser("ada".to_owned()));
        assert!(scope.take_due().is_empty(), "the 30 days are not over");
        scope.later_day();
        assert_eq!(scope.take_due().into_iter().collect::<Vec<_>>(), ["ada"]);
    }
}
