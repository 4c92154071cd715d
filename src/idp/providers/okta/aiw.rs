//! Okta, an app made with the App Integration Wizard: every write is GET, then PUT of the whole.
//!
//! Source: docs/providers/okta.md.

use crate::directory::{Event, Group};

use super::{
    Activation, Lookup, Member, Okta, Step, deactivated, group_name, group_target, put, put_body, steps,
    user_target,
};
use crate::idp::idp_client::IdpClient;
use crate::idp::notices::Notices;
use crate::idp::{Broken, Links, Session, Settings};

/// The app.
#[derive(Debug)]
pub struct OktaAiw {
    okta: Okta,
}

impl OktaAiw {
    /// An app that knows nobody yet.
    pub fn new(settings: Settings) -> Self {
        Self { okta: Okta::new(Settings { update: None, ..settings }) }
    }
}

impl IdpClient for OktaAiw {
    fn links(&self) -> &Links {
        &self.okta.links
    }

    fn links_mut(&mut self) -> &mut Links {
        &mut self.okta.links
    }

    fn notices(&mut self) -> &mut Notices {
        &mut self.okta.notices
    }

    /// Works through events, one after the other; changes of one group's members in a row are one request.
    async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        for step in steps(events, session.directory) {
            match step {
                Step::One(event) => self.event(event, session).await?,
                Step::Members { group, added, removed } => {
                    self.change_members(group, &added, &removed, session).await?;
                }
            }
        }
        Ok(())
    }
}

impl OktaAiw {
    async fn event(&mut self, event: &Event, session: &Session<'_>) -> Result<(), Broken> {
        match event {
            Event::Connect => self.okta.connect(session).await,
            Event::Assign(key) | Event::Reassign(key) => self.assign(key, session).await,
            Event::Update { person, .. } | Event::RenameUser { person, .. } => {
                self.okta.push_profile(person, session).await
            }
            Event::Unassign(key) => self.unassign(key, session).await,
            Event::Push(key) => self.push(key, session).await,
            Event::PushNow(key) => self.push_now(key, session).await,
            Event::RenameGroup { group, .. } => self.rename_group(group, session).await,
            Event::Unlink { group, delete } => self.okta.unlink_group(group, *delete, session).await,
            Event::Import => self.okta.import(session).await,
            Event::ForceSync => self.okta.force_sync(session).await,
            Event::Wait(_) => {
                for key in self.okta.delayed.clone() {
                    self.assign(&key, session).await?;
                }
                Ok(())
            }
            // Okta sends nothing when somebody is suspended or deleted; membership is a step of its own; the rest is
            // other providers'.
            Event::Suspend(_)
            | Event::Unsuspend(_)
            | Event::DeleteUser(_)
            | Event::AddMember { .. }
            | Event::RemoveMember { .. }
            | Event::Cycle
            | Event::Restart
            | Event::InitialCycle
            | Event::AllowDeletions
            | Event::RestoreUser(_)
            | Event::OnDemand(_)
            | Event::OnDemandGroup { .. }
            | Event::Archive(_) => Ok(()),
        }
    }

    /// Looks the person up: creates whom it does not find, links whom it finds and pushes the profile, active.
    async fn assign(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(person) = session.directory.person(key).filter(|person| person.should_be_active()) else {
            return Ok(());
        };
        match self.okta.find_user(person, session).await? {
            Lookup::Refused => Ok(()),
            Lookup::Miss => self.okta.create_user(person, session).await,
            Lookup::Hit(id, found) => {
                self.okta.link(person, (&id, &found), Activation::WithProfile, session).await
            }
        }
    }

    async fn unassign(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        self.okta.delayed.remove(key);
        let (Some(person), Some(id)) = (session.directory.person(key), self.okta.assigned_id(key)) else {
            return Ok(());
        };
        self.okta.note_unassigned(key);
        let Some(found) = self.okta.read_user(&id, session).await? else {
            return Ok(());
        };
        let request = put(user_target(&id), deactivated(&found, person));
        self.okta.write_user(request, person, session).await?;
        Ok(())
    }

    /// Looks the group up: creates or links it. Either way it is then read and replaced by itself with the members,
    /// so that members who were there before stay.
    async fn push(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(group) = session.directory.group(key) else {
            return Ok(());
        };
        if self.okta.links.group(key).is_some() {
            return self.push_now(key, session).await;
        }
        let members = self.okta.members(group, session.directory);
        match self.okta.find_group(group, session).await? {
            Lookup::Refused => return Ok(()),
            Lookup::Miss => {
                let first: &[Member] =
                    if self.okta.settings.creates_empty_groups() { &[] } else { members.as_slice() };
                if self.okta.create_group(group, first, session).await?.is_none() {
                    return Ok(());
                }
            }
            Lookup::Hit(id, _) => self.okta.links.link_group(key, id),
        }
        self.replace_group(key, &[], session).await
    }

    /// *Push now*, and activating a push again: exactly the members of the group.
    async fn push_now(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(group) = session.directory.group(key) else {
            return Ok(());
        };
        let Some((id, name, _)) = self.read_group(group, session).await? else {
            return Ok(());
        };
        let members = self.okta.members(group, session.directory);
        let request = put(group_target(&id), put_body(&id, &name, &members));
        self.okta.write_group(request, group, session).await?;
        Ok(())
    }

    async fn change_members(
        &mut self,
        key: &str,
        added: &[&str],
        removed: &[&str],
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let directory = session.directory;
        let known = |keys: &[&str]| -> Vec<Member> {
            keys.iter().filter_map(|key| self.okta.member(key, directory)).collect()
        };
        let gone = known(removed);
        if gone.is_empty() && known(added).is_empty() {
            return Ok(());
        }
        self.replace_group(key, &gone, session).await
    }

    async fn rename_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        if self.okta.settings.renames_groups() {
            self.replace_group(key, &[], session).await?;
        }
        Ok(())
    }

    /// GET, then PUT of the members that stand there without those who left and with the group's own.
    async fn replace_group(
        &mut self,
        key: &str,
        gone: &[Member],
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let Some(group) = session.directory.group(key) else {
            return Ok(());
        };
        let Some((id, name, found)) = self.read_group(group, session).await? else {
            return Ok(());
        };
        let own = self.okta.members(group, session.directory);
        let members = merge(found, gone, &own);
        let request = put(group_target(&id), put_body(&id, &name, &members));
        self.okta.write_group(request, group, session).await?;
        Ok(())
    }

    /// A linked group's id, the name to send, and the members that the endpoint shows.
    async fn read_group(
        &mut self,
        group: &Group,
        session: &Session<'_>,
    ) -> Result<Option<(String, String, Vec<Member>)>, Broken> {
        let Some(id) = self.okta.links.group(&group.key).map(ToOwned::to_owned) else {
            return Ok(None);
        };
        let Some(found) = self.okta.read_group(&id, session).await? else {
            return Ok(None);
        };
        let name = match group_name(&found) {
            Some(name) if !self.okta.settings.renames_groups() => name.to_owned(),
            _ => group.display_name.clone(),
        };
        Ok(Some((id, name, Member::of(&found))))
    }
}

/// The members that stand there, without those who left, then the group's own that are missing.
fn merge(found: Vec<Member>, gone: &[Member], own: &[Member]) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::with_capacity(found.len() + own.len());
    let staying = found.into_iter().filter(|member| !has(gone, member));
    for member in staying.chain(own.iter().cloned()) {
        if has(&members, &member) {
            continue;
        }
        let known = own.iter().find(|other| other.id == member.id).cloned();
        members.push(known.unwrap_or(member));
    }
    members
}

fn has(members: &[Member], member: &Member) -> bool {
    members.iter().any(|other| other.id == member.id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn members(ids: &[u8]) -> Vec<Member> {
        ids.iter().map(|id| Member { id: id.to_string(), display: None }).collect()
    }

    proptest! {
        /// Whoever was there or belongs there is there, once; whoever left and does not belong is not.
        #[test]
        fn merging_is_union_without_those_who_left(
            found in proptest::collection::vec(0u8..8, 0..6),
            gone in proptest::collection::vec(0u8..8, 0..3),
            own in proptest::collection::vec(0u8..8, 0..6),
        ) {
            let merged = merge(members(&found), &members(&gone), &members(&own));
            for id in 0u8..8 {
                let count = merged.iter().filter(|member| member.id == id.to_string()).count();
                let expected = own.contains(&id) || (found.contains(&id) && !gone.contains(&id));
                prop_assert_eq!(count, usize::from(expected));
            }
        }
    }
}
