//! Groups as authentik writes them: without members where the endpoint takes PATCH, and each member an operation.

use serde_json::{Value, json};

use crate::directory::Group;
use crate::idp::kit::app::{Found, group_target, patch_op};
use crate::idp::kit::generic as plain;
use crate::idp::kit::resource::field;
use crate::idp::kit::urn;
use crate::idp::settings::Compatibility;
use crate::idp::{Broken, Session};
use crate::wire::Method;
use crate::wire::message::encode::{filter_literal, query_plus};

use super::{Authentik, bare, write};

/// An operation on one member.
fn of_member(op: &str, id: &str) -> Value {
    json!({"op": op, "path": "members", "value": [{"value": id}]})
}

impl Authentik {
    /// Creates a group and adds its members, or brings one that is linked into line.
    pub(super) async fn group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        if self.app.links.group(key).is_some() {
            return self.update_group(key, session).await;
        }
        let Some(group) = session.directory.group(key) else {
            return Ok(());
        };
        let config = self.config(session).await?;
        let body = self.body(group, config.patch, session);
        let answer = session.send(write(Method::Post, "/Groups".to_owned(), body.clone())).await?;
        let mut id = None;
        if answer.status() == 409 && config.filter {
            let filter = query_plus(&format!("displayName eq \"{}\"", filter_literal(&group.display_name)));
            let lookup = bare(Method::Get, format!("/Groups?filter={filter}"));
            if let Found::One(found) = self.app.look_up(lookup, None, session).await? {
                id = Some(found);
            }
        }
        let id = id.or_else(|| self.app.id_of(&answer, "Creating a group failed"));
        let Some(id) = id else { return Ok(()) };
        self.app.links.link_group(key, id);
        self.groups.insert(key.to_owned(), body);
        let members = self.app.member_ids(group, session.directory);
        self.change(key, members.iter().map(|id| of_member("add", id)).collect(), session).await
    }

    /// Somebody joins or leaves: a PATCH of that, or the whole group where the endpoint takes none.
    pub(super) async fn member(
        &mut self,
        group: &str,
        person: &str,
        joins: bool,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        if !self.config(session).await?.patch {
            return self.update_group(group, session).await;
        }
        let operation =
            self.app.links.person(person).map(|id| of_member(if joins { "add" } else { "remove" }, id));
        self.change(group, operation.into_iter().collect(), session).await
    }

    /// The whole group where it changed, then the members that the endpoint shows against the directory's. An endpoint
    /// that refuses PUT is tried with PATCH.
    pub(super) async fn update_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let config = self.config(session).await?;
        let Some((group, target)) = self.app.linked_group(key, session.directory) else {
            return Ok(());
        };
        let mut body = self.body(group, config.patch, session);
        if self.groups.get(key) != Some(&body) {
            let written = body.clone();
            let mut done = false;
            if !config.patch {
                body["id"] = json!(self.app.links.group(key));
                let put = write(Method::Put, target.clone(), body);
                done = self.app.sent(put, "Replacing a group failed", session).await?;
            }
            if !done {
                let operations = self.changed(group, &written);
                let patch = write(Method::Patch, target.clone(), patch_op(&operations));
                if !self.app.sent(patch, "Updating a group failed", session).await? {
                    return Ok(());
                }
            }
            self.groups.insert(key.to_owned(), written);
        }
        self.compare_members(key, session).await
    }

    /// The operations of a changed group: one without a path, or one for each attribute where the endpoint is AWS's.
    fn changed(&self, group: &Group, body: &Value) -> Vec<Value> {
        if self.app.settings.compatibility == Some(Compatibility::Aws) {
            let replace = |path: &str, value: &str| json!({"op": "replace", "path": path, "value": value});
            let external_id = group.object_id().to_string();
            return vec![replace("displayName", &group.display_name), replace("externalId", &external_id)];
        }
        vec![json!({"op": "replace", "value": body})]
    }

    /// Reads who the endpoint shows as members, and patches the difference.
    async fn compare_members(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let Some((group, target)) = self.app.linked_group(key, session.directory) else {
            return Ok(());
        };
        let exchange = session.send(bare(Method::Get, target)).await?;
        if !self.app.accepted(&exchange, "Reading a group failed") {
            return Ok(());
        }
        let shown = exchange.json().and_then(|body| field(body, "members")).and_then(Value::as_array);
        let shown: Vec<&str> =
            shown.into_iter().flatten().filter_map(|member| field(member, "value")?.as_str()).collect();
        let own = self.app.member_ids(group, session.directory);
        let added = own.iter().filter(|id| !shown.contains(&id.as_str())).map(|id| of_member("add", id));
        let removed =
            shown.iter().filter(|id| own.iter().all(|own| own != *id)).map(|id| of_member("remove", id));
        let operations = added.chain(removed).collect();
        self.change(key, operations, session).await
    }

    /// PATCH in chunks. One that is refused ends it.
    async fn change(
        &mut self,
        key: &str,
        operations: Vec<Value>,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        let size = self.config(session).await?.chunk(operations.len());
        let Some(target) = self.app.links.group(key).map(group_target) else {
            return Ok(());
        };
        for chunk in operations.chunks(size) {
            let request = write(Method::Patch, target.clone(), patch_op(chunk));
            if !self.app.sent(request, "Changing members failed", session).await? {
                break;
            }
        }
        Ok(())
    }

    /// A group; with its members where they cannot be patched.
    fn body(&self, group: &Group, patch: bool, session: &Session<'_>) -> Value {
        let mut body = json!({
            "schemas": [urn::GROUP],
            "externalId": group.object_id().to_string(),
            "displayName": group.display_name,
        });
        let members = self.app.member_ids(group, session.directory);
        if !patch && !members.is_empty() {
            body["members"] = plain::values(&members);
        }
        body
    }
}
