//! authentik, known from its source: creates without a lookup, links on a conflict, PUTs whole users, and makes anew
//! what is gone.
//!
//! Known: every request and reaction below. Not known: which attributes a changed property mapping sends. Left out: the
//! chunks by `bulk.maxOperations`, the modes for AWS, Slack and Salesforce.
//!
//! Source: sheet `okta-google-others` §10.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::directory::{Event, Group, Person};
use crate::wire::encode::{filter_literal, query_plus};
use crate::wire::{Exchange, Method, Request};

use super::app::{App, Found, complete, group_target, patch_op, user_target};
use super::resource::field;
use super::{Broken, Session, Settings, urn};

/// The release whose source was read is not stated; the form of the header is.
const USER_AGENT: &str = "authentik@2026.8.0";
const MEDIA_TYPE: &str = "application/scim+json";

/// A SCIM provider of authentik's.
#[derive(Debug)]
pub struct Authentik {
    pub(super) app: App,
    /// What `/ServiceProviderConfig` says, once it was asked.
    config: Option<Config>,
    /// The endpoint's last answers about users.
    remote: BTreeMap<String, Value>,
}

/// The parts of `/ServiceProviderConfig` that decide something; any failure means that nothing is supported.
#[derive(Debug, Clone, Copy, Default)]
struct Config {
    patch: bool,
    filter: bool,
}

impl Authentik {
    /// A provider that knows nobody yet.
    pub fn new(settings: Settings) -> Self {
        Self { app: App::new(settings), config: None, remote: BTreeMap::new() }
    }

    /// Works through events, one after the other: changes are synced at once.
    pub async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        for event in events {
            match event {
                Event::Connect => {
                    self.config = None;
                    self.config(session).await?;
                }
                Event::Assign(key)
                | Event::Reassign(key)
                | Event::Update { person: key, .. }
                | Event::RenameUser { person: key, .. }
                | Event::Suspend(key)
                | Event::Unsuspend(key) => self.user(key, session).await?,
                Event::Unassign(key) | Event::DeleteUser(key) => {
                    if let Some((_, target)) = self.app.linked(key, session.directory) {
                        // The mapping goes first, so that a deletion which fails is never tried again.
                        self.app.links.unlink_person(key);
                        self.app.delete_user(bare(Method::Delete, target), key, session).await?;
                    }
                }
                Event::Push(key) => self.group(key, session).await?,
                Event::RenameGroup { group: key, .. } => self.rename_group(key, session).await?,
                Event::AddMember { group, person } => self.member(group, person, true, session).await?,
                Event::RemoveMember { group, person } => self.member(group, person, false, session).await?,
                Event::Unlink { group: key, .. } => {
                    if let Some((_, target)) = self.app.linked_group(key, session.directory) {
                        self.app.links.unlink_group(key);
                        self.app.delete_group(bare(Method::Delete, target), key, session).await?;
                    }
                }
                Event::Cycle => self.full_sync(session).await?,
                Event::PushNow(_)
                | Event::Import
                | Event::ForceSync
                | Event::Restart
                | Event::InitialCycle
                | Event::AllowDeletions
                | Event::OnDemand(_)
                | Event::OnDemandGroup { .. }
                | Event::Wait(_) => {}
            }
        }
        Ok(())
    }

    /// What the endpoint supports: asked when the client starts.
    async fn config(&mut self, session: &Session<'_>) -> Result<Config, Broken> {
        if let Some(config) = self.config {
            return Ok(config);
        }
        let exchange = session.send(bare(Method::Get, "/ServiceProviderConfig".to_owned())).await?;
        let body = exchange.json().filter(|_| exchange.is_success());
        let supported = |name: &str| {
            let part = body.and_then(|body| field(body, name));
            part.and_then(|part| field(part, "supported")).and_then(Value::as_bool).unwrap_or(false)
        };
        let config = Config { patch: supported("patch"), filter: supported("filter") };
        self.config = Some(config);
        Ok(config)
    }

    /// The hourly full sync: everybody and every group.
    async fn full_sync(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        for person in &session.directory.people {
            if person.should_be_active() || self.app.links.person(&person.key).is_some() {
                self.user(&person.key, session).await?;
            }
        }
        for group in session.directory.groups.iter().filter(|group| group.pushed) {
            self.group(&group.key, session).await?;
        }
        Ok(())
    }

    /// Creates or replaces a user. One that is gone is created anew.
    async fn user(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let config = self.config(session).await?;
        let Some(person) = session.directory.person(key).filter(|person| person.assigned) else {
            return Ok(());
        };
        let Some(id) = self.app.links.person(key).map(ToOwned::to_owned) else {
            return self.create(person, config, session).await;
        };
        let body = user(person, Some(&id), &self.app.settings);
        if self.remote.get(key).is_some_and(|remote| is_shown(&body, remote)) {
            return Ok(());
        }
        let exchange = session.send(write(Method::Put, user_target(&id), &body)).await?;
        if exchange.status() == 404 {
            self.app.links.unlink_person(key);
            return self.create(person, config, session).await;
        }
        if self.app.accepted(&exchange, "Updating a user failed") {
            self.remember(key, &exchange);
        }
        Ok(())
    }

    /// Remembers what the endpoint last answered about a user: an update that would not change it is not sent.
    fn remember(&mut self, key: &str, exchange: &Exchange) {
        match exchange.json() {
            Some(remote) => self.remote.insert(key.to_owned(), remote.clone()),
            None => self.remote.remove(key),
        };
    }

    /// POST; a conflict is looked up and linked, and the profile is not pushed in that call.
    async fn create(&mut self, person: &Person, config: Config, session: &Session<'_>) -> Result<(), Broken> {
        let body = user(person, None, &self.app.settings);
        let request = write(Method::Post, "/Users".to_owned(), &body);
        let refused = session.send(request).await?;
        if refused.status() == 409 && config.filter {
            let filter = query_plus(&format!("userName eq \"{}\"", filter_literal(&person.user_name)));
            let lookup = bare(Method::Get, format!("/Users?filter={filter}"));
            if let Found::One(id) = self.app.look_up(lookup, None, session).await? {
                self.app.links.link_person(&person.key, id);
                return Ok(());
            }
        }
        if let Some(id) = self.app.id_of(&refused, "Creating a user failed") {
            self.app.links.link_person(&person.key, id);
            self.remember(&person.key, &refused);
        }
        Ok(())
    }

    /// Creates a group without members, or links it on a conflict; then its members, one operation for each.
    async fn group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let config = self.config(session).await?;
        let Some(group) = session.directory.group(key) else {
            return Ok(());
        };
        if self.app.links.group(key).is_none() {
            let body = json!({
                "schemas": [urn::GROUP],
                "externalId": group.object_id().to_string(),
                "displayName": group.display_name,
            });
            let refused = session.send(write(Method::Post, "/Groups".to_owned(), &body)).await?;
            let mut id = None;
            if refused.status() == 409 && config.filter {
                let filter =
                    query_plus(&format!("displayName eq \"{}\"", filter_literal(&group.display_name)));
                let lookup = bare(Method::Get, format!("/Groups?filter={filter}"));
                if let Found::One(found) = self.app.look_up(lookup, None, session).await? {
                    id = Some(found);
                }
            }
            let id = id.or_else(|| self.app.id_of(&refused, "Creating a group failed"));
            let Some(id) = id else { return Ok(()) };
            self.app.links.link_group(key, id);
        }
        let members = self.app.member_ids(group, session.directory);
        self.members("add", group, &members, session).await
    }

    /// PATCH of the members; authentik has no PUT with members.
    async fn members(
        &mut self,
        op: &str,
        group: &Group,
        ids: &[String],
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        if ids.is_empty() || !self.config(session).await?.patch {
            return Ok(());
        }
        let Some(target) = self.app.links.group(&group.key).map(group_target) else {
            return Ok(());
        };
        let operations: Vec<Value> =
            ids.iter().map(|id| json!({"op": op, "path": "members", "value": [{"value": id}]})).collect();
        let request = write(Method::Patch, target, &patch_op(&operations));
        self.app.sent(request, "Changing members failed", session).await?;
        Ok(())
    }

    async fn member(
        &mut self,
        group: &str,
        person: &str,
        joins: bool,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let ids: Vec<String> = self.app.links.person(person).map(ToOwned::to_owned).into_iter().collect();
        match session.directory.group(group) {
            Some(group) => self.members(if joins { "add" } else { "remove" }, group, &ids, session).await,
            None => Ok(()),
        }
    }

    /// The whole group in a PATCH without a path, then the members that the endpoint shows against the directory's.
    async fn rename_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let config = self.config(session).await?;
        let Some((group, target)) = self.app.linked_group(key, session.directory) else {
            return Ok(());
        };
        let external_id = group.object_id().to_string();
        let mut value = json!({
            "schemas": [urn::GROUP],
            "externalId": external_id,
            "displayName": group.display_name,
        });
        let request = if config.patch {
            write(Method::Patch, target.clone(), &patch_op(&[json!({"op": "replace", "value": value})]))
        } else {
            value["id"] = json!(self.app.links.group(key));
            write(Method::Put, target.clone(), &value)
        };
        if !self.app.sent(request, "Updating a group failed", session).await? || !config.patch {
            return Ok(());
        }
        let exchange = session.send(bare(Method::Get, target)).await?;
        if !self.app.accepted(&exchange, "Reading a group failed") {
            return Ok(());
        }
        let shown = exchange.json().and_then(|body| field(body, "members")).and_then(Value::as_array);
        let shown: Vec<String> = shown
            .into_iter()
            .flatten()
            .filter_map(|member| field(member, "value")?.as_str().map(ToOwned::to_owned))
            .collect();
        let own = self.app.member_ids(group, session.directory);
        let added: Vec<String> = own.iter().filter(|id| !shown.contains(id)).cloned().collect();
        let removed: Vec<String> = shown.into_iter().filter(|id| !own.contains(id)).collect();
        self.members("add", group, &added, session).await?;
        self.members("remove", group, &removed, session).await
    }
}

/// Whether a resource shows everything that is wanted already.
fn is_shown(wanted: &Value, remote: &Value) -> bool {
    wanted.as_object().is_some_and(|wanted| {
        wanted.iter().all(|(name, value)| name == "schemas" || field(remote, name) == Some(value))
    })
}

/// A user as the default property mapping writes one.
fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
    let mut body = json!({"schemas": [urn::USER]});
    if let Some(id) = id {
        body["id"] = json!(id);
    }
    body["externalId"] = json!(person.object_id().simple().to_string());
    body["userName"] = json!(person.user_name);
    body["name"] = json!({
        "formatted": person.display_name,
        "givenName": person.given_name,
        "familyName": person.family_name,
    });
    body["displayName"] = json!(person.display_name);
    body["emails"] = json!([{"value": person.email, "type": "other", "primary": true}]);
    body["active"] = json!(person.should_be_active());
    complete(body, person, settings)
}

/// The headers of a request: the media type stands on reads too.
pub(super) fn headers(_body: bool) -> Vec<(String, String)> {
    bare(Method::Get, String::new()).headers
}

fn bare(method: Method, target: String) -> Request {
    Request::new(method, target)
        .header("User-Agent", USER_AGENT)
        .header("Accept", MEDIA_TYPE)
        .header("Content-Type", MEDIA_TYPE)
}

fn write(method: Method, target: String, body: &Value) -> Request {
    bare(method, target).body(body.to_string())
}
