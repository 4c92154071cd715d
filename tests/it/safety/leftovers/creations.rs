//! Creations that are carried out, and answered as if they were not, or otherwise than they went.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::failures::page;
use crate::safety::address::Surface;
use crate::safety::answers::{error, name_of};
use crate::safety::scene::{Conduct, Scene};
use crate::support::{Call, Reply};

/// When a creation is carried out.
#[derive(Clone, Copy)]
pub(super) enum After {
    /// Before it is answered.
    Nothing,
    /// A second after it was answered.
    ASecond,
}

impl After {
    fn carry_out(self, scene: &Arc<Scene>, call: &Call) {
        scene.lie();
        match self {
            Self::Nothing => drop(scene.pass(call)),
            Self::ASecond => {
                let call = call.clone();
                scene.later(Duration::from_secs(1), move |scene| drop(scene.pass(&call)));
            }
        }
    }
}

/// Every second creation is carried out and answered with an error.
pub(super) fn refused(status: u16, after: After) -> Conduct {
    Arc::new(move |scene, call| {
        if scene.creates(call).is_none() || !scene.turn(2) {
            return Some(scene.pass(call));
        }
        after.carry_out(scene, call);
        let reply = error(status);
        Some(if status == 429 { reply.header("Retry-After", "1") } else { reply })
    })
}

/// Every second creation is carried out, and the connection closed.
pub(super) fn cut(after: After) -> Conduct {
    Arc::new(move |scene, call| {
        if scene.creates(call).is_none() || !scene.turn(2) {
            return Some(scene.pass(call));
        }
        after.carry_out(scene, call);
        None
    })
}

/// Every second creation is carried out and answered with a web page, or with the way to one.
pub(super) fn answered_with_a_page(status: u16) -> Conduct {
    Arc::new(move |scene, call| {
        if scene.creates(call).is_none() || !scene.turn(2) {
            return Some(scene.pass(call));
        }
        After::Nothing.carry_out(scene, call);
        let page = page(status);
        Some(if status == 302 { page.header("Location", "/login") } else { page })
    })
}

/// Creations are answered with an id that nothing has.
pub(super) fn wrong_id() -> Conduct {
    changed(|body, number| body["id"] = json!(format!("00000000-0000-4000-8000-{number:012}")))
}

/// Creations are answered without an id.
pub(super) fn without_id() -> Conduct {
    changed(|body, _| {
        if let Some(body) = body.as_object_mut() {
            body.remove("id");
            body.remove("meta");
        }
    })
}

fn changed(change: fn(&mut Value, usize)) -> Conduct {
    Arc::new(move |scene, call| {
        let reply = scene.pass(call);
        if scene.creates(call).is_none() || reply.status != 201 {
            return Some(reply);
        }
        let mut body = reply.json();
        change(&mut body, scene.lie());
        Some(Reply::new(201, &body.to_string()))
    })
}

/// The name under which a twin is kept; and whether it is shown under the name that was sent.
type Twin = fn(&str) -> (String, bool);

/// What a twin's name begins with that is shown under the name that was sent.
const HIDDEN: &str = "twin-of-";

/// A twin of the very name.
pub(super) fn alike(name: &str) -> (String, bool) {
    (format!("{HIDDEN}{name}"), true)
}

/// A twin whose name has a number more.
pub(super) fn with_a_number(name: &str) -> (String, bool) {
    let twin = match name.split_once('@') {
        Some((local, domain)) => format!("{local}2@{domain}"),
        None => format!("{name} (2)"),
    };
    (twin, false)
}

/// Every creation makes two.
pub(super) fn twins(twin: Twin) -> Conduct {
    Arc::new(move |scene, call| {
        let mut reply = scene.pass(call);
        if let Some(kind) = scene.creates(call).filter(|_| reply.status == 201) {
            let (key, mut body) = (name_of(kind), call.json());
            let (name, _) = twin(body[key].as_str().unwrap_or_default());
            if kind == "Users" {
                body["emails"] = json!([{"value": name, "primary": true}]);
            }
            body[key] = json!(name);
            if let Some(body) = body.as_object_mut() {
                body.remove("externalId");
            }
            scene.lie();
            assert_eq!(scene.create(call, &body).status, 201);
        }
        // A filter finds a twin of the very name too.
        if let Some((kind, (attribute, value))) = scene.lists(call).zip(scene.address(call).asked()) {
            let (name, is_alike) = twin(&value);
            let filter = format!("{attribute} eq {}", json!(name));
            let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
            let others = scene.read(call, &format!("/{kind}?filter={filter}")).json();
            let mut body = reply.json();
            if is_alike
                && let (Some(all), Some(others)) =
                    (body["Resources"].as_array_mut(), others["Resources"].as_array())
            {
                all.extend_from_slice(others);
                let total = all.len();
                body["totalResults"] = json!(total);
                body["itemsPerPage"] = json!(total);
                reply.body = body.to_string();
            }
        }
        reply.body = reply.body.replace(HIDDEN, "");
        Some(reply)
    })
}

/// Every second creation in the product is carried out, and answered with an error or not at all.
pub(super) fn product(what: &'static str, status: Option<u16>) -> Conduct {
    Arc::new(move |scene, call| {
        let address = scene.address(call);
        let is_it = call.method == "POST" && address.surface == Surface::Rest && address.segments() == [what];
        if !is_it || !scene.turn(2) {
            return Some(scene.pass(call));
        }
        After::Nothing.carry_out(scene, call);
        status.map(|status| {
            Reply::new(status, r#"{"errorMessage": "Something went wrong."}"#)
                .header("Content-Type", "application/json")
        })
    })
}
