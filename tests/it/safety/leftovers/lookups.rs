//! Creations whose answer is an error, at endpoints where they are hard to find again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::safety::answers::{error, keep_listed, list, name_of};
use crate::safety::scene::{Conduct, Scene};
use crate::safety::strangers::text;
use crate::support::{Call, Reply};

/// Filters do not find what was created less than so long ago.
pub(super) fn lagging(lag: Duration) -> Conduct {
    found_by(move |scene, _, reply| {
        let created = scene.memory.lock().unwrap().created.clone();
        let is_new = |at: &Instant| at.elapsed() < lag;
        keep_listed(reply, |resource| !created.get(&text(&resource["id"])).is_some_and(is_new))
    })
}

/// Filters for what was created are answered with an error.
pub(super) fn filters_answered(status: u16) -> Conduct {
    found_by(move |_, _, _| error(status))
}

/// Filters for what was created find nothing.
pub(super) fn filters_find_nothing() -> Conduct {
    found_by(|_, _, _| list(&[]))
}

/// Every second creation is carried out and answered 500, and filters for its name are answered as said.
fn found_by(filtered: impl Fn(&Scene, &Call, Reply) -> Reply + Send + Sync + 'static) -> Conduct {
    Arc::new(move |scene, call| {
        let reply = scene.pass(call);
        if let Some(kind) = scene.creates(call).filter(|_| scene.turn(2)) {
            scene.lie();
            scene.memory.lock().unwrap().noted.insert(text(&call.json()[name_of(kind)]));
            return Some(error(500));
        }
        let asked = scene.lists(call).and(scene.address(call).asked());
        let is_noted = asked.is_some_and(|(_, value)| scene.memory.lock().unwrap().noted.contains(&value));
        Some(if is_noted { filtered(scene, call, reply) } else { reply })
    })
}

/// A name as it is kept.
type Normal = fn(&str) -> String;

/// All in small letters.
pub(super) fn lower_case(name: &str) -> String {
    name.to_lowercase()
}

/// Without spaces around it.
pub(super) fn trimmed(name: &str) -> String {
    name.trim().to_owned()
}

/// At the company's own mail domain.
pub(super) fn in_another_domain(name: &str) -> String {
    match name.split_once('@') {
        Some((local, _)) => format!("{local}@corp.elsewhere.example"),
        None => format!("{name} (Corp)"),
    }
}

/// Creations are carried out under another form of their names, and every second one is answered 500.
pub(super) fn normalised(normal: Normal) -> Conduct {
    Arc::new(move |scene, call| {
        let Some(kind) = scene.creates(call) else { return Some(scene.pass(call)) };
        let key = name_of(kind);
        let mut body = call.json();
        if let Some(name) = body[key].as_str() {
            body[key] = json!(normal(name));
        }
        let reply = scene.create(call, &body);
        if kind == "Groups" || scene.turn(2) {
            scene.lie();
            return Some(error(500));
        }
        Some(reply)
    })
}
