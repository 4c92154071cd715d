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

/// The operations of each PATCH: one `remove` for each member that leaves, then one `add` for all that join, with no more
/// than so many changes in one.
pub(crate) fn change(removed: &[Member], added: &[Member], most: usize) -> Vec<Value> {
    let both: Vec<(bool, &Member)> = removed
        .iter()
        .map(|member| (false, member))
        .chain(added.iter().map(|member| (true, member)))
        .collect();
    both.chunks(most.max(1)).map(operations).collect()
}

fn operations(changes: &[(bool, &Member)]) -> Value {
    let (added, removed): (Vec<_>, Vec<_>) = changes.iter().partition(|(joins, _)| *joins);
    let mut operations: Vec<Value> = removed
        .iter()
        .map(|(_, member)| {
            let literal = crate::wire::message::encode::filter_literal(&member.id);
            json!({"op": "remove", "path": format!("members[value eq \"{literal}\"]")})
        })
        .collect();
    if !added.is_empty() {
        let value: Value = added.iter().map(|(_, member)| member.to_json()).collect();
        operations.push(json!({"op": "add", "path": "members", "value": value}));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn members(ids: &[&str]) -> Vec<Member> {
        ids.iter().map(|id| Member { id: (*id).to_owned(), display: None }).collect()
    }

    #[test]
    fn changes_beyond_the_limit_go_into_the_next_patch() {
        let (removed, added) = (members(&["1"]), members(&["2", "3"]));
        let add = |ids: &[&str]| {
            let value: Value = ids.iter().map(|id| json!({"value": id, "display": null})).collect();
            json!({"op": "add", "path": "members", "value": value})
        };
        let remove = json!({"op": "remove", "path": "members[value eq \"1\"]"});
        assert_eq!(change(&removed, &added, 100), [json!([remove, add(&["2", "3"])])]);
        assert_eq!(change(&removed, &added, 2), [json!([remove, add(&["2"])]), json!([add(&["3"])])]);
        assert!(change(&[], &[], 2).is_empty());
    }
}
