//! Creations whose answer is an error, at endpoints where they are hard to find again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::scene::{Conduct, Scene, error, keep_listed, list};
use crate::strangers::text;
use crate::support::{Call, Reply};

/// Filters do not find what was created less than so long ago.
pub(super) fn lagging(lag: Duration) -> Conduct {
    found_by(move |scene, _, reply| {
        let created = scene.memory.lock().unwrap().created.clone();
        let is_new = |at: &Instant| at.elapsed() < lag;
        keep_listed(reply, |resource| !created.get(&text(&resource["id"])).is_some_and(is_new))
    })
}

/// Filters are answered with an error.
pub(super) fn filters_answered(status: u16) -> Conduct {
    found_by(move |_, _, _| error(status))
}

/// Filters find nothing, whatever there is.
pub(super) fn filters_find_nothing() -> Conduct {
    found_by(|_, _, _| list(&[]))
}

/// Every second creation is carried out and answered 500, and filters are answered as said.
fn found_by(filtered: impl Fn(&Scene, &Call, Reply) -> Reply + Send + Sync + 'static) -> Conduct {
    Arc::new(move |scene, call| {
        let reply = scene.pass(call);
        if scene.creates(call).is_some() && scene.turn(2) {
            scene.lie();
            return Some(error(500));
        }
        let is_filtered = scene.lists(call).is_some() && scene.address(call).parameter("filter").is_some();
        Some(if is_filtered { filtered(scene, call, reply) } else { reply })
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
        let key = if kind == "Users" { "userName" } else { "displayName" };
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
