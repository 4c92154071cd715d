//! authentik, as its source has it: it creates without a lookup, links on a conflict, replaces whole users with PUT, and
//! creates again what is gone. The files here are its modes for special endpoints and its groups.
//!
//! Known: every request and reaction below. Not known: which attributes a changed property mapping sends.
//!
//! Source: docs/providers/authentik.md, docs/providers/keycloak.md.
//!
//! May use, of `idp`: `idp_client`, `kit`, `links`, `notices`, `row`, `session`, `settings`.

mod config;
mod group;
mod spelling;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::directory::{Event, Person};
use crate::wire::message::encode::{filter_literal, query_plus};
use crate::wire::{Exchange, Method, Request};

use crate::idp::idp_client::IdpClient;
use crate::idp::kit::app::{App, Found, complete, user_target};
use crate::idp::kit::resource::field;
use crate::idp::kit::uncommon::uncommon;
use crate::idp::kit::urn;
use crate::idp::notices::Notices;
use crate::idp::row::Knowledge;
use crate::idp::{Broken, Links, Session, Settings};
use config::Config;

/// The first release after the changes of July 2026 that this client follows.
const USER_AGENT: &str = "authentik@2026.8.0";
const MEDIA_TYPE: &str = "application/scim+json";

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "its source, as of 2026.8: creation without a lookup, linking after a conflict, recreation of deleted \
        resources, an operation for each member in chunks of `bulk.maxOperations`, groups replaced where \
        PATCH is not supported, the full sync; `compatibility` sets the modes for AWS, Slack and Salesforce",
    unknown: "the effect of changed property mappings, when it discovers groups and resource types (no event \
        does), and the mode for vCenter",
};

/// Why it cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::Connect | Event::Cycle => None,
        event => uncommon(event),
    }
}

/// Who leaves the scope is deleted, not deactivated.
pub(in crate::idp) fn leaves_otherwise(event: &Event) -> bool {
    matches!(event, Event::Unassign(_) | Event::Reassign(_))
}

/// A SCIM provider of authentik's.
#[derive(Debug)]
pub struct Authentik {
    app: App,
    /// What `/ServiceProviderConfig` says, once it was asked.
    config: Option<Config>,
    /// The endpoint's last answers about users.
    remote: BTreeMap<String, Value>,
    /// What was last written of groups.
    groups: BTreeMap<String, Value>,
}

impl Authentik {
    /// A provider that knows nobody yet.
    pub fn new(settings: Settings) -> Self {
        Self { app: App::new(settings), config: None, remote: BTreeMap::new(), groups: BTreeMap::new() }
    }
}

impl IdpClient for Authentik {
    fn links(&self) -> &Links {
        &self.app.links
    }

    fn links_mut(&mut self) -> &mut Links {
        &mut self.app.links
    }

    fn notices(&mut self) -> &mut Notices {
        &mut self.app.notices
    }

    /// Works through events, one after the other: changes are synced at once.
    async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
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
                Event::RenameGroup { group: key, .. } => self.update_group(key, session).await?,
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

impl Authentik {
    /// What the endpoint supports: asked when the client starts.
    async fn config(&mut self, session: &Session<'_>) -> Result<Config, Broken> {
        if let Some(config) = self.config {
            return Ok(config);
        }
        let mode = self.app.settings.compatibility;
        let exchange = session.send(bare(Method::Get, config::target(mode).to_owned())).await?;
        let config = Config::of(&exchange, mode);
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
        let exchange = session.send(write(Method::Put, user_target(&id), body)).await?;
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
        let request = write(Method::Post, "/Users".to_owned(), body);
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
}

/// Whether a resource shows everything that is wanted already.
fn is_shown(wanted: &Value, remote: &Value) -> bool {
    wanted.as_object().is_some_and(|wanted| {
        wanted.iter().all(|(name, value)| name == "schemas" || field(remote, name) == Some(value))
    })
}

/// A user as the default property mapping writes one, in the order in which its models have the attributes.
fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
    let mut body = json!({"userName": person.user_name});
    if let Some(id) = id {
        body["id"] = json!(id);
    }
    let mut name = json!({"formatted": person.display_name});
    if !person.family_name.is_empty() {
        name["familyName"] = json!(person.family_name);
    }
    name["givenName"] = json!(person.given_name);
    body["name"] = name;
    body["displayName"] = json!(person.display_name);
    body["active"] = json!(person.should_be_active());
    body["emails"] = json!([{"value": person.email, "type": "other", "primary": true}]);
    body["schemas"] = json!([urn::USER]);
    body["externalId"] = json!(person.external_id_or(|| person.object_id().simple().to_string()));
    complete(body, person, settings)
}

/// The headers of a request: the media type stands on reads too.
pub(in crate::idp) fn headers(_body: bool) -> Vec<(String, String)> {
    bare(Method::Get, String::new()).headers
}

/// The order is that of the library, whose own headers come first.
fn bare(method: Method, target: String) -> Request {
    Request::new(method, target)
        .header("User-Agent", USER_AGENT)
        .header("Accept-Encoding", "gzip, deflate")
        .header("Accept", MEDIA_TYPE)
        .header("Connection", "keep-alive")
        .header("Content-Type", MEDIA_TYPE)
}

fn write(method: Method, target: String, body: Value) -> Request {
    bare(method, target).body(spelling::body(body))
}
