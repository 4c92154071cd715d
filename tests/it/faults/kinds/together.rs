//! Of several changes in one request, only some are made.

use serde_json::Value;

use crate::faults::ask::text;
use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 8] = [
    Fault::new(
        "together-rename-without-deactivation",
        "of a PATCH that renames a user and sets `active`, only the name is taken",
        "PATCH /Users/{id}",
        |ask| beside(ask, "username", "active"),
    )
    .by("read-back"),
    Fault::new(
        "together-deactivation-without-rename",
        "of a PATCH that renames a user and sets `active`, only `active` is taken",
        "PATCH /Users/{id}",
        |ask| beside(ask, "active", "username"),
    )
    .by("read-back"),
    Fault::new(
        "together-profile-without-deactivation",
        "a PATCH that sets `active` and other attributes leaves `active` as it was",
        "PATCH /Users/{id}",
        |ask| beside(ask, "", "active"),
    )
    .by("read-back"),
    Fault::new(
        "together-deactivation-without-profile",
        "a PATCH that sets `active` sets nothing else",
        "PATCH /Users/{id}",
        |ask| beside(ask, "active", ""),
    )
    .by("read-back")
    .beside(&["attribute-kept", "read-back-profile", "scenario-expectation"]),
    Fault::new(
        "together-last-operation-alone",
        "of the operations of a PATCH on a user, only the last one is applied",
        "PATCH /Users/{id}",
        |ask| {
            if !ask.is("PATCH", "Users") {
                return ask.pass();
            }
            ask.pass_operations(|all| {
                all.drain(..all.len().saturating_sub(1));
            })
        },
    )
    .blamed(&[
        "accepted-outcome",
        "attribute-kept",
        "read-back",
        "read-back-profile",
        "scenario-expectation",
        "user-name-unique",
    ]),
    Fault::new(
        "together-first-operation-alone",
        "of the operations of a PATCH on a group, only the first one is applied",
        "PATCH /Groups/{id}",
        |ask| {
            if !ask.is("PATCH", "Groups") {
                return ask.pass();
            }
            ask.pass_operations(|all| all.truncate(1))
        },
    )
    .blamed(&["members-stored", "one-removed-member", "scenario-expectation"]),
    Fault::new(
        "together-rename-without-members",
        "a PATCH that renames a group takes no members",
        "PATCH /Groups/{id}",
        |ask| {
            if !ask.is("PATCH", "Groups") {
                return ask.pass();
            }
            beside(ask, "displayname", "members")
        },
    ),
    Fault::new(
        "together-put-renames-or-deactivates",
        "a PUT that changes the userName leaves `active` as it was",
        "PUT /Users/{id}",
        |ask| {
            if !ask.is("PUT", "Users") {
                return ask.pass();
            }
            ask.keep(|before, after| {
                if before["userName"] != after["userName"] {
                    after["active"] = before["active"].clone();
                }
            })
        },
    )
    .unmet(),
];

/// Drops the operations on one attribute where another is named too. An empty name stands for every other attribute.
fn beside(ask: &Ask<'_>, taken: &str, dropped: &str) -> Reply {
    if ask.call.method != "PATCH" {
        return ask.pass();
    }
    let operations = ask.operations();
    let is = |at: usize, name: &str, other: &str| match name {
        "" => !operations[at].names(other),
        name => operations[at].names(name),
    };
    let has = |name: &str, other: &str| (0..operations.len()).any(|at| is(at, name, other));
    if pathless(ask) {
        return within(ask, taken, dropped);
    }
    if !has(taken, dropped) || !has(dropped, taken) {
        return ask.pass();
    }
    let mut at = 0;
    ask.pass_operations(|all| {
        all.retain(|_| {
            at += 1;
            !is(at - 1, dropped, taken)
        });
    })
}

fn pathless(ask: &Ask<'_>) -> bool {
    let body = ask.call.json();
    let operations = body["Operations"].as_array().map_or(&[][..], Vec::as_slice);
    operations.len() == 1 && text(&operations[0]["path"]).is_empty()
}

/// The same within the value of a single operation without a path.
fn within(ask: &Ask<'_>, taken: &str, dropped: &str) -> Reply {
    let is = |key: &str, name: &str, other: &str| match name {
        "" => !key.eq_ignore_ascii_case(other) && key != "id" && key != "schemas",
        name => key.eq_ignore_ascii_case(name),
    };
    ask.pass_operations(|all| {
        let Some(value) = all[0].get_mut("value").and_then(Value::as_object_mut) else { return };
        let has = |name: &str, other: &str, value: &serde_json::Map<String, Value>| {
            value.keys().any(|key| is(key, name, other))
        };
        if has(taken, dropped, value) && has(dropped, taken, value) {
            value.retain(|key, _| !is(key, dropped, taken));
        }
    })
}
