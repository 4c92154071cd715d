//! Google Workspace automatic provisioning: users only, in sweeps.
//!
//! Headers, lookup and creation are captured or reported. Which verbs update and suspend is in no public capture: PUT
//! of the whole and PATCH without a path are inferred, and the settings `update`, `suspend`, `rename` and `deprovision`
//! choose the other ways that have been named. The delay before somebody is deprovisioned is documented.
//!
//! Source: docs/providers/google.md.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::directory::{Event, Person, PersonState};
use crate::wire::message::encode::{filter_literal, path_segment, query_percent};
use crate::wire::{Exchange, Method, Request};

use crate::idp::idp_client::IdpClient;
use crate::idp::kit::app::name;
use crate::idp::kit::attribute::{object, profile};
use crate::idp::kit::headers::accepts_anything;
use crate::idp::kit::resource::{detail, id, list};
use crate::idp::kit::schedule::DAY;
use crate::idp::kit::uncommon::uncommon;
use crate::idp::kit::urn;
use crate::idp::notices::Notices;
use crate::idp::row::Knowledge;
use crate::idp::settings::{ActiveForm, Deprovision, MatchAttribute, Rename, UserUpdate, WORK_EMAIL};
use crate::idp::{Broken, Links, Session, Settings};

const USER_AGENT: &str = "Google-Auto-Provisioning";
const CONTENT_TYPE: &str = "application/json";
/// Google announces SCIM 1.1's User beside 2.0's.
const USER_1_1: &str = "urn:scim:schemas:core:1.0";

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "captured or reported: headers, lookup, creation; documented: delays and actions when somebody \
        leaves, and that archived people are ignored",
    unknown: "the methods for updates and suspensions, and whether a new primary address updates the stored \
        user or is looked up: the settings `update`, `suspend` and `rename` choose the variants; retries and \
        time-outs",
};

/// Why it cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::Connect | Event::Archive(_) | Event::Cycle | Event::Wait(_) => None,
        Event::Restart => Some("Google keeps no links that a restart could clear"),
        Event::Push(_)
        | Event::AddMember { .. }
        | Event::RemoveMember { .. }
        | Event::RenameGroup { .. }
        | Event::Unlink { .. } => Some("Google provisions users only, never groups"),
        event => uncommon(event),
    }
}

/// An app with automatic provisioning.
#[derive(Debug)]
pub struct Google {
    settings: Settings,
    links: Links,
    notices: Notices,
    /// Google's time, in seconds since the connection.
    now: i64,
    /// Who is to be deprovisioned, and when.
    due: BTreeMap<String, i64>,
}

impl Google {
    /// An app that knows nobody yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, links: Links::default(), notices: Notices::default(), now: 0, due: BTreeMap::new() }
    }
}

impl IdpClient for Google {
    fn links(&self) -> &Links {
        &self.links
    }

    fn links_mut(&mut self) -> &mut Links {
        &mut self.links
    }

    fn notices(&mut self) -> &mut Notices {
        &mut self.notices
    }

    /// Works through events in one sweep. A failure of one person does not stop the others. There is never a request
    /// about groups.
    async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        for event in events {
            match event {
                Event::Connect => self.connect(session).await?,
                Event::Assign(key) | Event::Reassign(key) => {
                    self.due.remove(key);
                    self.provision(key, session).await?;
                }
                Event::RenameUser { person, .. } if self.settings.rename == Some(Rename::ByLookup) => {
                    // Who was linked by the old address stays behind.
                    self.links.unlink_person(person);
                    self.provision(person, session).await?;
                }
                Event::Update { person, .. } | Event::RenameUser { person, .. } => {
                    self.update(person, session).await?;
                }
                Event::Unsuspend(key) => {
                    self.due.remove(key);
                    match self.links.person(key) {
                        Some(_) => self.set_active(key, session).await?,
                        None => self.provision(key, session).await?,
                    }
                }
                Event::Suspend(key) | Event::Unassign(key) | Event::DeleteUser(key) => {
                    let days = i64::from(self.settings.deprovision_after.unwrap_or(0));
                    self.due.insert(key.clone(), self.now + days * DAY);
                }
                // Documented: archived users are ignored. That this takes back what was due is inferred.
                Event::Archive(key) => {
                    self.due.remove(key);
                }
                Event::Wait(seconds) => self.now += seconds,
                Event::Cycle => self.sweep(session).await?,
                Event::Push(_)
                | Event::AddMember { .. }
                | Event::RemoveMember { .. }
                | Event::RenameGroup { .. }
                | Event::Unlink { .. }
                | Event::PushNow(_)
                | Event::Import
                | Event::ForceSync
                | Event::Restart
                | Event::InitialCycle
                | Event::AllowDeletions
                | Event::RestoreUser(_)
                | Event::OnDemand(_)
                | Event::OnDemandGroup { .. } => {}
            }
            self.deprovision_due(session).await?;
        }
        Ok(())
    }
}

impl Google {
    /// Everybody whose delay is over. Who was given the app back meanwhile is not in the list any more.
    async fn deprovision_due(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        let now = self.now;
        let due: Vec<String> =
            self.due.iter().filter(|(_, at)| **at <= now).map(|(key, _)| key.clone()).collect();
        for key in due {
            self.due.remove(&key);
            let is_deleted =
                session.directory.person(&key).is_none_or(|person| person.state == PersonState::Deleted);
            match self.settings.deprovision {
                Some(Deprovision::Nothing) => {}
                Some(Deprovision::Delete) => self.delete(&key, session).await?,
                None if is_deleted => self.delete(&key, session).await?,
                Some(Deprovision::Deactivate) | None => self.set_active(&key, session).await?,
            }
        }
        Ok(())
    }

    async fn connect(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        let exchange = session.send(bare(Method::Get, "/Users".to_owned())).await?;
        self.accepted(&exchange, "The connection test failed");
        Ok(())
    }

    /// Everybody who should be there and is not yet.
    async fn sweep(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        for person in &session.directory.people {
            if self.links.person(&person.key).is_none() {
                self.provision(&person.key, session).await?;
            }
        }
        Ok(())
    }

    /// Looks the person up: creates, or links and updates.
    async fn provision(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(person) = session.directory.person(key).filter(|person| person.should_be_active()) else {
            return Ok(());
        };
        let (attribute, value) = match self.settings.matching() {
            [MatchAttribute::Email, ..] => (WORK_EMAIL, person.email.clone()),
            _ => ("userName", self.settings.mapped("userName", person, &person.user_name)),
        };
        let filter = query_percent(&format!("{attribute} eq \"{}\"", filter_literal(&value)));
        let target = format!("/Users?filter={filter}&startIndex=1");
        let exchange = session.send(bare(Method::Get, target)).await?;
        let found = match exchange.status() {
            404 => None,
            _ if !self.accepted(&exchange, "Lookup failed") => return Ok(()),
            _ => {
                let Some(list) = exchange.json().and_then(list) else {
                    self.notices.add(&exchange, format!("Lookup failed: {}", detail(&exchange)));
                    return Ok(());
                };
                list.resources.first()
            }
        };
        match found.map(id) {
            None => self.create(person, session).await,
            Some(Some(id)) => {
                self.links.link_person(key, id);
                self.update(key, session).await
            }
            Some(None) => {
                self.notices.add(&exchange, "Lookup failed: the user has no id");
                Ok(())
            }
        }
    }

    async fn create(&mut self, person: &Person, session: &Session<'_>) -> Result<(), Broken> {
        let request = write(Method::Post, "/Users".to_owned(), body(person, None, &self.settings));
        let exchange = session.send(request).await?;
        if !self.accepted(&exchange, "Creating a user failed") {
            return Ok(());
        }
        match exchange.json().and_then(id) {
            Some(id) => self.links.link_person(&person.key, id),
            None => self.notices.add(&exchange, "Creating a user failed: the response has no id"),
        }
        Ok(())
    }

    /// PUT of the whole user (inferred), by the stored id also when the login name changed; or PATCH of the mapped
    /// attributes without a path (inferred too).
    async fn update(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let person = session.directory.person(key).filter(|person| person.state != PersonState::Archived);
        let (Some(person), Some(id)) = (person, self.links.person(key)) else {
            return Ok(());
        };
        let request = match self.settings.update {
            None | Some(UserUpdate::Put) => {
                write(Method::Put, target(id), body(person, Some(id), &self.settings))
            }
            Some(UserUpdate::Patch) => {
                let mut value = body(person, None, &self.settings);
                object(&mut value).shift_remove("schemas");
                write(Method::Patch, target(id), patch(&json!({"op": "replace", "value": value})))
            }
        };
        let exchange = session.send(request).await?;
        self.accepted(&exchange, "Updating a user failed");
        Ok(())
    }

    /// PATCH without a path (inferred), or one of the other forms that have been named.
    async fn set_active(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let (Some(person), Some(id)) = (session.directory.person(key), self.links.person(key)) else {
            return Ok(());
        };
        let active = person.should_be_active();
        let request = match self.settings.suspend {
            Some(ActiveForm::Put) => write(Method::Put, target(id), body(person, Some(id), &self.settings)),
            form => {
                let operation = match form {
                    Some(ActiveForm::Pathed) => json!({"op": "replace", "path": "active", "value": active}),
                    Some(ActiveForm::StringBool) => {
                        json!({"op": "replace", "path": "active", "value": active.to_string()})
                    }
                    _ => json!({"op": "replace", "value": {"active": active}}),
                };
                write(Method::Patch, target(id), patch(&operation))
            }
        };
        let exchange = session.send(request).await?;
        self.accepted(&exchange, "Suspending or restoring a user failed");
        Ok(())
    }

    async fn delete(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(id) = self.links.person(key) else {
            return Ok(());
        };
        let exchange = session.send(bare(Method::Delete, target(id))).await?;
        if exchange.status() == 404 || self.accepted(&exchange, "Deleting a user failed") {
            self.links.unlink_person(key);
        }
        Ok(())
    }

    fn accepted(&mut self, exchange: &Exchange, task: &str) -> bool {
        if !exchange.is_success() {
            self.notices.add(exchange, format!("{task}: {}", detail(exchange)));
        }
        exchange.is_success()
    }
}

/// A user: the captured order, then further attributes that have a value.
fn body(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
    let mut body = Map::new();
    body.insert("schemas".to_owned(), json!([USER_1_1, urn::USER]));
    if let Some(id) = id {
        body.insert("id".to_owned(), json!(id));
    }
    let email = json!({"primary": true, "value": person.email, "type": "work"});
    let active = person.assigned && person.state == PersonState::Active;
    for (key, value) in [
        ("userName", json!(person.user_name)),
        ("emails", json!([email])),
        ("displayName", json!(person.display_name)),
        ("name", name(person)),
        ("active", json!(active)),
    ] {
        body.insert(key.to_owned(), value);
    }
    for (attribute, value) in profile(person).into_iter().filter(|(_, value)| !value.is_empty()) {
        attribute.set(&mut body, json!(value));
    }
    settings.remap(person, &mut body);
    Value::Object(body)
}

fn patch(operation: &Value) -> Value {
    json!({"schemas": [urn::PATCH_OP], "Operations": [operation]})
}

fn target(id: &str) -> String {
    format!("/Users/{}", path_segment(id))
}

/// The headers of a request, with or without a body.
pub(in crate::idp) fn headers(body: bool) -> Vec<(String, String)> {
    let target = String::new();
    let request = if body { write(Method::Put, target, Value::Null) } else { bare(Method::Get, target) };
    request.headers
}

fn bare(method: Method, target: String) -> Request {
    accepts_anything(Request::new(method, target).header("User-Agent", USER_AGENT))
}

fn write(method: Method, target: String, body: Value) -> Request {
    bare(method, target).header("Content-Type", CONTENT_TYPE).body(body)
}
