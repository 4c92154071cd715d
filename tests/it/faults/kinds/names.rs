//! Signs that are ordinary in names.

use serde_json::{Value, json};

use crate::faults::ask::{part, text};
use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 8] = [
    Fault::new(
        "name-with-punctuation-is-refused",
        "a group whose name holds `&`, `/`, `'`, `,`, `:` or brackets is refused with 400",
        "POST /Groups, PATCH /Groups/{id}",
        |ask| refuses(ask, |name| name.contains(['&', '/', '\'', ',', ':', '(', ')', '[', ']'])),
    )
    .by("accepted-payload"),
    Fault::new(
        "name-that-begins-with-a-digit-is-refused",
        "a group whose name begins with a digit is refused with 400",
        "POST /Groups, PATCH /Groups/{id}",
        |ask| refuses(ask, |name| after_token(name).starts_with(|first: char| first.is_ascii_digit())),
    )
    .by("accepted-payload"),
    Fault::new(
        "name-loses-its-punctuation",
        "`&`, `/` and `'` are taken out of the names of groups",
        "POST /Groups, PATCH /Groups/{id}, PUT /Groups/{id}",
        |ask| rewrites(ask, "Groups", "displayName", |name| name.replace(['&', '/', '\''], "")),
    )
    .by("read-back")
    .beside(&["group-name-unique-entra", "lookup-finds", "user-groups"]),
    Fault::new(
        "name-is-escaped-for-a-page",
        "`&` and `'` stand as `&amp;` and `&#39;` in the names of groups",
        "POST /Groups, PATCH /Groups/{id}, PUT /Groups/{id}",
        |ask| {
            rewrites(ask, "Groups", "displayName", |name| name.replace('&', "&amp;").replace('\'', "&#39;"))
        },
    )
    .by("read-back")
    .beside(&["group-name-unique-entra", "lookup-finds", "unnamed-kept", "user-groups"]),
    Fault::new(
        "name-loses-its-apostrophe",
        "`'` is taken out of the names of people",
        "POST /Users, PATCH /Users/{id}, PUT /Users/{id}",
        |ask| {
            if !ask.is("POST PUT PATCH", "Users") {
                return ask.pass();
            }
            ask.keep(|_, user| {
                part(user, "name", |name| {
                    rewrite(name, "givenName", |name| name.replace('\'', ""));
                    rewrite(name, "familyName", |name| name.replace('\'', ""));
                });
                rewrite(user, "displayName", |name| name.replace('\'', ""));
            })
        },
    )
    .by("read-back")
    .ready()
    .beside(&["read-back-profile"]),
    Fault::new(
        "name-loses-its-accents",
        "letters beyond ASCII stand as `?` in displayName",
        "POST /Users, PATCH /Users/{id}, PUT /Users/{id}",
        |ask| {
            rewrites(ask, "Users", "displayName", |name| {
                name.chars().map(|sign| if sign.is_ascii() { sign } else { '?' }).collect()
            })
        },
    )
    .by("read-back")
    .ready(),
    Fault::new(
        "name-with-a-plus-is-not-found",
        "a `+` in a filter is read as a blank, though it is escaped",
        "GET /Users",
        |ask| {
            let has_plus = ask.parameter("filter").is_some_and(|filter| filter.contains('+'));
            if !ask.is("GET", "Users") || !has_plus || !ask.call.target.contains("%2B") {
                return ask.pass();
            }
            ask.fire();
            let mut call = ask.call.clone();
            call.target = call.target.replace("%2B", "%20");
            ask.send(&call)
        },
    )
    .by("lookup-finds")
    .ready(),
    Fault::new(
        "name-with-an-apostrophe-is-a-500",
        "a userName with an apostrophe is answered 500 in a lookup",
        "GET /Users",
        |ask| {
            let filter = ask.parameter("filter").unwrap_or_default();
            if ask.is("GET", "Users") && filter.contains('\'') {
                return ask.refuse(500, "", "unterminated quoted string");
            }
            ask.pass()
        },
    )
    .by("accepted-payload")
    .ready(),
];

/// What stands behind the token of a run.
fn after_token(name: &str) -> &str {
    name.split_once('-').map_or(name, |(_, rest)| rest)
}

/// The displayName that a write gives a group.
fn given(ask: &Ask<'_>) -> Option<String> {
    if !ask.is("POST PUT PATCH", "Groups") {
        return None;
    }
    let body = ask.call.json();
    let whole = body["displayName"].as_str().map(str::to_owned);
    whole.or_else(|| {
        ask.operations().iter().find_map(|operation| {
            let value = if operation.path == "displayname" {
                &operation.value
            } else {
                &operation.value["displayName"]
            };
            value.as_str().map(str::to_owned)
        })
    })
}

fn refuses(ask: &Ask<'_>, is_odd: fn(&str) -> bool) -> Reply {
    match given(ask) {
        Some(name) if is_odd(&name) => {
            ask.refuse(400, "invalidValue", "displayName has signs that are not allowed.")
        }
        _ => ask.pass(),
    }
}

fn rewrites(ask: &Ask<'_>, endpoint: &str, name: &str, edit: fn(&str) -> String) -> Reply {
    if !ask.is("POST PUT PATCH", endpoint) {
        return ask.pass();
    }
    ask.keep(|_, resource| rewrite(resource, name, edit))
}

fn rewrite(resource: &mut Value, name: &str, edit: impl Fn(&str) -> String) {
    part(resource, name, |value| {
        if value.is_string() {
            *value = json!(edit(text(value)));
        }
    });
}
