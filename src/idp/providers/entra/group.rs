//! Groups and their members in a cycle: created empty, then one PATCH for each member.

use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use crate::directory::Group;
use crate::idp::kit::resource::field;
use crate::idp::{Broken, Session};
use crate::wire::Request;

use super::answer::{Match, matched};
use super::diff::diff;
use super::plan::Plan;
use super::request::{create, delete, group_target, match_group, modify, read_group};
use super::{Entra, mapping};

/// How many memberships of one group are changed at a time (captured: up to about five).
const CONCURRENT: usize = 5;

impl Entra {
    /// Brings a group that is assigned into line, all but its members.
    pub(crate) async fn group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(group) = session.directory.group(key).filter(|group| group.pushed) else {
            return Ok(());
        };
        let Some(id) = self.links.group(key).map(ToOwned::to_owned) else {
            return self.match_or_create_group(group, session).await;
        };
        let exchange = self.send(read_group(&id), session).await?;
        match self.read_back(&exchange) {
            Some(resource) => self.patch_group(group, &id, &resource, session).await?,
            None if exchange.status() != 404 => self.escrow.group(key),
            None => {}
        }
        Ok(())
    }

    async fn match_or_create_group(&mut self, group: &Group, session: &Session<'_>) -> Result<(), Broken> {
        let exchange = self.send(match_group(&group.display_name), session).await?;
        match matched(&exchange) {
            Match::None => {
                let exchange = self.send(create("/Groups", mapping::create_group(group)), session).await?;
                match self.created(&exchange) {
                    Some((id, _)) => self.links.link_group(&group.key, id),
                    None => self.escrow.group(&group.key),
                }
                Ok(())
            }
            Match::One(id, resource) => {
                self.links.link_group(&group.key, id.clone());
                self.patch_group(group, &id, &resource, session).await
            }
            Match::Failure(reason) => {
                self.notices.add(&exchange, reason);
                self.escrow.group(&group.key);
                self.heed(&exchange);
                Ok(())
            }
        }
    }

    async fn patch_group(
        &mut self,
        group: &Group,
        id: &str,
        resource: &Value,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let shows_members =
            field(resource, "members").and_then(Value::as_array).is_some_and(|members| !members.is_empty());
        if shows_members {
            self.shows_members.insert(group.key.clone());
        } else {
            self.shows_members.remove(&group.key);
        }
        let changes = diff(mapping::group(group), resource);
        if changes.is_empty() {
            return Ok(());
        }
        let request = modify(group_target(id), self.dialect.changes(&changes));
        let exchange = self.send(request, session).await?;
        if self.failed(&exchange) && exchange.status() != 404 {
            self.escrow.group(&group.key);
        }
        Ok(())
    }

    /// Makes people members or not, as the directory has it: one PATCH for each, in order, some of one group at a time.
    /// What comes after the job was stopped is left over.
    pub(crate) async fn members(
        &mut self,
        members: &[(String, String)],
        rest: &mut Plan,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        for of_group in members.chunk_by(|(one, _), (other, _)| one == other) {
            if self.quarantine.is_some() {
                for (group, person) in of_group {
                    rest.member(group, person);
                }
                continue;
            }
            let requests: Vec<(&str, &str, Request)> = of_group
                .iter()
                .filter_map(|(group, person)| {
                    Some((&**group, &**person, self.member(group, person, session)?))
                })
                .collect();
            // An endpoint that shows members gets replacements, of which the last one must be the last.
            let shows_members =
                requests.first().is_some_and(|(group, ..)| self.shows_members.contains(*group));
            let at_a_time = if shows_members { 1 } else { session.wire.at_a_time(CONCURRENT) };
            let own: &Self = self;
            let sent = stream::iter(requests).map(|(group, person, request)| async move {
                (group, person, own.send(request, session).await)
            });
            let answers: Vec<_> = sent.buffered(at_a_time).collect().await;
            for (group, person, answer) in answers {
                let exchange = answer?;
                if self.failed(&exchange) && exchange.status() != 404 {
                    self.escrow.member(group, person);
                }
            }
        }
        Ok(())
    }

    /// The PATCH of one membership. A reference to somebody who is not there yet waits.
    fn member(&mut self, group_key: &str, person_key: &str, session: &Session<'_>) -> Option<Request> {
        let directory = session.directory;
        let group = directory.group(group_key).filter(|group| group.pushed)?;
        let person = directory.person(person_key)?;
        let joins = group.members.contains(&person.key);
        let (Some(group_id), Some(person_id)) = (self.links.group(group_key), self.links.person(person_key))
        else {
            if joins {
                self.escrow.reference(group_key, person_key);
            }
            return None;
        };
        if joins && !self.scope.is_active(person) {
            self.escrow.reference(group_key, person_key);
            return None;
        }
        let body = match (joins, self.shows_members.contains(group_key)) {
            (true, false) => self.dialect.add_member(person_id),
            (true, true) => self.dialect.replace_members(person_id),
            (false, _) => self.dialect.remove_member(person_id),
        };
        Some(modify(group_target(group_id), body))
    }

    /// Deletes at the endpoint a group that is no longer assigned.
    pub(crate) async fn delete_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        if session.directory.group(key).is_some_and(|group| group.pushed) {
            return Ok(());
        }
        let Some(id) = self.links.group(key).map(ToOwned::to_owned) else {
            return Ok(());
        };
        let exchange = self.send(read_group(&id), session).await?;
        if exchange.status() != 404 {
            self.failed(&exchange);
            let exchange = self.send(delete(group_target(&id)), session).await?;
            if exchange.status() != 404 && self.failed(&exchange) {
                self.escrow.unassigned_group(key);
                return Ok(());
            }
        }
        self.links.unlink_group(key);
        Ok(())
    }
}
