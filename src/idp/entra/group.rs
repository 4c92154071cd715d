//! Groups and their members in a cycle: created empty, then one PATCH for each member.

use serde_json::Value;

use crate::directory::Group;
use crate::idp::resource::field;
use crate::idp::{Broken, Session};

use super::answer::{Match, matched};
use super::diff::diff;
use super::request::{create, delete, group_target, match_group, modify, read_group};
use super::{Entra, mapping};

impl Entra {
    /// Brings a group that is assigned into line, all but its members.
    pub(crate) async fn group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some(group) = session.directory.group(key).filter(|group| group.pushed) else {
            return Ok(());
        };
        let Some(id) = self.links.group(key).map(ToOwned::to_owned) else {
            return self.match_or_create_group(group, session).await;
        };
        let exchange = session.send(read_group(&id)).await?;
        match self.read_back(&exchange) {
            Some(resource) => self.patch_group(group, &id, &resource, session).await?,
            None if exchange.status() != 404 => self.escrow.group(key),
            None => {}
        }
        Ok(())
    }

    async fn match_or_create_group(&mut self, group: &Group, session: &Session<'_>) -> Result<(), Broken> {
        let exchange = session.send(match_group(&group.display_name)).await?;
        match matched(&exchange) {
            Match::None => {
                let exchange = session.send(create("/Groups", &mapping::create_group(group))).await?;
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
        let request = modify(group_target(id), &self.dialect.changes(&changes));
        let exchange = session.send(request).await?;
        if self.failed(&exchange) && exchange.status() != 404 {
            self.escrow.group(&group.key);
        }
        Ok(())
    }

    /// Makes one person a member or not, as the directory has it. A reference to somebody who is not there yet waits.
    pub(crate) async fn member(
        &mut self,
        group_key: &str,
        person_key: &str,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let directory = session.directory;
        let group = directory.group(group_key).filter(|group| group.pushed);
        let (Some(group), Some(person)) = (group, directory.person(person_key)) else {
            return Ok(());
        };
        let joins = group.members.contains(&person.key);
        let (Some(group_id), Some(person_id)) = (self.links.group(group_key), self.links.person(person_key))
        else {
            if joins {
                self.escrow.member(group_key, person_key);
            }
            return Ok(());
        };
        if joins && !self.scope.is_active(person) {
            self.escrow.member(group_key, person_key);
            return Ok(());
        }
        let body = match (joins, self.shows_members.contains(group_key)) {
            (true, false) => self.dialect.add_member(person_id),
            (true, true) => self.dialect.replace_members(person_id),
            (false, _) => self.dialect.remove_member(person_id),
        };
        let exchange = session.send(modify(group_target(group_id), &body)).await?;
        if self.failed(&exchange) && exchange.status() != 404 {
            self.escrow.member(group_key, person_key);
        }
        Ok(())
    }

    /// Deletes at the endpoint a group that is no longer assigned.
    pub(crate) async fn delete_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        if session.directory.group(key).is_some_and(|group| group.pushed) {
            return Ok(());
        }
        let Some(id) = self.links.group(key).map(ToOwned::to_owned) else {
            return Ok(());
        };
        let exchange = session.send(read_group(&id)).await?;
        if exchange.status() != 404 {
            self.failed(&exchange);
            let exchange = session.send(delete(group_target(&id))).await?;
            if exchange.status() != 404 && self.failed(&exchange) {
                self.escrow.unassigned_group(key);
                return Ok(());
            }
        }
        self.links.unlink_group(key);
        Ok(())
    }
}
