//! Auth0: an event stream turns what happens to a user into requests. It keeps no ids: it creates without a lookup, and
//! finds whom it changes or deletes by `externalId`.
//!
//! Documented: the requests for each of the three events, that no groups are sent, the time-out, and that one more request
//! follows 429 and 5xx. Inferred: every header and body, what `externalId` holds, that blocking a user is a change, that a
//! conflict and a user who is not found are told and no more, and that the second request follows at once. The setting
//! `update` chooses between PUT and PATCH, of which both are named.
//!
//! Source: docs/providers/auth0.md#events.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::directory::{Event, Person};
use crate::wire::{Exchange, Method, Request};

use crate::idp::idp_client::IdpClient;
use crate::idp::kit::app::{App, Found, complete, equals, name, patch_op, user_target};
use crate::idp::kit::attribute::object;
use crate::idp::kit::headers::accepts_anything;
use crate::idp::kit::resource::{id, list};
use crate::idp::kit::uncommon::uncommon;
use crate::idp::kit::urn;
use crate::idp::notices::Notices;
use crate::idp::row::Knowledge;
use crate::idp::settings::UserUpdate;
use crate::idp::{Broken, Links, Session, Settings};

const MEDIA_TYPE: &str = "application/scim+json";
/// How long it waits for an answer (documented; docs/providers/auth0.md#time-outs-and-retries).
const PATIENCE: Duration = Duration::from_millis(1500);

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "documented: no lookup before a creation, one by `externalId` before every change and deletion, no groups, \
        1.5 seconds for an answer, one more request after 429 and 5xx",
    unknown: "headers and bodies; whether users are replaced or patched: `update` chooses",
};

/// Why it cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::Unassign(_) | Event::Reassign(_) => {
            Some("Auth0 provisions everybody in the tenant and never unassigns anybody")
        }
        Event::Push(_)
        | Event::AddMember { .. }
        | Event::RemoveMember { .. }
        | Event::RenameGroup { .. }
        | Event::Unlink { .. } => Some("Auth0 provisions users only, never groups"),
        event => uncommon(event),
    }
}

/// A tenant with an event stream.
#[derive(Debug)]
pub struct Auth0 {
    /// Its links are what a scenario may name; no request depends on them.
    app: App,
}

impl Auth0 {
    /// A stream that has sent nothing yet.
    pub fn new(settings: Settings) -> Self {
        Self { app: App::new(settings) }
    }
}

impl IdpClient for Auth0 {
    fn links(&self) -> &Links {
        &self.app.links
    }

    fn links_mut(&mut self) -> &mut Links {
        &mut self.app.links
    }

    fn notices(&mut self) -> &mut Notices {
        &mut self.app.notices
    }

    /// Works through events, one after the other.
    async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        for event in events {
            match event {
                Event::Assign(key) => self.create(key, session).await?,
                Event::Update { person: key, .. }
                | Event::RenameUser { person: key, .. }
                | Event::Suspend(key)
                | Event::Unsuspend(key) => self.update(key, session).await?,
                Event::DeleteUser(key) => self.delete(key, session).await?,
                Event::Connect
                | Event::Unassign(_)
                | Event::Reassign(_)
                | Event::Archive(_)
                | Event::Push(_)
                | Event::AddMember { .. }
                | Event::RemoveMember { .. }
                | Event::RenameGroup { .. }
                | Event::Unlink { .. }
                | Event::PushNow(_)
                | Event::Import
                | Event::ForceSync
                | Event::Cycle
                | Event::Restart
                | Event::InitialCycle
                | Event::AllowDeletions
                | Event::RestoreUser(_)
                | Event::OnDemand(_)
                | Event::OnDemandGroup { .. }
                | Event::Wait(_) => {}
            }
        }
        Ok(())
    }
}

impl Auth0 {
    /// POST at once. A conflict is told, and links nobody.
    async fn create(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(person) = session.directory.person(key).filter(|person| person.should_be_active()) else {
            return Ok(());
        };
        let request = write(Method::Post, "/Users".to_owned(), user(person, None, &self.app.settings));
        let exchange = send(request, session).await?;
        if let Some(id) = self.app.id_of(&exchange, "Creating a user failed") {
            self.app.links.link_person(key, id);
        }
        Ok(())
    }

    /// Finds the user, then PUT of the whole, or PATCH of it without a path.
    async fn update(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        const TASK: &str = "Updating a user failed";
        let Some(person) = session.directory.person(key).filter(|person| person.assigned) else {
            return Ok(());
        };
        match self.find(person, TASK, session).await? {
            (Found::One(id), _) => {
                let exchange = send(self.change(person, &id), session).await?;
                self.app.accepted(&exchange, TASK);
                self.app.links.link_person(key, id);
            }
            (Found::Nobody, lookup) => {
                self.app.notices.add(&lookup, format!("{TASK}: no user has the externalId"));
            }
            (Found::Refused, _) => {}
        }
        Ok(())
    }

    fn change(&self, person: &Person, id: &str) -> Request {
        let settings = &self.app.settings;
        if settings.update == Some(UserUpdate::Patch) {
            let mut value = user(person, None, settings);
            object(&mut value).shift_remove("schemas");
            let body = patch_op(&[json!({"op": "replace", "value": value})]);
            write(Method::Patch, user_target(id), body)
        } else {
            write(Method::Put, user_target(id), user(person, Some(id), settings))
        }
    }

    /// Finds the user, then DELETE. Whoever is not found is gone already.
    async fn delete(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        const TASK: &str = "Deleting a user failed";
        let Some(person) = session.directory.person(key) else { return Ok(()) };
        let is_gone = match self.find(person, TASK, session).await? {
            (Found::One(id), _) => {
                let exchange = send(bare(Method::Delete, user_target(&id)), session).await?;
                exchange.status() == 404 || self.app.accepted(&exchange, TASK)
            }
            (Found::Nobody, _) => true,
            (Found::Refused, _) => false,
        };
        if is_gone {
            self.app.links.unlink_person(key);
        }
        Ok(())
    }

    /// Looks for the person's `externalId`: the first of the list.
    async fn find(
        &mut self,
        person: &Person,
        task: &str,
        session: &Session<'_>,
    ) -> Result<(Found, Arc<Exchange>), Broken> {
        let filter = equals("externalId", &external_id(person));
        let exchange = send(bare(Method::Get, format!("/Users?filter={filter}")), session).await?;
        if !self.app.accepted(&exchange, task) {
            return Ok((Found::Refused, exchange));
        }
        let first = exchange.json().and_then(list).map(|found| found.resources.first().map(id));
        let found = match first {
            Some(None) => Found::Nobody,
            Some(Some(Some(id))) => Found::One(id.to_owned()),
            None | Some(Some(None)) => {
                self.app.notices.add(&exchange, format!("{task}: the lookup returned no id"));
                Found::Refused
            }
        };
        Ok((found, exchange))
    }
}

/// Sends a request, and once more where the endpoint is busy or failing.
async fn send(request: Request, session: &Session<'_>) -> Result<Arc<Exchange>, Broken> {
    let exchange = session.send_once(request.clone()).await?;
    match exchange.status() {
        429 | 500..=599 => session.send_once(request).await,
        _ => Ok(exchange),
    }
}

/// A user's id in a database of Auth0's: 24 hexadecimal digits after the name of the connection's sort.
fn external_id(person: &Person) -> String {
    person.external_id_or(|| {
        let digits: String = person.object_id().simple().to_string().chars().take(24).collect();
        format!("auth0|{digits}")
    })
}

fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
    let mut body = json!({"schemas": [urn::USER]});
    if let Some(id) = id {
        body["id"] = json!(id);
    }
    body["externalId"] = json!(external_id(person));
    body["userName"] = json!(person.user_name);
    body["name"] = name(person);
    body["displayName"] = json!(person.display_name);
    body["emails"] = json!([{"value": person.email, "type": "work", "primary": true}]);
    body["active"] = json!(person.should_be_active());
    complete(body, person, settings)
}

/// The headers of a request, with or without a body.
pub(in crate::idp) fn headers(body: bool) -> Vec<(String, String)> {
    let request = bare(Method::Get, String::new());
    if body { request.header("Content-Type", MEDIA_TYPE).headers } else { request.headers }
}

fn bare(method: Method, target: String) -> Request {
    accepts_anything(Request::new(method, target)).patience(PATIENCE)
}

fn write(method: Method, target: String, body: Value) -> Request {
    bare(method, target).header("Content-Type", MEDIA_TYPE).body(body)
}
