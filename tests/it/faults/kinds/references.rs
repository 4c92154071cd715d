//! References to what the endpoint does not know.

use serde_json::Value;

use super::ENTERPRISE;
use crate::faults::ask::{text, without};
use crate::faults::{Ask, Fault};

pub(super) const FAULTS: [Fault; 4] = [
    Fault::new(
        "reference-to-an-unknown-manager-is-refused",
        "a user whose manager is unknown is refused with 400",
        "POST /Users, PATCH /Users/{id}, PUT /Users/{id}",
        |ask| match unknown_manager(ask) {
            Some(_) => ask.refuse(400, "invalidValue", "The manager does not exist."),
            None => ask.pass(),
        },
    )
    .by("accepted-payload")
    .should(),
    Fault::new(
        "reference-to-an-unknown-manager-is-a-500",
        "a user whose manager is unknown is answered 500",
        "POST /Users, PATCH /Users/{id}, PUT /Users/{id}",
        |ask| match unknown_manager(ask) {
            Some(_) => ask.refuse(500, "", "violates foreign key constraint"),
            None => ask.pass(),
        },
    )
    .by("accepted-payload")
    .should(),
    Fault::new(
        "reference-to-an-unknown-manager-drops-the-extension",
        "a user whose manager is unknown loses the whole enterprise extension",
        "POST /Users, PATCH /Users/{id}, PUT /Users/{id}",
        |ask| match unknown_manager(ask) {
            Some(_) => ask.keep(|_, user| without(user, &[ENTERPRISE])),
            None => ask.pass(),
        },
    ),
    Fault::new(
        "reference-to-a-manager-is-dropped-with-the-manager",
        "whoever has a manager that is deleted is answered 500 from then on",
        "GET /Users/{id}, PATCH /Users/{id}, PUT /Users/{id}",
        |ask| {
            if ask.is("DELETE", "Users") {
                let id = ask.id().unwrap_or_default().to_owned();
                ask.remember(format!("gone {id}"), Value::Bool(true));
                return ask.pass();
            }
            if ask.is("GET PATCH PUT", "Users") && ask.id().is_some() {
                let user = ask.before();
                let manager = &user[ENTERPRISE]["manager"]["value"];
                if manager.is_string() && !ask.recall(&format!("gone {}", text(manager))).is_null() {
                    return ask.refuse(500, "", "NullPointerException");
                }
            }
            ask.pass()
        },
    )
    .unmet(),
];

/// The manager whom a write names and nobody knows.
fn unknown_manager(ask: &Ask<'_>) -> Option<String> {
    if !ask.is("POST PUT PATCH", "Users") {
        return None;
    }
    let body = ask.call.json();
    let whole = [&body[ENTERPRISE]["manager"]];
    let patched = body["Operations"].as_array().into_iter().flatten().flat_map(|operation| {
        let is_manager = text(&operation["path"]).to_lowercase().contains("manager");
        let by_path = if is_manager { &operation["value"] } else { &Value::Null };
        [by_path, &operation["value"][ENTERPRISE]["manager"]]
    });
    for manager in whole.into_iter().chain(patched) {
        let id = manager.as_str().or(manager["value"].as_str()).or(manager[0]["value"].as_str());
        let id = id.unwrap_or_default();
        if !id.is_empty() && ask.read(&format!("/Users/{id}")).is_null() {
            return Some(id.to_owned());
        }
    }
    None
}
