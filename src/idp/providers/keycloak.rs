//! Keycloak with the libre.sh SCIM plugin (the mitodl fork), known from its source: creates without a lookup, logs a
//! conflict and forgets it, and writes the user along with every membership.
//!
//! Known: the bodies of users and groups, both ways of updating, what a conflict leads to, and that a broken connection
//! is tried ten times, and that an import matches users by their names or addresses and may delete the others. Inferred:
//! that a group is created with its members. Left out: an import that makes accounts in the realm, and one of groups.
//!
//! Source: docs/providers/authentik.md, docs/providers/keycloak.md.

use std::time::Duration;

use serde_json::{Value, json};

use crate::directory::{Directory, Event, Group, Person, PersonState};
use crate::wire::{Method, Request};

use crate::idp::idp_client::IdpClient;
use crate::idp::kit::app::{App, complete, name, patch_op, user_target};
use crate::idp::kit::headers::accepts_anything;
use crate::idp::kit::resource::{detail, field, id, list};
use crate::idp::kit::uncommon::uncommon;
use crate::idp::kit::urn;
use crate::idp::notices::Notices;
use crate::idp::row::Knowledge;
use crate::idp::settings::{ImportAction, UserUpdate};
use crate::idp::{Broken, Links, Session, Settings};

/// The administrator chooses between this and `application/json`.
const MEDIA_TYPE: &str = "application/scim+json";
/// How long it waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a request is sent in all where the connection breaks; a creation that took is a conflict the second time.
const ATTEMPTS: usize = 10;
/// A role that every user of a realm has.
const ROLE: &str = "offline_access";

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "the source of the libre.sh plugin: no lookup, a conflict is only logged, every membership writes \
        group and user; an import links users by login name or address, and deletes unknown users if \
        `import-action` is `delete-remote`",
    unknown: "whether a group is created with its members; imports that create accounts in the realm, and \
        imports of groups, are not played",
};

/// Why it cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::Import => None,
        Event::Unassign(_) | Event::Reassign(_) => {
            Some("Keycloak provisions everybody in the realm and never unassigns anybody")
        }
        event => uncommon(event),
    }
}

/// A realm with the plugin.
#[derive(Debug)]
pub struct Keycloak {
    app: App,
}

impl Keycloak {
    /// A realm that knows nobody at the endpoint.
    pub fn new(settings: Settings) -> Self {
        Self { app: App { attempts: ATTEMPTS, ..App::new(settings) } }
    }
}

impl IdpClient for Keycloak {
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
        let directory = session.directory;
        for event in events {
            match event {
                Event::Assign(key) => self.create(key, session).await?,
                Event::Update { person: key, .. }
                | Event::RenameUser { person: key, .. }
                | Event::Suspend(key)
                | Event::Unsuspend(key) => self.update(key, session).await?,
                Event::DeleteUser(key) => {
                    if let Some((_, target)) = self.app.linked(key, directory) {
                        self.app.delete_user(bare(Method::Delete, target), key, session).await?;
                    }
                }
                Event::Push(key) => self.create_group(key, session).await?,
                Event::RenameGroup { group, .. } => self.update_group(group, session).await?,
                Event::AddMember { group, person } | Event::RemoveMember { group, person } => {
                    self.update_group(group, session).await?;
                    self.update(person, session).await?;
                }
                Event::Unlink { group: key, .. } => {
                    if let Some((_, target)) = self.app.linked_group(key, directory) {
                        self.app.delete_group(bare(Method::Delete, target), key, session).await?;
                    }
                }
                Event::Import => self.import(session).await?,
                Event::Connect
                | Event::Unassign(_)
                | Event::Reassign(_)
                | Event::PushNow(_)
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

impl Keycloak {
    /// POST at once. A conflict is logged; no mapping is stored, and updates are skipped from then on.
    async fn create(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let person = session.directory.person(key).filter(|person| person.should_be_active());
        if let (Some(person), None) = (person, self.app.links.person(key)) {
            let request = write(Method::Post, "/Users".to_owned(), user(person, None, &self.app.settings));
            self.app.create_user(request, key, session).await?;
        }
        Ok(())
    }

    /// PUT of the whole, or PATCH of `active`, `userName` and `displayName` only: other changes are lost then.
    async fn update(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some((person, target)) = self.app.linked(key, session.directory) else {
            return Ok(());
        };
        let request = if self.app.settings.update == Some(UserUpdate::Patch) {
            let replace = |path: &str, value: &str| json!({"op": "replace", "path": path, "value": value});
            let operations = [
                replace("active", if person.should_be_active() { "true" } else { "false" }),
                replace("userName", &person.user_name),
                replace("displayName", &person.display_name),
            ];
            write(Method::Patch, target, patch_op(&operations))
        } else {
            let id = self.app.links.person(key);
            write(Method::Put, target, user(person, id, &self.app.settings))
        };
        self.app.sent(request, "Updating a user failed", session).await?;
        Ok(())
    }

    /// Lists the users of the first page: links who is in the realm by login name or address, and deletes the others
    /// where the administrator wants that.
    async fn import(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        const TASK: &str = "The import failed";
        let exchange = self.app.send(bare(Method::Get, "/Users".to_owned()), session).await?;
        if !self.app.accepted(&exchange, TASK) {
            return Ok(());
        }
        let Some(found) = exchange.json().and_then(list) else {
            self.app.notices.add(&exchange, format!("{TASK}: {}", detail(&exchange)));
            return Ok(());
        };
        for user in found.resources {
            let Some(id) = id(user) else { continue };
            if self.app.links.people().any(|(_, linked)| linked == id) {
                continue;
            }
            let known = session.directory.people.iter().find(|person| is_meant(user, person));
            match known {
                Some(person) => self.app.links.link_person(&person.key, id),
                None if self.app.settings.import_action == Some(ImportAction::DeleteRemote) => {
                    let request = bare(Method::Delete, user_target(id));
                    self.app
                        .sent(request, "Deleting a user who is unknown to the realm failed", session)
                        .await?;
                }
                None => {}
            }
        }
        Ok(())
    }

    async fn create_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(group) = session.directory.group(key) else {
            return Ok(());
        };
        if self.app.links.group(key).is_some() {
            return self.update_group(key, session).await;
        }
        let body = self.group(group, None, session.directory);
        let request = write(Method::Post, "/Groups".to_owned(), body);
        self.app.create_group(request, key, session).await?;
        Ok(())
    }

    /// PUT of the whole, or PATCH that replaces all members, or removes all where there are none.
    async fn update_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some((group, target)) = self.app.linked_group(key, session.directory) else {
            return Ok(());
        };
        let request = if self.app.settings.update == Some(UserUpdate::Patch) {
            let members = self.app.member_ids(group, session.directory);
            let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
            let first = if members.is_empty() {
                json!({"op": "remove", "path": "members"})
            } else {
                json!({"op": "replace", "path": "members", "value": members})
            };
            let replace = |path: &str, value: &str| json!({"op": "replace", "path": path, "value": value});
            let operations = [
                first,
                replace("displayName", &group.display_name),
                replace("externalId", &group.object_id().to_string()),
            ];
            write(Method::Patch, target, patch_op(&operations))
        } else {
            let id = self.app.links.group(key);
            write(Method::Put, target, self.group(group, id, session.directory))
        };
        self.app.sent(request, "Updating a group failed", session).await?;
        Ok(())
    }

    fn group(&self, group: &Group, id: Option<&str>, directory: &Directory) -> Value {
        let members = self.app.member_ids(group, directory);
        let members: Vec<Value> =
            members.iter().map(|id| json!({"value": id, "$ref": format!("Users/{id}")})).collect();
        let mut body = json!({"schemas": [urn::GROUP]});
        if let Some(id) = id {
            body["id"] = json!(id);
        }
        body["externalId"] = json!(group.object_id().to_string());
        body["displayName"] = json!(group.display_name);
        body["members"] = json!(members);
        body
    }
}

/// Whether a user of the endpoint is somebody of the realm.
fn is_meant(user: &Value, person: &Person) -> bool {
    let is = |value: Option<&Value>, own: &str| {
        value.and_then(Value::as_str).is_some_and(|value| value.eq_ignore_ascii_case(own))
    };
    let addresses = field(user, "emails").and_then(Value::as_array).into_iter().flatten();
    person.state != PersonState::Deleted
        && (is(field(user, "userName"), &person.user_name)
            || addresses.into_iter().any(|address| is(field(address, "value"), &person.email)))
}

/// A user: addresses without type and primary, and roles always.
fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
    let mut body = json!({"schemas": [urn::USER]});
    if let Some(id) = id {
        body["id"] = json!(id);
    }
    body["externalId"] = json!(person.external_id_or(|| person.object_id().to_string()));
    body["userName"] = json!(person.user_name);
    body["displayName"] = json!(person.display_name);
    body["name"] = name(person);
    body["emails"] = json!([{"value": person.email}]);
    body["active"] = json!(person.should_be_active());
    body["roles"] = json!([{"value": ROLE}]);
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
