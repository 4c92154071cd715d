//! What an Okta app remembers, and the steps that both sorts of app take in the same way.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::directory::{Directory, Group, Person};
use crate::idp::kit::resource::{detail, field, id, slot};
use crate::idp::notices::Notices;
use crate::idp::settings::UserUpdate;
use crate::idp::{Broken, Links, Session, Settings};
use crate::wire::message::encode::path_segment;
use crate::wire::{Exchange, Request};

use super::group::{Member, create_body as group_body};
use super::patience::send;
use super::request::{delete, get, patch, post, put};
use super::user::{create_body, with_profile};

/// An app's state.
#[derive(Debug)]
pub(crate) struct Okta {
    pub(crate) settings: Rc<Settings>,
    pub(crate) links: Links,
    pub(crate) notices: Notices,
    /// People who were unassigned: their assignment is gone, so nothing that needs it is sent, but the id is known.
    unassigned: BTreeSet<String>,
    /// People whose assignment failed because they were not shown as active: it is tried again as time passes.
    pub(super) delayed: BTreeSet<String>,
}

/// What became of a write about a person.
#[derive(Debug)]
pub(crate) enum Written {
    /// Nothing had to be written.
    Nothing,
    /// It was accepted.
    Accepted(Arc<Exchange>),
    /// It was refused, of which the administrator is told.
    Refused,
}

impl Okta {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings: Rc::new(settings),
            links: Links::default(),
            notices: Notices::default(),
            unassigned: BTreeSet::new(),
            delayed: BTreeSet::new(),
        }
    }

    /// Creates a person and remembers the id. A conflict ends the job: Okta does not link by itself.
    pub(crate) async fn create_user(&mut self, person: &Person, session: &Session<'_>) -> Result<(), Broken> {
        let body = create_body(person, &session.random.password(), &self.settings);
        let exchange = send(session, post("/Users", body)).await?;
        let task = format!(
            "Automatic provisioning of user {} failed: Error while creating user {}",
            person.user_name, person.display_name
        );
        if !self.accepted(&exchange, &task) {
            return Ok(());
        }
        if let Some(id) = self.created_id(&exchange, &format!("{task}: Create new user returned empty user."))
        {
            self.link_user(&person.key, id);
            self.heed_active(person, &exchange);
        }
        Ok(())
    }

    /// Creates a group with its members and remembers the id.
    pub(crate) async fn create_group(
        &mut self,
        group: &Group,
        members: &[Member],
        session: &Session<'_>,
    ) -> Result<Option<String>, Broken> {
        let body = group_body(&group.display_name, members);
        let exchange = send(session, post("/Groups", body)).await?;
        let task = format!("Failed to push group {}", group.display_name);
        if !self.accepted(&exchange, &task) {
            return Ok(None);
        }
        let id = self.created_id(&exchange, &format!("{task}: the response has no group with an id"));
        if let Some(id) = &id {
            self.links.link_group(&group.key, id.clone());
        }
        Ok(id)
    }

    fn created_id(&mut self, exchange: &Exchange, missing: &str) -> Option<String> {
        let id = exchange.json().and_then(id).map(ToOwned::to_owned);
        if id.is_none() {
            self.notices.add(exchange, missing);
        }
        id
    }

    /// Remembers a person's id; the assignment stands.
    pub(crate) fn link_user(&mut self, key: &str, id: String) {
        self.links.link_person(key, id);
        self.unassigned.remove(key);
        self.delayed.remove(key);
    }

    /// Notes that a person's assignment is gone.
    pub(crate) fn note_unassigned(&mut self, key: &str) {
        self.unassigned.insert(key.to_owned());
    }

    /// The id of a person who is linked and assigned.
    pub(crate) fn assigned_id(&self, key: &str) -> Option<String> {
        if self.unassigned.contains(key) {
            return None;
        }
        self.links.person(key).map(ToOwned::to_owned)
    }

    /// GET, then PUT of the endpoint's own representation with the profile overwritten.
    pub(crate) async fn push_profile(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let (Some(person), Some(id)) = (session.directory.person(key), self.assigned_id(key)) else {
            return Ok(());
        };
        if let Some(found) = self.read_user(&id, session).await? {
            self.put_profile(person, &id, &found, None, session).await?;
        }
        Ok(())
    }

    /// Reads a user by id.
    pub(crate) async fn read_user(
        &mut self,
        id: &str,
        session: &Session<'_>,
    ) -> Result<Option<Value>, Broken> {
        self.read(user_target(id), session).await
    }

    /// Reads a group by id, with its members.
    pub(crate) async fn read_group(
        &mut self,
        id: &str,
        session: &Session<'_>,
    ) -> Result<Option<Value>, Broken> {
        self.read(group_target(id), session).await
    }

    async fn read(&mut self, target: String, session: &Session<'_>) -> Result<Option<Value>, Broken> {
        let exchange = send(session, get(target)).await?;
        if !self.accepted(&exchange, "Error while reading from the app") {
            return Ok(None);
        }
        let resource = exchange.json().filter(|body| body.is_object()).cloned();
        if resource.is_none() {
            self.notices.add(&exchange, format!("Error while reading from the app: {}", detail(&exchange)));
        }
        Ok(resource)
    }

    /// PUT of a representation with the profile overwritten, and `active` where it is given; or PATCH of what differs,
    /// where the app is set to that.
    pub(crate) async fn put_profile(
        &mut self,
        person: &Person,
        id: &str,
        found: &Value,
        active: Option<bool>,
        session: &Session<'_>,
    ) -> Result<Written, Broken> {
        let mut body = with_profile(found, person, &self.settings);
        if self.settings.update == Some(UserUpdate::Patch) {
            body.retain(|name, value| field(found, name) != Some(value));
            if body.is_empty() {
                return Ok(Written::Nothing);
            }
            let operation = json!([{"op": "replace", "value": body}]);
            return self.write_user(patch(user_target(id), operation), person, session).await;
        }
        if let Some(active) = active {
            *slot(&mut body, "active") = Value::Bool(active);
        }
        self.write_user(put(user_target(id), Value::Object(body)), person, session).await
    }

    /// Sends a write about a person; a refusal becomes a task.
    pub(crate) async fn write_user(
        &mut self,
        request: Request,
        person: &Person,
        session: &Session<'_>,
    ) -> Result<Written, Broken> {
        let exchange = send(session, request).await?;
        let task = format!(
            "Automatic profile push of user {} failed: Error while updating user {}",
            person.user_name, person.display_name
        );
        Ok(if self.accepted(&exchange, &task) { Written::Accepted(exchange) } else { Written::Refused })
    }

    /// Sends a write about a group; a refusal fails the whole push.
    pub(crate) async fn write_group(
        &mut self,
        request: Request,
        group: &Group,
        session: &Session<'_>,
    ) -> Result<bool, Broken> {
        let exchange = send(session, request).await?;
        Ok(self.accepted(&exchange, &format!("Failed to push group {}", group.display_name)))
    }

    /// Unlinks a group; `delete` removes it from the app as well.
    pub(crate) async fn unlink_group(
        &mut self,
        key: &str,
        in_app: bool,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let Some(id) = self.links.group(key).map(ToOwned::to_owned) else {
            return Ok(());
        };
        if in_app {
            let exchange = send(session, delete(group_target(&id))).await?;
            let done = self.accepted(&exchange, "Failed to delete the group in the app");
            if !done && exchange.status() != 404 {
                return Ok(());
            }
        }
        self.links.unlink_group(key);
        Ok(())
    }

    /// *Force sync*: the profile of everybody who is linked.
    pub(crate) async fn force_sync(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        for person in &session.directory.people {
            self.push_profile(&person.key, session).await?;
        }
        Ok(())
    }

    /// The members of a group that can be pushed: active, assigned, linked.
    pub(crate) fn members(&self, group: &Group, directory: &Directory) -> Vec<Member> {
        directory.assigned_members(group).filter_map(|person| self.member(&person.key, directory)).collect()
    }

    /// A person as a member, where they are linked and assigned.
    pub(crate) fn member(&self, key: &str, directory: &Directory) -> Option<Member> {
        let person = directory.person(key)?;
        Some(Member { id: self.assigned_id(key)?, display: Some(person.user_name.clone()) })
    }

    /// Whether an answer is a success. Any other becomes a task with the endpoint's own words.
    pub(crate) fn accepted(&mut self, exchange: &Exchange, task: &str) -> bool {
        if !exchange.is_success() {
            // A server that did not answer has reported nothing.
            let whose = if exchange.response().is_some() { "Errors reported by remote server: " } else { "" };
            self.notices.add(exchange, format!("{task}: {whose}{}", detail(exchange)));
        }
        exchange.is_success()
    }
}

/// The target of a user.
pub(crate) fn user_target(id: &str) -> String {
    format!("/Users/{}", path_segment(id))
}

/// The target of a group.
pub(crate) fn group_target(id: &str) -> String {
    format!("/Groups/{}", path_segment(id))
}
