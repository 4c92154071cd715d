//! The way that providers go of whom little more than the bodies is known: look up, create or link; replace what changed;
//! deactivate or delete who may no longer use the app; find groups by name and patch their members.
//!
//! What differs stands in each provider's own file, which also says what is known and what is inferred.

use std::marker::PhantomData;

use serde_json::{Value, json};

use crate::directory::{Directory, Event, Group, Person, PersonState};
use crate::wire::{Method, Request};

use super::app::{App, Found, equals, group_target, patch_op, user_target};
use super::headers::accepts_anything;
use super::urn;
use crate::idp::idp_client::IdpClient;
use crate::idp::notices::Notices;
use crate::idp::settings::{Deprovision, UserUpdate};
use crate::idp::{Broken, Links, Session, Settings};

/// What a provider sends.
pub trait Provider: std::fmt::Debug {
    /// The media type of bodies.
    const MEDIA_TYPE: &'static str;
    /// What is sent about somebody who is unassigned or suspended, where nothing else is set.
    const DEPROVISION: Deprovision;

    /// A request's headers, the media type apart.
    fn headers(request: Request) -> Request {
        request
    }

    /// The target of a request, as this provider writes it.
    fn target(_method: Method, target: String) -> String {
        target
    }

    /// The connection test, where it is one request.
    fn test() -> Option<String> {
        None
    }

    /// Whether the connection test plays a whole life of a user and a group.
    const TESTS_A_LIFE: bool = false;

    /// The target of a lookup.
    fn find_user(person: &Person, settings: &Settings) -> String {
        let user_name = settings.mapped("userName", person, &person.user_name);
        format!("/Users?filter={}", equals("userName", &user_name))
    }

    /// A whole user.
    fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value;

    /// The target of a lookup of groups.
    fn find_group(name: &str) -> String {
        format!("/Groups?filter={}", equals("displayName", name))
    }

    /// The body of a group's creation.
    fn new_group(group: &Group) -> Value {
        json!({"schemas": [urn::GROUP], "displayName": group.display_name})
    }

    /// The PATCH that adds and removes members.
    fn members(added: &[String], removed: &[String], settings: &Settings) -> Value;

    /// How many members one PATCH changes at most.
    const MEMBERS_A_PATCH: usize = usize::MAX;

    /// Whether the setting `update: put` makes this provider replace whole groups.
    const PUTS_GROUPS: bool = false;
}

/// An app at such a provider.
#[derive(Debug)]
pub struct Plain<P> {
    app: App,
    provider: PhantomData<P>,
}

impl<P: Provider> Plain<P> {
    pub(in crate::idp) fn new(settings: Settings) -> Self {
        Self { app: App::new(settings), provider: PhantomData }
    }
}

impl<P: Provider> IdpClient for Plain<P> {
    fn links(&self) -> &Links {
        &self.app.links
    }

    fn links_mut(&mut self) -> &mut Links {
        &mut self.app.links
    }

    fn notices(&mut self) -> &mut Notices {
        &mut self.app.notices
    }

    async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        for event in events {
            match event {
                Event::Connect => {
                    if P::TESTS_A_LIFE {
                        self.test_a_life(session).await?;
                    }
                    if let Some(target) = P::test() {
                        let request = Self::bare(Method::Get, target);
                        self.app.sent(request, "The connection test failed", session).await?;
                    }
                }
                Event::Assign(key) | Event::Reassign(key) => self.assign(key, session).await?,
                Event::Update { person: key, .. } | Event::RenameUser { person: key, .. } => {
                    self.update(key, session).await?;
                }
                Event::Unsuspend(key) => match self.app.links.person(key) {
                    Some(_) => self.update(key, session).await?,
                    None => self.assign(key, session).await?,
                },
                Event::Suspend(key) => self.deprovision(key, P::DEPROVISION, session).await?,
                Event::Unassign(key) => {
                    let action = self.app.settings.deprovision.unwrap_or(P::DEPROVISION);
                    self.deprovision(key, action, session).await?;
                }
                Event::DeleteUser(key) => {
                    let action = self.app.settings.deprovision.unwrap_or(Deprovision::Delete);
                    self.deprovision(key, action, session).await?;
                }
                Event::Push(key) => self.push(key, session).await?,
                Event::AddMember { group, person } => self.member(group, person, true, session).await?,
                Event::RemoveMember { group, person } => self.member(group, person, false, session).await?,
                Event::RenameGroup { group, .. } => self.rename_group(group, session).await?,
                Event::Unlink { group: key, .. } => {
                    if let Some((_, target)) = self.app.linked_group(key, session.directory) {
                        self.app.delete_group(Self::bare(Method::Delete, target), key, session).await?;
                    }
                }
                Event::PushNow(_)
                | Event::Import
                | Event::ForceSync
                | Event::Cycle
                | Event::Restart
                | Event::InitialCycle
                | Event::AllowDeletions
                | Event::RestoreUser(_)
                | Event::OnDemand(_)
                | Event::OnDemandGroup { .. }
                | Event::Archive(_)
                | Event::Wait(_) => {}
            }
        }
        Ok(())
    }
}

impl<P: Provider> Plain<P> {
    /// Creates a user and a group for the test, updates the user, and deletes both; a user who cannot be deleted is
    /// deactivated, and stays. The test ends at the first refusal.
    async fn test_a_life(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        const TASK: &str = "Testing the connection failed";
        let Some((mut person, group)) = trial(session.directory) else {
            return Ok(());
        };
        let body = P::user(&person, None, &self.app.settings);
        let created = self.app.send(Self::write(Method::Post, "/Users".to_owned(), body), session).await?;
        let Some(user) = self.app.id_of(&created, TASK) else { return Ok(()) };
        let body = P::new_group(&group);
        let created = self.app.send(Self::write(Method::Post, "/Groups".to_owned(), body), session).await?;
        let group = self.app.id_of(&created, TASK);
        if let Some(group) = group {
            let body = P::user(&person, Some(&user), &self.app.settings);
            self.app.sent(Self::write(Method::Put, user_target(&user), body), TASK, session).await?;
            self.app.sent(Self::bare(Method::Delete, group_target(&group)), TASK, session).await?;
        }
        let deleted = self.app.send(Self::bare(Method::Delete, user_target(&user)), session).await?;
        if !deleted.is_success() {
            person.assigned = false;
            let body = P::user(&person, Some(&user), &self.app.settings);
            self.app.sent(Self::write(Method::Put, user_target(&user), body), TASK, session).await?;
        }
        Ok(())
    }

    /// Looks the person up: creates, or links and updates.
    async fn assign(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(person) = session.directory.person(key).filter(|person| person.should_be_active()) else {
            return Ok(());
        };
        let lookup = Self::bare(Method::Get, P::find_user(person, &self.app.settings));
        match self.app.look_up(lookup, None, session).await? {
            Found::Refused => Ok(()),
            Found::One(id) => {
                self.app.links.link_person(key, id);
                self.update(key, session).await
            }
            Found::Nobody => {
                let body = P::user(person, None, &self.app.settings);
                let request = Self::write(Method::Post, "/Users".to_owned(), body);
                self.app.create_user(request, key, session).await?;
                Ok(())
            }
        }
    }

    /// PUT of the whole user, or PATCH of it without a path.
    async fn update(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let (Some(person), Some(id)) = (session.directory.person(key), self.app.links.person(key)) else {
            return Ok(());
        };
        let request = if self.app.settings.update == Some(UserUpdate::Patch) {
            let mut value = P::user(person, None, &self.app.settings);
            super::attribute::object(&mut value).shift_remove("schemas");
            let body = patch_op(&[json!({"op": "replace", "value": value})]);
            Self::write(Method::Patch, user_target(id), body)
        } else {
            Self::write(Method::Put, user_target(id), P::user(person, Some(id), &self.app.settings))
        };
        self.app.sent(request, "Updating a user failed", session).await?;
        Ok(())
    }

    async fn deprovision(
        &mut self,
        key: &str,
        action: Deprovision,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let Some((_, target)) = self.app.linked(key, session.directory) else {
            return Ok(());
        };
        match action {
            Deprovision::Nothing => Ok(()),
            Deprovision::Deactivate => self.update(key, session).await,
            Deprovision::Delete => {
                self.app.delete_user(Self::bare(Method::Delete, target), key, session).await
            }
        }
    }

    /// Finds the group by its name or creates it, then adds its members.
    async fn push(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(group) = session.directory.group(key) else {
            return Ok(());
        };
        if self.app.links.group(key).is_none() {
            let lookup = Self::bare(Method::Get, P::find_group(&group.display_name));
            match self.app.look_up(lookup, Some(&group.display_name), session).await? {
                Found::Refused => return Ok(()),
                Found::One(id) => self.app.links.link_group(key, id),
                Found::Nobody => {
                    let request = Self::write(Method::Post, "/Groups".to_owned(), P::new_group(group));
                    if !self.app.create_group(request, key, session).await? {
                        return Ok(());
                    }
                }
            }
        }
        let members = self.app.member_ids(group, session.directory);
        self.change(key, &members, &[], session).await
    }

    async fn member(
        &mut self,
        group: &str,
        person: &str,
        joins: bool,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let ids: Vec<String> = self.app.links.person(person).map(ToOwned::to_owned).into_iter().collect();
        let (added, removed) =
            if joins { (ids.as_slice(), [].as_slice()) } else { ([].as_slice(), ids.as_slice()) };
        self.change(group, added, removed, session).await
    }

    async fn change(
        &mut self,
        key: &str,
        added: &[String],
        removed: &[String],
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let Some((group, target)) = self.app.linked_group(key, session.directory) else {
            return Ok(());
        };
        if added.is_empty() && removed.is_empty() {
            return Ok(());
        }
        let requests = match self.whole_group(group, session) {
            Some(body) => vec![Self::write(Method::Put, target, body)],
            None => self
                .patches(added, removed)
                .into_iter()
                .map(|body| Self::write(Method::Patch, target.clone(), body))
                .collect(),
        };
        for request in requests {
            self.app.sent(request, "Changing members failed", session).await?;
        }
        Ok(())
    }

    /// The bodies that change members: one, or more where a PATCH may not hold all of them.
    fn patches(&self, added: &[String], removed: &[String]) -> Vec<Value> {
        let settings = &self.app.settings;
        if added.len().saturating_add(removed.len()) <= P::MEMBERS_A_PATCH {
            return vec![P::members(added, removed, settings)];
        }
        let removals = removed.chunks(P::MEMBERS_A_PATCH).map(|part| P::members(&[], part, settings));
        let additions = added.chunks(P::MEMBERS_A_PATCH).map(|part| P::members(part, &[], settings));
        removals.chain(additions).collect()
    }

    async fn rename_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some((group, target)) = self.app.linked_group(key, session.directory) else {
            return Ok(());
        };
        let request = if let Some(body) = self.whole_group(group, session) {
            Self::write(Method::Put, target, body)
        } else {
            let operation = json!({"op": "replace", "path": "displayName", "value": group.display_name});
            Self::write(Method::Patch, target, patch_op(&[operation]))
        };
        self.app.sent(request, "Renaming a group failed", session).await?;
        Ok(())
    }

    /// The group with all members, where the provider is set to replace groups.
    fn whole_group(&self, group: &Group, session: &Session<'_>) -> Option<Value> {
        if !P::PUTS_GROUPS || self.app.settings.update != Some(UserUpdate::Put) {
            return None;
        }
        let members = self.app.member_ids(group, session.directory);
        let mut body = P::new_group(group);
        body["id"] = json!(self.app.links.group(&group.key)?);
        body["members"] = members.iter().map(|id| json!({"value": id})).collect();
        Some(body)
    }

    /// The headers of a request, with or without a body.
    pub(in crate::idp) fn headers(body: bool) -> Vec<(String, String)> {
        let target = String::new();
        let request = if body {
            Self::write(Method::Put, target, Value::Null)
        } else {
            Self::bare(Method::Get, target)
        };
        request.headers
    }

    fn bare(method: Method, target: String) -> Request {
        accepts_anything(P::headers(Request::new(method, P::target(method, target))))
    }

    fn write(method: Method, target: String, body: Value) -> Request {
        Self::bare(method, target).header("Content-Type", P::MEDIA_TYPE).body(body)
    }
}

/// A user and a group for a connection test. The address is the administrator's to choose: here it is the first
/// person's, so that it is in a domain of the directory, and as much this run's as theirs.
fn trial(directory: &Directory) -> Option<(Person, Group)> {
    let mut person = directory.people.first()?.clone();
    let (local, domain) = person.email.split_once('@').unwrap_or((&person.email, "example.com"));
    let (name, email) = (format!("{local}-test"), format!("{local}-test@{domain}"));
    person.key = format!("{}-test", person.key);
    person.user_name.clone_from(&email);
    person.email = email;
    "Test".clone_into(&mut person.given_name);
    "User".clone_into(&mut person.family_name);
    "Test User".clone_into(&mut person.display_name);
    person.profile.clear();
    person.state = PersonState::Active;
    person.assigned = true;
    let group = Group {
        key: name.clone(),
        display_name: name,
        members: Vec::new(),
        pushed: false,
        tenant: person.tenant.clone(),
    };
    Some((person, group))
}

/// Members in one `add` with all, and one `remove` for each by its value filter (RFC 7644 §3.5.2).
pub(crate) fn rfc_members(added: &[String], removed: &[String]) -> Value {
    let mut operations: Vec<Value> = removed
        .iter()
        .map(|id| {
            let literal = crate::wire::message::encode::filter_literal(id);
            json!({"op": "remove", "path": format!("members[value eq \"{literal}\"]")})
        })
        .collect();
    if !added.is_empty() {
        operations.push(json!({"op": "add", "path": "members", "value": values(added)}));
    }
    patch_op(&operations)
}

/// Ids as members write them.
pub(crate) fn values(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({"value": id})).collect()
}
