//! Okta, an app of the Okta Integration Network: profile by PUT, `active` and groups by PATCH.
//!
//! Source: docs/providers/okta.md.

use crate::directory::{Event, Group};

use super::{
    Activation, Lookup, Member, Okta, Step, change, group_name, group_target, patch, rename, replace_members,
    set_active, steps, user_target,
};
use crate::idp::idp_client::IdpClient;
use crate::idp::notices::Notices;
use crate::idp::{Broken, Links, Session, Settings};

/// The app.
#[derive(Debug)]
pub struct OktaOin {
    pub(super) okta: Okta,
}

impl OktaOin {
    /// An app that knows nobody yet.
    pub fn new(settings: Settings) -> Self {
        Self { okta: Okta::new(Settings { update: None, ..settings }) }
    }
}

impl IdpClient for OktaOin {
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

impl OktaOin {
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

    /// Looks the person up: creates whom it does not find, links whom it finds, activates where needed, and pushes
    /// the profile.
    async fn assign(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(person) = session.directory.person(key).filter(|person| person.should_be_active()) else {
            return Ok(());
        };
        match self.okta.find_user(person, session).await? {
            Lookup::Refused => Ok(()),
            Lookup::Miss => self.okta.create_user(person, session).await,
            Lookup::Hit(id, found) => self.okta.link(person, (&id, &found), Activation::First, session).await,
        }
    }

    async fn unassign(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        self.okta.delayed.remove(key);
        let (Some(person), Some(id)) = (session.directory.person(key), self.okta.assigned_id(key)) else {
            return Ok(());
        };
        self.okta.note_unassigned(key);
        if self.okta.read_user(&id, session).await?.is_some() {
            let request = patch(user_target(&id), set_active(false));
            self.okta.write_user(request, person, session).await?;
        }
        Ok(())
    }

    /// Looks the group up: creates or links it. Either way the members go out once more, so that adding must be
    /// idempotent.
    async fn push(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(group) = session.directory.group(key) else {
            return Ok(());
        };
        if self.okta.links.group(key).is_some() {
            return self.push_now(key, session).await;
        }
        let members = self.okta.members(group, session.directory);
        let id = match self.okta.find_group(group, session).await? {
            Lookup::Refused => return Ok(()),
            Lookup::Miss => {
                let first: &[Member] = if self.okta.settings.creates_empty_groups() { &[] } else { &members };
                let Some(id) = self.okta.create_group(group, first, session).await? else {
                    return Ok(());
                };
                if self.okta.settings.renames_new_groups() && !self.send_name(group, &id, session).await? {
                    return Ok(());
                }
                id
            }
            Lookup::Hit(id, found) => {
                self.okta.links.link_group(key, id.clone());
                if self.okta.settings.renames_groups()
                    && group_name(&found) != Some(&group.display_name)
                    && !self.send_name(group, &id, session).await?
                {
                    return Ok(());
                }
                id
            }
        };
        self.patch_members(group, &id, &[], &members, session).await?;
        Ok(())
    }

    /// Changes members, in as many requests as the app's limit asks for. A refusal ends it.
    async fn patch_members(
        &mut self,
        group: &Group,
        id: &str,
        removed: &[Member],
        added: &[Member],
        session: &Session<'_>,
    ) -> Result<bool, Broken> {
        for operations in change(removed, added, self.okta.settings.members_per_patch()) {
            if !self.okta.write_group(patch(group_target(id), operations), group, session).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// *Push now*, and activating a push again: the whole list of members.
    async fn push_now(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let (Some(group), Some(id)) = (session.directory.group(key), self.okta.links.group(key)) else {
            return Ok(());
        };
        let members = self.okta.members(group, session.directory);
        let request = patch(group_target(id), replace_members(&members));
        self.okta.write_group(request, group, session).await?;
        Ok(())
    }

    /// A PATCH of the changes, then the name again (documented: every membership update carries a rename), with a look
    /// at the group between them (captured).
    async fn change_members(
        &mut self,
        key: &str,
        added: &[&str],
        removed: &[&str],
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let directory = session.directory;
        let (Some(group), Some(id)) =
            (directory.group(key), self.okta.links.group(key).map(ToOwned::to_owned))
        else {
            return Ok(());
        };
        let added: Vec<_> = directory
            .assigned_members(group)
            .filter(|person| added.contains(&person.key.as_str()))
            .filter_map(|person| self.okta.member(&person.key, directory))
            .collect();
        let removed: Vec<_> = removed.iter().filter_map(|key| self.okta.member(key, directory)).collect();
        if added.is_empty() && removed.is_empty() {
            return Ok(());
        }
        if self.patch_members(group, &id, &removed, &added, session).await?
            && self.okta.settings.renames_groups()
            && self.okta.read_group(&id, session).await?.is_some()
        {
            self.rename_group(key, session).await?;
        }
        Ok(())
    }

    async fn rename_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let (Some(group), Some(id)) =
            (session.directory.group(key), self.okta.links.group(key).map(ToOwned::to_owned))
        else {
            return Ok(());
        };
        if self.okta.settings.renames_groups() {
            self.send_name(group, &id, session).await?;
        }
        Ok(())
    }

    /// Sends the name of a group.
    async fn send_name(&mut self, group: &Group, id: &str, session: &Session<'_>) -> Result<bool, Broken> {
        let request = patch(group_target(id), rename(id, &group.display_name));
        self.okta.write_group(request, group, session).await
    }
}
