//! Answers of a SCIM endpoint.

use serde_json::{Value, json};

use crate::support::Reply;

/// A list with only some of its resources.
pub(crate) fn keep_listed(reply: Reply, keep: impl Fn(&Value) -> bool) -> Reply {
    let mut body = reply.json();
    let Some(all) = body["Resources"].as_array_mut() else { return reply };
    let before = all.len();
    all.retain(keep);
    let (after, total) = (all.len(), body["totalResults"].as_u64().unwrap_or_default());
    let dropped = u64::try_from(before - after).unwrap();
    body["totalResults"] = json!(total.saturating_sub(dropped));
    body["itemsPerPage"] = json!(after);
    Reply { body: body.to_string(), ..reply }
}

/// The attribute that names a resource of a kind.
pub(crate) fn name_of(kind: &str) -> &'static str {
    if kind == "Users" { "userName" } else { "displayName" }
}

/// A SCIM error.
pub(crate) fn error(status: u16) -> Reply {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.to_string(), "detail": "Something went wrong.",
    });
    Reply::new(status, &body.to_string())
}

/// A list of resources.
pub(crate) fn list(resources: &[Value]) -> Reply {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": resources.len(), "startIndex": 1, "itemsPerPage": resources.len(), "Resources": resources,
    });
    Reply::new(200, &body.to_string())
}
