//! Okta's group bodies.

use serde_json::{Value, json};

use crate::idp::kit::resource::field;
use crate::idp::kit::urn;

/// A member as Okta writes one: id and login name, never `type` or `$ref`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// The endpoint's id of the user.
    pub(crate) id: String,
    /// The login name; Okta writes null where it has none (reported).
    pub(crate) display: Option<String>,
}

impl Member {
    /// As JSON.
    pub(crate) fn to_json(&self) -> Value {
        json!({"value": self.id, "display": self.display})
    }

    /// The members of a group, as the endpoint shows them.
    pub(crate) fn of(resource: &Value) -> Vec<Self> {
        let members = field(resource, "members").and_then(Value::as_array);
        members
            .into_iter()
            .flatten()
            .filter_map(|member| {
                Some(Self {
                    id: field(member, "value")?.as_str()?.to_owned(),
                    display: field(member, "display").and_then(Value::as_str).map(ToOwned::to_owned),
                })
            })
            .collect()
    }
}

fn array(members: &[Member]) -> Value {
    members.iter().map(Member::to_json).collect()
}

/// The body of a creation.
pub(crate) fn create_body(name: &str, members: &[Member]) -> Value {
    json!({"schemas": [urn::GROUP], "displayName": name, "members": array(members)})
}

/// The body of a replacement: the whole list of members.
pub(crate) fn put_body(group: &str, name: &str, members: &[Member]) -> Value {
    json!({"schemas": [urn::GROUP], "id": group, "displayName": name, "members": array(members)})
}

/// The rename operation: no path, and the read-only `id` in the value.
pub(crate) fn rename(group: &str, name: &str) -> Value {
    json!([{"op": "replace", "value": {"id": group, "displayName": name}}])
}

/// One `remove` for each member that leaves, then one `add` for all that join.
pub(crate) fn change(removed: &[Member], added: &[Member]) -> Value {
    let mut operations: Vec<Value> = removed
        .iter()
        .map(|member| {
            let literal = crate::wire::message::encode::filter_literal(&member.id);
            json!({"op": "remove", "path": format!("members[value eq \"{literal}\"]")})
        })
        .collect();
    if !added.is_empty() {
        operations.push(json!({"op": "add", "path": "members", "value": array(added)}));
    }
    Value::Array(operations)
}

/// *Push now*: the whole list, also an empty one.
pub(crate) fn replace_members(members: &[Member]) -> Value {
    json!([{"op": "replace", "path": "members", "value": array(members)}])
}

/// The name that an endpoint shows for a group.
pub(crate) fn group_name(resource: &Value) -> Option<&str> {
    field(resource, "displayName").and_then(Value::as_str)
}
