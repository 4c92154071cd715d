//! Users in a cycle: match, create or link, update what differs.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;

use crate::directory::{Person, PersonState};
use crate::idp::kit::attribute::Attribute;
use crate::idp::kit::resource::{field, id};
use crate::idp::kit::urn;
use crate::idp::settings::{MatchAttribute, SoftDeletion};
use crate::idp::{Broken, Session};
use crate::wire::Exchange;

use super::answer::{Match, failure, incompatible, matched};
use super::dialect::Dialect;
use super::diff::{Change, Verb, diff};
use super::plan::Plan;
use super::request::{create, delete, match_user, modify, read_user, user_target};
use super::{Entra, mapping};

/// Users as a cycle last saw them, by their keys: what their references are compared with.
pub(crate) type Seen = BTreeMap<String, Value>;

impl Entra {
    /// *Test connection*: the probe, which is no cycle.
    pub(crate) async fn test_connection(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        self.ask_for_nobody(session).await?;
        Ok(())
    }

    /// The probe before a cycle: the job goes on, or comes into quarantine.
    pub(crate) async fn probe(&mut self, session: &Session<'_>) -> Result<bool, Broken> {
        let (exchange, connected) = self.ask_for_nobody(session).await?;
        if connected {
            self.quarantine = None;
        } else {
            self.quarantine(&exchange);
        }
        Ok(connected)
    }

    /// A match query for somebody who cannot exist. Anything but an empty list fails the connection.
    async fn ask_for_nobody(&mut self, session: &Session<'_>) -> Result<(Arc<Exchange>, bool), Broken> {
        let nobody = session.random.guid().to_string();
        let attribute = self.settings.matching().first().copied().unwrap_or(MatchAttribute::UserName);
        let exchange = self.send(match_user(attribute, &nobody), session).await?;
        let reason = match matched(&exchange) {
            Match::None => return Ok((exchange, true)),
            Match::One(..) => incompatible("a query for a nonexistent user returned a result"),
            Match::Failure(reason) => reason,
        };
        self.notices.add(&exchange, reason);
        Ok((exchange, false))
    }

    /// Brings a person's user into line.
    pub(crate) async fn user(
        &mut self,
        key: &str,
        seen: &mut Seen,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let Some(person) = session.directory.person(key) else {
            return Ok(());
        };
        let active = self.scope.is_active(person);
        let Some(id) = self.links.person(key).map(ToOwned::to_owned) else {
            // Who is disabled in the directory is not created.
            if active && let Some(resource) = self.match_or_create(person, self.dialect, session).await? {
                seen.insert(key.to_owned(), resource);
            }
            return Ok(());
        };
        let exchange = self.send(read_user(&id), session).await?;
        let Some(resource) = self.read_back(&exchange) else {
            if exchange.status() != 404 {
                self.escrow.person(key);
            }
            return Ok(());
        };
        let settings = Rc::clone(&self.settings);
        let mapped = if self.scope.holds(person) {
            mapping::user(person, active, &settings)
        } else if self.frees_the_name_of(person) {
            mapping::soft_deleted(person, &settings)
        } else {
            mapping::active(false)
        };
        let changes = diff(mapped, &resource);
        self.patch_user(person, &id, &changes, self.dialect, session).await?;
        if active {
            seen.insert(key.to_owned(), resource);
        }
        Ok(())
    }

    /// Whether somebody who was deleted is renamed in the directory, which the mapping of `userName` passes on.
    fn frees_the_name_of(&self, person: &Person) -> bool {
        person.state == PersonState::Deleted && self.settings.soft_deletion == Some(SoftDeletion::Renames)
    }

    /// *Provision on demand*: probe, match, write. The flag is ignored here (documented).
    pub(crate) async fn on_demand(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let person = session.directory.person(key).filter(|person| self.scope.is_active(person));
        if let Some(person) = person {
            self.ask_for_nobody(session).await?;
            self.match_or_create(person, Dialect::Legacy, session).await?;
        }
        Ok(())
    }

    /// *Provision on demand* of a group: the chosen members as people first, then the group, then their memberships, in
    /// the words that ignore the flag (documented: both, and that the writes are real; the order is inferred). Who was
    /// not chosen comes with the next cycle.
    pub(crate) async fn on_demand_group(
        &mut self,
        key: &str,
        members: &[String],
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        self.ask_for_nobody(session).await?;
        for member in members {
            let person = session.directory.person(member).filter(|person| self.scope.is_active(person));
            if let Some(person) = person {
                self.match_or_create(person, Dialect::Legacy, session).await?;
            }
        }
        let own = std::mem::replace(&mut self.dialect, Dialect::Legacy);
        let done = self.group_with(key, members, session).await;
        self.dialect = own;
        done
    }

    async fn group_with(
        &mut self,
        key: &str,
        members: &[String],
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        self.group(key, session).await?;
        let members: Vec<_> = members.iter().map(|member| (key.to_owned(), member.clone())).collect();
        // What an earlier quarantine keeps back is made up for by the next cycle.
        let mut rest = Plan::default();
        self.members(&members, &mut rest, session).await?;
        self.backlog.append(rest);
        Ok(())
    }

    /// Asks who matches, by one matching attribute after the other until somebody does: creates where nobody does, links
    /// and updates the one who does, and fails where several do.
    async fn match_or_create(
        &mut self,
        person: &Person,
        dialect: Dialect,
        session: &Session<'_>,
    ) -> Result<Option<Value>, Broken> {
        let settings = Rc::clone(&self.settings);
        let mut asked = false;
        for attribute in settings.matching() {
            let Some(value) = mapping::match_value(*attribute, person, &settings) else { continue };
            let exchange = self.send(match_user(*attribute, &value), session).await?;
            match matched(&exchange) {
                Match::None => asked = true,
                Match::One(id, resource) => {
                    self.links.link_person(&person.key, id.clone());
                    let changes = diff(mapping::user(person, true, &settings), &resource);
                    self.patch_user(person, &id, &changes, dialect, session).await?;
                    return Ok(Some(resource));
                }
                Match::Failure(reason) => {
                    self.notices.add(&exchange, reason);
                    self.escrow.person(&person.key);
                    self.heed(&exchange);
                    return Ok(None);
                }
            }
        }
        if !asked {
            // Nothing to match by: the log says `ImportSkipped`, and there is no exchange to show.
            return Ok(None);
        }
        self.create_user(person, session).await
    }

    /// Creates a user. A conflict is logged and tried again later; it does not lead to a search.
    async fn create_user(&mut self, person: &Person, session: &Session<'_>) -> Result<Option<Value>, Broken> {
        let exchange =
            self.send(create("/Users", mapping::create_user(person, &self.settings)), session).await?;
        let created = self.created(&exchange);
        match &created {
            Some((id, _)) => self.links.link_person(&person.key, id.clone()),
            None => self.escrow.person(&person.key),
        }
        Ok(created.map(|(_, resource)| resource))
    }

    async fn patch_user(
        &mut self,
        person: &Person,
        id: &str,
        changes: &[Change<'_>],
        dialect: Dialect,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        if changes.is_empty() {
            return Ok(());
        }
        let request = modify(user_target(id), dialect.changes(changes));
        let exchange = self.send(request, session).await?;
        if self.failed(&exchange) && exchange.status() != 404 {
            self.escrow.person(&person.key);
        }
        Ok(())
    }

    /// References come last: the manager of everybody whom the cycle looked at, where the manager is linked.
    pub(crate) async fn references(&mut self, seen: &Seen, session: &Session<'_>) -> Result<(), Broken> {
        for (key, resource) in seen {
            let manager = session
                .directory
                .person(key)
                .and_then(|person| person.manager.as_deref())
                .and_then(|manager| self.links.person(manager));
            let (Some(id), Some(manager)) = (self.links.person(key), manager) else {
                continue;
            };
            let verb = match current_manager(resource) {
                None => Verb::Add,
                Some(current) if current == manager => continue,
                Some(_) => Verb::Replace,
            };
            let request = modify(user_target(id), self.dialect.set_manager(verb, manager));
            let exchange = self.send(request, session).await?;
            if self.failed(&exchange) && exchange.status() != 404 {
                self.escrow.person(key);
            }
        }
        Ok(())
    }

    /// Deletes at the endpoint whose 30 days are over.
    pub(crate) async fn delete_user(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(id) = self.links.person(key) else {
            return Ok(());
        };
        let exchange = self.send(delete(user_target(id)), session).await?;
        if exchange.status() != 404 && self.failed(&exchange) {
            self.scope.delete_later(key.to_owned());
        } else {
            self.links.unlink_person(key);
        }
        Ok(())
    }

    /// The representation of a linked object; an answer without one goes to the log.
    pub(crate) fn read_back(&mut self, exchange: &Exchange) -> Option<Value> {
        if self.failed(exchange) {
            return None;
        }
        let resource = exchange.json().filter(|body| body.is_object()).cloned();
        if resource.is_none() {
            self.notices.add(exchange, incompatible("the response is not a resource"));
        }
        resource
    }

    /// The id and representation of a new object. Without an id it cannot be linked, and a retry will conflict.
    pub(crate) fn created(&mut self, exchange: &Exchange) -> Option<(String, Value)> {
        if self.failed(exchange) {
            return None;
        }
        let body = exchange.json();
        let created = body.and_then(|body| Some((id(body)?.to_owned(), body.clone())));
        if created.is_none() {
            self.notices.add(exchange, incompatible("the response to a creation has no id"));
        }
        created
    }

    /// Whether an answer is no success; then it goes to the log.
    pub(crate) fn failed(&mut self, exchange: &Exchange) -> bool {
        if !exchange.is_success() {
            self.notices.add(exchange, failure(exchange));
            if exchange.status() == 401 {
                self.heed(exchange);
            }
        }
        !exchange.is_success()
    }

    /// Credentials that are refused, and a match query that is answered 404, stop the job.
    pub(crate) fn heed(&mut self, exchange: &Exchange) {
        if matches!(exchange.status(), 401 | 404) && self.quarantine.is_none() {
            self.quarantine(exchange);
        }
    }
}

/// The manager that an endpoint shows, as an object or as a string.
fn current_manager(resource: &Value) -> Option<&str> {
    let path = format!("{}:manager", urn::ENTERPRISE);
    let manager = Attribute::parse(&path).get(resource)?;
    field(manager, "value").unwrap_or(manager).as_str().filter(|id| !id.is_empty())
}
