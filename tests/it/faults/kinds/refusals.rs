//! Refusals that nothing justifies.

use serde_json::Value;

use crate::faults::ask::text;
use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 8] = [
    Fault::new(
        "refusal-of-the-local-part",
        "the creation of ada@two.example is 409 where ada@one.example is",
        "POST /Users",
        |ask| {
            let name = ask.call.json();
            let local = text(&name["userName"]).split_once('@').map(|(local, _)| format!("{local}@"));
            match local {
                Some(local) if ask.is("POST", "Users") => {
                    conflicts(ask, &format!("userName sw \"{local}\""), "userName")
                }
                _ => ask.pass(),
            }
        },
    )
    .unmet(),
    Fault::new(
        "refusal-of-a-group-under-its-own-name",
        "a PUT of a group that keeps its name is 409",
        "PUT /Groups/{id}",
        |ask| own_value(ask, "PUT", "Groups", "displayName"),
    )
    .by("conflict-justified")
    .beside(&["accepted-outcome"])
    .ready(),
    Fault::new(
        "refusal-of-a-user-under-its-own-name",
        "a PUT of a user that keeps its userName is 409",
        "PUT /Users/{id}",
        |ask| own_value(ask, "PUT", "Users", "userName"),
    )
    .by("conflict-justified")
    .beside(&["accepted-outcome"])
    .ready(),
    Fault::new(
        "refusal-of-its-own-external-id",
        "a PUT of a user that keeps its externalId is 409",
        "PUT /Users/{id}",
        |ask| own_value(ask, "PUT", "Users", "externalId"),
    )
    .by("conflict-justified")
    .beside(&["accepted-outcome"])
    .ready(),
    Fault::new(
        "refusal-of-a-patch-to-its-own-external-id",
        "a PATCH that names the externalId that a user has already is 409",
        "PATCH /Users/{id}",
        |ask| own_value_patched(ask, "Users", "externalId"),
    )
    .unmet(),
    Fault::new(
        "refusal-of-a-patch-to-its-own-group-name",
        "a PATCH that names the displayName that a group has already is 409",
        "PATCH /Groups/{id}",
        |ask| own_value_patched(ask, "Groups", "displayName"),
    )
    .by("conflict-justified")
    .ready(),
    Fault::new(
        "refusal-of-an-address-that-another-has",
        "the creation of a user is 409 where another user has the same displayName",
        "POST /Users",
        |ask| {
            let body = ask.call.json();
            let name = text(&body["displayName"]);
            if !ask.is("POST", "Users") || name.is_empty() || name.contains('"') {
                return ask.pass();
            }
            conflicts(ask, &format!("displayName eq \"{name}\""), "displayName")
        },
    )
    .by("conflict-justified")
    .beside(&["accepted-outcome", "scenario-expectation"])
    .ready(),
    Fault::new(
        "refusal-of-the-name-of-a-deleted-user",
        "the creation of a user is 409 where a user of that name was deleted",
        "POST /Users",
        |ask| {
            if ask.is("DELETE", "Users") {
                let name = ask.before();
                let reply = ask.pass();
                if (200..300).contains(&reply.status) {
                    ask.remember(
                        format!("deleted {}", text(&name["userName"]).to_lowercase()),
                        Value::Bool(true),
                    );
                }
                return reply;
            }
            let body = ask.call.json();
            let note = format!("deleted {}", text(&body["userName"]).to_lowercase());
            if ask.is("POST", "Users") && !ask.recall(&note).is_null() {
                return ask.refuse(409, "uniqueness", "A user of this name was deleted.");
            }
            ask.pass()
        },
    )
    .by("conflict-justified"),
];

/// A creation is refused where the filter finds somebody, whoever it is.
fn conflicts(ask: &Ask<'_>, filter: &str, what: &str) -> Reply {
    let body = ask.call.json();
    let found = ask.find("Users", filter);
    let is_other = |user: &&Value| !text(&user["userName"]).eq_ignore_ascii_case(text(&body["userName"]));
    // Who has the very name is refused with reason.
    if found.is_empty() || found.iter().filter(is_other).count() < found.len() {
        return ask.pass();
    }
    ask.refuse(409, "uniqueness", &format!("{what} is taken."))
}

fn own_value(ask: &Ask<'_>, method: &str, endpoint: &str, name: &str) -> Reply {
    let body = ask.call.json();
    if ask.is(method, endpoint) && body[name].is_string() && ask.before()[name] == body[name] {
        return ask.refuse(409, "uniqueness", &format!("{name} is taken."));
    }
    ask.pass()
}

fn own_value_patched(ask: &Ask<'_>, endpoint: &str, name: &str) -> Reply {
    let small = name.to_lowercase();
    if !ask.is("PATCH", endpoint) || !ask.patches(&small) {
        return ask.pass();
    }
    let has = ask.before()[name].clone();
    let is_own = ask.operations().iter().any(|operation| {
        let value = if operation.path.is_empty() { &operation.value[name] } else { &operation.value };
        operation.names(&small) && *value == has && has.is_string()
    });
    if is_own { ask.refuse(409, "uniqueness", &format!("{name} is taken.")) } else { ask.pass() }
}
