//! What an app at the smaller providers remembers, and how it takes answers. Their files say what they send.
//!
//! That an answer which never comes is told and not waited for is inferred, where a provider's file says nothing else.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::directory::{Directory, Group, Person};
use crate::wire::message::encode::{filter_literal, path_segment, query_percent};
use crate::wire::{Exchange, Request};

use super::attribute::{object, profile};
use super::resource::{detail, field, id, list};
use super::urn;
use crate::idp::notices::Notices;
use crate::idp::{Broken, Links, Session, Settings};

/// An app's state.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) links: Links,
    pub(crate) notices: Notices,
    /// How often a request is sent in all, where no whole answer comes.
    pub(crate) attempts: usize,
}

/// The answer to a lookup.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nobody: 200 with an empty list, or 404.
    Nobody,
    /// The first of the list, by its id.
    One(String),
    /// An error, of which the administrator is told.
    Refused,
}

impl App {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, links: Links::default(), notices: Notices::default(), attempts: 1 }
    }

    /// Sends a request, and again where no whole answer comes.
    pub(crate) async fn send(
        &self,
        request: Request,
        session: &Session<'_>,
    ) -> Result<Arc<Exchange>, Broken> {
        for _ in 1..self.attempts {
            let exchange = session.send(request.clone()).await?;
            if exchange.response().is_some() {
                return Ok(exchange);
            }
        }
        session.send(request).await
    }

    /// Sends a request; says whether it was accepted, and tells the administrator where it was not.
    pub(crate) async fn sent(
        &mut self,
        request: Request,
        task: &str,
        session: &Session<'_>,
    ) -> Result<bool, Broken> {
        let exchange = self.send(request, session).await?;
        Ok(self.accepted(&exchange, task))
    }

    /// Whether an answer is a success. Any other is shown with the endpoint's own words.
    pub(crate) fn accepted(&mut self, exchange: &Exchange, task: &str) -> bool {
        if !exchange.is_success() {
            self.notices.add(exchange, format!("{task}: {}", detail(exchange)));
        }
        exchange.is_success()
    }

    /// Looks somebody up: the first of the list, or the first of that name where the list was not filtered.
    pub(crate) async fn look_up(
        &mut self,
        request: Request,
        name: Option<&str>,
        session: &Session<'_>,
    ) -> Result<Found, Broken> {
        const TASK: &str = "Lookup failed";
        let exchange = self.send(request, session).await?;
        if exchange.status() == 404 {
            return Ok(Found::Nobody);
        }
        if !self.accepted(&exchange, TASK) {
            return Ok(Found::Refused);
        }
        let Some(list) = exchange.json().and_then(list) else {
            self.notices.add(&exchange, format!("{TASK}: {}", detail(&exchange)));
            return Ok(Found::Refused);
        };
        let is_meant = |resource: &&Value| {
            name.is_none_or(|name| field(resource, "displayName").is_some_and(|shown| shown == name))
        };
        match list.resources.iter().find(is_meant).map(id) {
            None => Ok(Found::Nobody),
            Some(Some(id)) => Ok(Found::One(id.to_owned())),
            Some(None) => {
                self.notices.add(&exchange, format!("{TASK}: the resource has no id"));
                Ok(Found::Refused)
            }
        }
    }

    /// Creates a user and links the person.
    pub(crate) async fn create_user(
        &mut self,
        request: Request,
        key: &str,
        session: &Session<'_>,
    ) -> Result<bool, Broken> {
        let id = self.created(request, "Creating a user failed", session).await?;
        if let Some(id) = &id {
            self.links.link_person(key, id.clone());
        }
        Ok(id.is_some())
    }

    /// Creates a group and links it.
    pub(crate) async fn create_group(
        &mut self,
        request: Request,
        key: &str,
        session: &Session<'_>,
    ) -> Result<bool, Broken> {
        let id = self.created(request, "Creating a group failed", session).await?;
        if let Some(id) = &id {
            self.links.link_group(key, id.clone());
        }
        Ok(id.is_some())
    }

    async fn created(
        &mut self,
        request: Request,
        task: &str,
        session: &Session<'_>,
    ) -> Result<Option<String>, Broken> {
        let exchange = self.send(request, session).await?;
        Ok(self.id_of(&exchange, task))
    }

    /// The id in the answer to a creation. Without one the administrator is told, and nothing is linked.
    pub(crate) fn id_of(&mut self, exchange: &Exchange, task: &str) -> Option<String> {
        if !self.accepted(exchange, task) {
            return None;
        }
        let id = exchange.json().and_then(id).map(ToOwned::to_owned);
        if id.is_none() {
            self.notices.add(exchange, format!("{task}: the response has no id"));
        }
        id
    }

    /// Deletes a linked user; one that is gone already is as good.
    pub(crate) async fn delete_user(
        &mut self,
        request: Request,
        key: &str,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let exchange = self.send(request, session).await?;
        if exchange.status() == 404 || self.accepted(&exchange, "Deleting a user failed") {
            self.links.unlink_person(key);
        }
        Ok(())
    }

    /// Deletes a linked group; one that is gone already is as good.
    pub(crate) async fn delete_group(
        &mut self,
        request: Request,
        key: &str,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let exchange = self.send(request, session).await?;
        if exchange.status() == 404 || self.accepted(&exchange, "Deleting a group failed") {
            self.links.unlink_group(key);
        }
        Ok(())
    }

    /// A person who is linked, with the target of their user.
    pub(crate) fn linked<'d>(&self, key: &str, directory: &'d Directory) -> Option<(&'d Person, String)> {
        Some((directory.person(key)?, user_target(self.links.person(key)?)))
    }

    /// A group that is linked, with its target.
    pub(crate) fn linked_group<'d>(
        &self,
        key: &str,
        directory: &'d Directory,
    ) -> Option<(&'d Group, String)> {
        Some((directory.group(key)?, group_target(self.links.group(key)?)))
    }

    /// The ids of a group's members who are assigned and linked.
    pub(crate) fn member_ids(&self, group: &Group, directory: &Directory) -> Vec<String> {
        directory
            .assigned_members(group)
            .filter_map(|person| self.links.person(&person.key).map(ToOwned::to_owned))
            .collect()
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

/// `attribute eq "value"`, encoded with `%20`.
pub(crate) fn equals(attribute: &str, value: &str) -> String {
    query_percent(&format!("{attribute} eq \"{}\"", filter_literal(value)))
}

/// A PATCH body with these operations.
pub(crate) fn patch_op(operations: &[Value]) -> Value {
    json!({"schemas": [urn::PATCH_OP], "Operations": operations})
}

/// The `name` of a user. Not everybody has a family name; what is empty is left out.
pub(crate) fn name(person: &Person) -> Value {
    let mut name = json!({"givenName": person.given_name});
    if !person.family_name.is_empty() {
        name["familyName"] = json!(person.family_name);
    }
    name
}

/// Adds the further profile attributes that have a value, and what the administrator mapped otherwise.
pub(crate) fn complete(mut body: Value, person: &Person, settings: &Settings) -> Value {
    let map: &mut Map<String, Value> = object(&mut body);
    for (attribute, value) in profile(person).into_iter().filter(|(_, value)| !value.is_empty()) {
        attribute.set(map, json!(value));
    }
    settings.remap(person, map);
    body
}
