//! A new life under an old name.

use serde_json::Value;

use super::ENTERPRISE;
use crate::faults::ask::{member_ids, text};
use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 5] = [
    Fault::new(
        "life-has-the-profile-of-the-old-one",
        "a user made anew under the name of a deleted one has what the old profile had and the new one does not name",
        "POST /Users",
        |ask| revived(ask, "Users", "userName", |old, new| {
            for name in ["title", "nickName", "addresses", "phoneNumbers", "displayName", ENTERPRISE] {
                if new[name].is_null() && !old[name].is_null() {
                    new[name] = old[name].clone();
                }
            }
        }),
    ).blamed(&["accepted-outcome"]),
    Fault::new(
        "life-has-the-old-external-id",
        "a user made anew under the name of a deleted one has the old externalId",
        "POST /Users",
        |ask| revived(ask, "Users", "userName", |old, new| {
            if old["externalId"].is_string() {
                new["externalId"] = old["externalId"].clone();
            }
        }),
    )
    .unmet(),
    Fault::new(
        "life-is-as-inactive-as-the-old-one",
        "a user made anew under the name of a deleted one is inactive if the old one was",
        "POST /Users",
        |ask| revived(ask, "Users", "userName", |old, new| new["active"] = old["active"].clone()),
    )
    .by("read-back"),
    Fault::new(
        "life-has-the-groups-of-the-old-one",
        "a user made anew under the name of a deleted one is a member of the old one's groups",
        "POST /Users",
        |ask| {
            if ask.is("DELETE", "Users") {
                let user = ask.before();
                let note = format!("groups of {}", text(&user["userName"]).to_lowercase());
                let groups = user["groups"].clone();
                let reply = ask.pass();
                if (200..300).contains(&reply.status) {
                    ask.remember(note, groups);
                }
                return reply;
            }
            let reply = ask.pass();
            if ask.is("POST", "Users") && reply.status == 201 {
                let user = reply.json();
                let note = format!("groups of {}", text(&user["userName"]).to_lowercase());
                for group in ask.recall(&note).as_array().into_iter().flatten() {
                    rejoin(ask, text(&group["value"]), &user["id"]);
                }
            }
            reply
        },
    ),
    Fault::new(
        "life-of-a-group-has-the-old-members",
        "a group made anew under the name of a deleted one has the old one's members",
        "POST /Groups",
        |ask| revived(ask, "Groups", "displayName", |old, new| {
            let has = member_ids(new);
            for member in old["members"].as_array().into_iter().flatten() {
                if !has.contains(&text(&member["value"]).to_owned()) {
                    match new.get_mut("members").and_then(Value::as_array_mut) {
                        Some(members) => members.push(member.clone()),
                        None => new["members"] = serde_json::json!([member]),
                    }
                }
            }
        }),
    ),
];

/// Changes who is created under the name of somebody who was deleted; `edit` gets the old one and the new one.
fn revived(ask: &Ask<'_>, endpoint: &str, name: &str, edit: fn(&Value, &mut Value)) -> Reply {
    let note = |resource: &Value| format!("old {endpoint} {}", text(&resource[name]).to_lowercase());
    if ask.is("DELETE", endpoint) {
        let old = ask.before();
        let reply = ask.pass();
        if (200..300).contains(&reply.status) {
            ask.remember(note(&old), old);
        }
        return reply;
    }
    if !ask.is("POST", endpoint) {
        return ask.pass();
    }
    let old = ask.recall(&note(&ask.call.json()));
    ask.keep(|_, new| {
        if !old.is_null() {
            edit(&old, new);
        }
    })
}

fn rejoin(ask: &Ask<'_>, group: &str, user: &Value) {
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": user}]}],
    });
    if ask.own("PATCH", &format!("/Groups/{group}"), Some(&body)).status < 300 {
        ask.fire();
    }
}
