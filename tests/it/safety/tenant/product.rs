//! The product's REST API leads to strangers.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::safety::address::Surface;
use crate::safety::scene::{Conduct, Scene};
use crate::safety::strangers::text;
use crate::support::{Call, Reply};

/// Every second organization that is made is one that was there before.
pub(super) fn organization_there_before() -> Conduct {
    answered("organization", |_, stranger| stranger)
}

/// Every second organization that is made has the id of one that was there before, and the name that was asked for.
pub(super) fn organization_echoed() -> Conduct {
    answered("organization", |call, mut stranger| {
        stranger["name"] = call.json()["name"].clone();
        stranger
    })
}

/// Every second customer who is made is one who was there before.
pub(super) fn customer_there_before() -> Conduct {
    answered("customer", |_, stranger| stranger)
}

/// Every second creation in the product is cut off and not carried out; lists show strangers under the names that were
/// asked for, and as themselves too.
pub(super) fn cut_and_named_alike() -> Conduct {
    Arc::new(|scene, call| {
        let made = ["organization", "customer"].into_iter().find(|what| is(scene, call, "POST", what));
        if made.is_some() && scene.turn(2) {
            let body = call.json();
            scene.memory.lock().unwrap().noted.insert(text(&body["name"]) + &text(&body["email"]));
            scene.lie();
            return None;
        }
        Some(with_values(scene, call, scene.pass(call), |scene, kind, values| {
            let names: Vec<String> = scene.memory.lock().unwrap().noted.iter().cloned().collect();
            for name in names.iter().filter(|name| name.contains('@') == (kind == "customer")) {
                let id = scene.somebody(kind);
                values.push(match kind {
                    "customer" => {
                        json!({"accountId": id, "emailAddress": name, "displayName": name, "active": true})
                    }
                    _ => json!({"id": id, "name": name}),
                });
            }
        }))
    })
}

/// Lists show what is ours under the ids of strangers, and the strangers themselves under the same ids.
pub(super) fn ids_mixed_up() -> Conduct {
    Arc::new(|scene, call| {
        Some(with_values(scene, call, scene.pass(call), |scene, kind, values| {
            let (key, theirs) = (id_of(kind), scene.strangers.of(kind));
            let mut others = Vec::new();
            for value in values.iter_mut().filter(|value| !theirs.contains(&text(&value[key]))) {
                value[key] = scene.somebody(kind).into();
                let mut other = value.clone();
                for name in ["name", "emailAddress", "displayName"] {
                    if other.get(name).is_some() {
                        other[name] = "somebody@elsewhere.example".into();
                    }
                }
                others.push(other);
            }
            // Whoever is read first is the stranger.
            values.splice(0..0, others);
        }))
    })
}

/// Lists show strangers only, whoever is asked for.
pub(super) fn strangers_only() -> Conduct {
    Arc::new(|scene, call| {
        let call = &Call { target: call.target.replace("query=", "ignored="), ..call.clone() };
        Some(with_values(scene, call, scene.pass(call), |scene, kind, values| {
            let (key, theirs) = (id_of(kind), scene.strangers.of(kind));
            scene.lie();
            values.retain(|value| theirs.contains(&text(&value[key])));
        }))
    })
}

fn answered(what: &'static str, shape: fn(&Call, Value) -> Value) -> Conduct {
    Arc::new(move |scene, call| {
        if !is(scene, call, "POST", what) || !scene.turn(2) {
            return Some(scene.pass(call));
        }
        let id = scene.somebody(what);
        let stranger = if what == "organization" {
            get(scene, call, &format!("/organization/{id}"))
        } else {
            let all = get(scene, call, "/servicedesk/1/customer?limit=100")["values"].clone();
            let all = all.as_array().unwrap();
            all.iter().find(|customer| customer["accountId"] == json!(id)).unwrap().clone()
        };
        let body = shape(call, stranger).to_string();
        Some(Reply::new(201, &body).header("Content-Type", "application/json"))
    })
}

/// The attribute that holds the id of a kind.
fn id_of(kind: &str) -> &'static str {
    if kind == "customer" { "accountId" } else { "id" }
}

fn get(scene: &Scene, call: &Call, path: &str) -> Value {
    let target = format!("/rest/servicedeskapi{path}");
    scene.pass(&Call { method: "GET".to_owned(), target, body: String::new(), ..call.clone() }).json()
}

fn is(scene: &Scene, call: &Call, method: &str, what: &str) -> bool {
    let address = scene.address(call);
    call.method == method && address.surface == Surface::Rest && address.segments() == [what]
}

/// A list of organizations or customers with other values.
fn with_values(
    scene: &Scene,
    call: &Call,
    reply: Reply,
    change: impl Fn(&Scene, &str, &mut Vec<Value>),
) -> Reply {
    let address = scene.address(call);
    let kind = match (call.method.as_str(), address.surface, &address.segments()[..]) {
        ("GET", Surface::Rest, ["organization"] | ["servicedesk", _, "organization"]) => "organization",
        ("GET", Surface::Rest, ["servicedesk", _, "customer"]) => "customer",
        _ => return reply,
    };
    let mut body = reply.json();
    let Some(values) = body["values"].as_array_mut() else { return reply };
    change(scene, kind, values);
    let size = values.len();
    body["size"] = json!(size);
    Reply { body: body.to_string(), ..reply }
}
