//! Changes of parts of one element of a list.

use serde_json::{Value, json};

use crate::faults::ask::{list, text, whole};
use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 7] = [
    Fault::new(
        "element-of-three-parts-is-three",
        "three value paths `addresses[type eq \"work\"].x` in one PATCH make three addresses",
        "PATCH /Users/{id}",
        |ask| each_part(ask, "addresses", apart),
    ).by("one-element").beside(&["scenario-expectation"]).ready(),
    Fault::new(
        "element-keeps-its-last-part",
        "of three value paths `addresses[type eq \"work\"].x` in one PATCH, the last one overwrites the others",
        "PATCH /Users/{id}",
        |ask| each_part(ask, "addresses", last),
    ).blamed(&["accepted-outcome", "scenario-expectation"]),
    Fault::new(
        "element-phone-number-is-added",
        "a PATCH of `phoneNumbers[type eq \"work\"].value` adds a number and leaves the old one",
        "PATCH /Users/{id}",
        |ask| value_is_added(ask, "phoneNumbers"),
    ).by("one-element"),
    Fault::new(
        "element-address-of-mail-is-added",
        "a PATCH of `emails[type eq \"work\"].value` adds an address and leaves the old one",
        "PATCH /Users/{id}",
        |ask| value_is_added(ask, "emails"),
    ).by("read-back-profile").should().ready().beside(&["one-element"]),
    Fault::new(
        "element-loses-its-other-parts",
        "a PATCH of `emails[type eq \"work\"].value` drops `primary` and `display` of the address",
        "PATCH /Users/{id}",
        |ask| {
            if !patches_part(ask, "emails") {
                return ask.pass();
            }
            ask.keep(|_, user| {
                for email in list(user, "emails") {
                    if let Some(email) = email.as_object_mut() {
                        email.retain(|key, _| ["value", "type"].contains(&key.as_str()));
                    }
                }
            })
        },
    ).blamed(&["scenario-expectation"]),
    Fault::new(
        "element-changes-all",
        "a PATCH of `emails[type eq \"work\"].value` changes the address at home too",
        "PATCH /Users/{id}",
        |ask| {
            if !patches_part(ask, "emails") {
                return ask.pass();
            }
            ask.keep(|_, user| {
                let emails = user["emails"].as_array().cloned().unwrap_or_default();
                let work = emails.iter().find(|email| email["type"] == "work");
                let Some(value) = work.map(|email| email["value"].clone()) else { return };
                for email in list(user, "emails") {
                    email["value"] = value.clone();
                }
            })
        },
    )
    .unmet(),
    Fault::new(
        "element-is-not-made",
        "a value path that finds no element is taken and changes nothing, where the provider means to make one",
        "PATCH /Users/{id}",
        |ask| {
            if !ask.is("PATCH", "Users") {
                return ask.pass();
            }
            ask.keep(|before, user| {
                for name in ["emails", "addresses", "phoneNumbers"] {
                    let has_none = before[name].as_array().is_none_or(Vec::is_empty);
                    if has_none && patches_part(ask, &name.to_lowercase()) {
                        user[name] = json!([]);
                    }
                }
            })
        },
    ).blamed(&["scenario-expectation"]),
];

/// Whether a PATCH is about a part of elements that a filter finds.
fn patches_part(ask: &Ask<'_>, list: &str) -> bool {
    let beginning = format!("{list}[");
    ask.is("PATCH", "Users")
        && ask.operations().iter().any(|operation| operation.path.starts_with(&beginning))
}

/// The parts of elements that a PATCH names, as elements of one part each, where it names more than one.
fn each_part(ask: &Ask<'_>, list: &str, edit: fn(&mut Value, Vec<Value>)) -> Reply {
    if !ask.is("PATCH", "Users") {
        return ask.pass();
    }
    let beginning = format!("{}[", list.to_lowercase());
    let body = ask.call.json();
    let mut parts = Vec::new();
    for operation in body["Operations"].as_array().into_iter().flatten() {
        let path = text(&operation["path"]);
        if path.to_lowercase().starts_with(&beginning)
            && let Some((_, part)) = path.rsplit_once("].")
        {
            let kind = path.split('"').nth(1).unwrap_or("work");
            parts.push(json!({"type": kind, part: operation["value"]}));
        }
    }
    if parts.len() < 2 {
        return ask.pass();
    }
    ask.keep(|_, user| edit(&mut user[list], parts))
}

fn apart(list: &mut Value, parts: Vec<Value>) {
    *list = Value::Array(parts);
}

fn last(list: &mut Value, parts: Vec<Value>) {
    *list = Value::Array(parts.into_iter().next_back().into_iter().collect());
}

fn value_is_added(ask: &Ask<'_>, list: &str) -> Reply {
    if !patches_part(ask, &list.to_lowercase()) {
        return ask.pass();
    }
    ask.keep(|before, user| {
        let old: Vec<Value> = before[list].as_array().cloned().unwrap_or_default();
        let new: Vec<Value> = user[list].as_array().cloned().unwrap_or_default();
        let mut gone: Vec<Value> =
            old.into_iter().filter(|old| new.iter().all(|new| new["value"] != old["value"])).collect();
        for element in &mut gone {
            if let Some(element) = element.as_object_mut() {
                element.shift_remove("primary");
            }
        }
        whole(user, list, |list| list.extend(gone));
    })
}
