//! Derived attributes that disagree with what they come from.

use serde_json::{Value, json};

use crate::faults::ask::{list, text, whole};
use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 8] = [
    Fault::new(
        "derived-groups-of-a-user-are-empty",
        "`groups` of a user is always an empty list",
        "GET /Users/{id}, GET /Users, GET /Groups/{id}",
        |ask| {
            users(ask, |user| {
                whole(user, "groups", Vec::clear);
            })
        },
    )
    .by("user-groups")
    .should()
    .ready(),
    Fault::new(
        "derived-groups-of-a-user-are-stale",
        "`groups` of a user still names the groups that the user has left",
        "GET /Users/{id}, GET /Users, GET /Groups/{id}",
        |ask| {
            users(ask, |user| {
                let note = format!("groups {}", text(&user["id"]));
                let mut known = ask.recall(&note).as_array().cloned().unwrap_or_default();
                let now: Vec<Value> = user["groups"].as_array().cloned().unwrap_or_default();
                known.retain(|old| now.iter().all(|new| new["value"] != old["value"]));
                let all: Vec<Value> = now.iter().cloned().chain(known).collect();
                if all.len() > now.len() {
                    user["groups"] = json!(all);
                }
                ask.remember(note, json!(all));
            })
        },
    )
    .by("user-groups")
    .should()
    .ready(),
    Fault::new(
        "derived-groups-have-the-old-name",
        "`groups[].display` of a user is the name that a group had at first",
        "GET /Users/{id}, GET /Users, GET /Groups/{id}",
        |ask| {
            users(ask, |user| {
                for group in list(user, "groups") {
                    let note = format!("first name {}", text(&group["value"]));
                    if ask.recall(&note).is_null() {
                        ask.remember(note.clone(), group["display"].clone());
                    }
                    group["display"] = ask.recall(&note);
                }
            })
        },
    )
    .by("user-groups")
    .should(),
    Fault::new(
        "derived-formatted-name-is-stale",
        "`name.formatted` stays as it was when givenName or familyName change",
        "PATCH /Users/{id}, PUT /Users/{id}",
        |ask| {
            users(ask, |user| {
                let name = &user["name"];
                if name["familyName"].is_null() {
                    return;
                }
                let formatted = format!("{} {}", text(&name["givenName"]), text(&name["familyName"]));
                let note = format!("formatted {}", text(&user["id"]));
                if ask.recall(&note).is_null() {
                    let first = if name["formatted"].is_string() {
                        name["formatted"].clone()
                    } else {
                        json!(formatted)
                    };
                    ask.remember(note.clone(), first);
                }
                user["name"]["formatted"] = ask.recall(&note);
            })
        },
    )
    .blamed(&["formatted-name", "scenario-expectation"]),
    Fault::new(
        "derived-location-has-another-host",
        "`meta.location` names the host behind the proxy",
        "GET /Users/{id}, POST /Users",
        |ask| {
            located(ask, |url| {
                url.split_once("://")
                    .and_then(|(_, rest)| rest.split_once('/'))
                    .map(|(_, path)| format!("http://backend.internal:8080/{path}"))
            })
        },
    ),
    Fault::new(
        "derived-location-is-of-another-scheme",
        "`meta.location` says http where the target is https, or the other way round",
        "GET /Users/{id}, POST /Users",
        |ask| located(ask, |url| url.strip_prefix("http://").map(|rest| format!("https://{rest}"))),
    ),
    Fault::new(
        "derived-location-lacks-the-base",
        "`meta.location` leaves out the path of the base URL and leads to nothing",
        "GET /Users/{id}, POST /Users",
        |ask| located(ask, |url| Some(url.replace(ask.base(), ""))),
    ),
    Fault::new(
        "derived-reference-of-a-member-leads-elsewhere",
        "`members[].$ref` leads to a group of that id",
        "GET /Groups/{id}, GET /Groups",
        |ask| {
            let reply = ask.pass();
            let base = ask.base().to_owned();
            ask.show_each(reply, |resource| {
                for member in list(resource, "members") {
                    let id = text(&member["value"]).to_owned();
                    member["$ref"] = json!(format!("http://{}{base}/Groups/{id}", ask.host()));
                }
            })
        },
    ),
];

/// Changes every user that is shown.
fn users(ask: &Ask<'_>, edit: impl FnMut(&mut Value)) -> Reply {
    let reply = ask.pass();
    if ask.endpoint() == "Users" { ask.show_each(reply, edit) } else { reply }
}

/// Changes `meta.location` and the header that says the same.
fn located(ask: &Ask<'_>, edit: impl Fn(&str) -> Option<String>) -> Reply {
    let reply = ask.pass();
    let header = reply.header_of("location").and_then(&edit);
    let reply = ask.show_each(reply, |resource| {
        if let Some(url) = resource["meta"]["location"].as_str().and_then(&edit) {
            resource["meta"]["location"] = json!(url);
        }
    });
    match header {
        Some(url) => reply.header("Location", &url),
        None => reply,
    }
}
