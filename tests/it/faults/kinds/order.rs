//! Repetition and order within one request.

use serde_json::{Value, json};

use crate::faults::ask::{member_ids, text, whole};
use crate::faults::{Ask, Fault};

pub(super) const FAULTS: [Fault; 7] = [
    Fault::new(
        "order-same-member-twice-is-a-500",
        "the same member twice in one list is answered 500",
        "PATCH /Groups/{id}, POST /Groups, PUT /Groups/{id}",
        |ask| {
            if twice(&listed(ask)) { ask.refuse(500, "", "duplicate key value") } else { ask.pass() }
        },
    )
    .unmet(),
    Fault::new(
        "order-same-member-twice-adds-nobody",
        "of a list in which a member stands twice, nobody is added",
        "PATCH /Groups/{id}",
        |ask| {
            if ask.call.method == "PATCH" && twice(&listed(ask)) {
                return ask.keep(|before, group| group["members"] = before["members"].clone());
            }
            ask.pass()
        },
    )
    .unmet(),
    Fault::new(
        "order-removals-come-last",
        "in one PATCH of a group, removals are made after additions",
        "PATCH /Groups/{id}",
        |ask| sorted(ask, |op| op == "remove"),
    ),
    Fault::new(
        "order-additions-come-last",
        "in one PATCH of a group, additions are made after removals",
        "PATCH /Groups/{id}",
        |ask| sorted(ask, |op| op != "remove"),
    )
    .blamed(&["one-removed-member"]),
    Fault::new(
        "order-first-value-wins",
        "of two values for one attribute in one PATCH of a user, the first one stays",
        "PATCH /Users/{id}",
        |ask| {
            if !ask.is("PATCH", "Users") {
                return ask.pass();
            }
            let mut seen: Vec<String> = Vec::new();
            ask.pass_operations(|all| {
                all.retain(|operation| {
                    let path = text(&operation["path"]).to_lowercase();
                    let is_new = path.is_empty() || !seen.contains(&path);
                    seen.push(path);
                    is_new
                });
            })
        },
    )
    .blamed(&["attribute-kept", "scenario-expectation"]),
    Fault::new(
        "order-member-again-is-refused",
        "the addition of somebody who is a member already is 409",
        "PATCH /Groups/{id}",
        |ask| {
            if ask.is("PATCH", "Groups") && ask.operations().iter().all(|operation| operation.op == "add") {
                let members = member_ids(&ask.before());
                if listed(ask).iter().any(|id| members.contains(id)) {
                    return ask.refuse(409, "uniqueness", "The user is a member already.");
                }
            }
            ask.pass()
        },
    )
    .by("repeat-taken")
    .ready()
    .beside(&["accepted-outcome"]),
    Fault::new(
        "order-same-member-twice-is-stored-twice",
        "somebody who stands twice in a list of members is stored twice",
        "PATCH /Groups/{id}, POST /Groups, PUT /Groups/{id}",
        |ask| {
            let sent = listed(ask);
            if ask.call.method != "GET" && ask.endpoint() == "Groups" && twice(&sent) {
                let note = ask.pass();
                let id = ask.id().map_or_else(|| text(&note.json()["id"]).to_owned(), str::to_owned);
                if (200..300).contains(&note.status) {
                    ask.remember(format!("twice {id}"), json!(sent));
                }
                return note;
            }
            let reply = ask.pass();
            ask.show_each(reply, |group| doubled(ask, group))
        },
    )
    .unmet(),
];

/// The ids of all members that a write lists.
fn listed(ask: &Ask<'_>) -> Vec<String> {
    if ask.endpoint() != "Groups" || ask.call.method == "GET" {
        return Vec::new();
    }
    let body = ask.call.json();
    let mut all = member_ids(&body);
    for operation in ask.operations() {
        if operation.op == "remove" {
            continue;
        }
        let value =
            if operation.path.is_empty() { operation.value["members"].clone() } else { operation.value };
        let value = if value.is_array() { value } else { json!([value]) };
        all.extend(member_ids(&json!({"members": value})));
    }
    all
}

fn twice(ids: &[String]) -> bool {
    ids.iter().enumerate().any(|(at, id)| ids[..at].contains(id))
}

/// Shows members twice that were sent twice, for as long as they are members.
fn doubled(ask: &Ask<'_>, group: &mut Value) {
    let sent = ask.recall(&format!("twice {}", text(&group["id"])));
    let sent: Vec<String> = sent.as_array().into_iter().flatten().map(|id| text(id).to_owned()).collect();
    whole(group, "members", |members| {
        for (at, id) in sent.iter().enumerate() {
            if sent[..at].contains(id)
                && let Some(member) = members.iter().find(|member| text(&member["value"]) == *id).cloned()
            {
                members.push(member);
            }
        }
    });
}

fn sorted(ask: &Ask<'_>, is_late: fn(&str) -> bool) -> crate::support::Reply {
    if !ask.is("PATCH", "Groups") {
        return ask.pass();
    }
    ask.pass_operations(|all| {
        all.sort_by_key(|operation| is_late(&text(&operation["op"]).to_lowercase()));
    })
}
