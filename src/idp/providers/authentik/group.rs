//! Groups as authentik writes them: without members where the endpoint takes PATCH, and each member an operation.

use serde_json::{Value, json};

use crate::directory::Group;
use crate::idp::kit::app::{Found, group_target};
use crate::idp::kit::generic as plain;
use crate::idp::kit::resource::field;
use crate::idp::kit::urn;
use crate::idp::settings::Compatibility;
use crate::idp::{Broken, Session};
use crate::wire::Method;
use crate::wire::message::encode::{filter_literal, query_plus};

use super::{Authentik, bare, write};

/// Adds one member.
fn add(id: &str) -> Value {
    json!({"op": "add", "path": "members", "value": [{"value": id}]})
}

/// Removes one member, by a filter: up to 2026.5.3 it was a list of values.
fn remove(id: &str) -> Value {
    json!({"op": "remove", "path": format!("members[value eq \"{}\"]", filter_literal(id))})
}

fn patch_op(operations: &[Value]) -> Value {
    json!({"Operations": operations, "schemas": [urn::PATCH_OP]})
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
        self.change(key, members.iter().map(|id| add(id)).collect(), session).await
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
        let operation = self.app.links.person(person).map(if joins { add } else { remove });
        self.change(group, operation.into_iter().collect(), session).await
    }

    /// The whole group where it changed, then the members that the endpoint shows against the directory's. An endpoint
    /// that refuses PUT is tried with PATCH.
    pub(super) async fn update_group(&mut self, key: &str, session: &Session<'_>) -> Result<(), Broken> {
        let config = self.config(session).await?;
        let Some((group, target)) = self.app.linked_group(key, session.directory) else {
            return Ok(());
        };
        let body = self.body(group, config.patch, session);
        if self.groups.get(key) != Some(&body) {
            let mut done = false;
            if !config.patch {
                let put = write(Method::Put, target.clone(), self.replacement(group, session));
                done = self.app.sent(put, "Replacing a group failed", session).await?;
            }
            if !done {
                let patch = write(Method::Patch, target.clone(), self.changed(group, &body));
                if !self.app.sent(patch, "Updating a group failed", session).await? {
                    return Ok(());
                }
            }
            self.groups.insert(key.to_owned(), body);
        }
        self.compare_members(key, session).await
    }

    /// The PATCH of a changed group: an operation without a path, and no `schemas` around it, since what is a default
    /// is left out; or one for each attribute where the endpoint is AWS's.
    fn changed(&self, group: &Group, body: &Value) -> Value {
        if self.app.settings.compatibility == Some(Compatibility::Aws) {
            let replace = |path: &str, value: &str| json!({"op": "replace", "path": path, "value": value});
            let external_id = group.object_id().to_string();
            return patch_op(&[
                replace("displayName", &group.display_name),
                replace("externalId", &external_id),
            ]);
        }
        json!({"Operations": [{"op": "replace", "value": body}]})
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
        let added = own.iter().filter(|id| !shown.contains(&id.as_str())).map(|id| add(id));
        let removed = shown.iter().filter(|id| own.iter().all(|own| own != *id)).map(|id| remove(id));
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
        let mut body = json!({"displayName": group.display_name});
        let members = self.app.member_ids(group, session.directory);
        if !patch && !members.is_empty() {
            body["members"] = plain::values(&members);
        }
        body["schemas"] = json!([urn::GROUP]);
        body["externalId"] = json!(group.object_id().to_string());
        body
    }

    /// A whole group, always with its members: none of them is an empty list.
    fn replacement(&self, group: &Group, session: &Session<'_>) -> Value {
        json!({
            "id": self.app.links.group(&group.key),
            "displayName": group.display_name,
            "members": plain::values(&self.app.member_ids(group, session.directory)),
            "schemas": [urn::GROUP],
            "externalId": group.object_id().to_string(),
        })
    }
}
