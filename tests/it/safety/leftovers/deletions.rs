//! Deletions that are answered otherwise than they went.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::safety::answers::error;
use crate::safety::scene::Conduct;
use crate::support::{Call, Reply};

/// Deletions are answered so, and not done.
pub(super) fn answered(status: u16) -> Conduct {
    Arc::new(move |scene, call| {
        if call.method != "DELETE" {
            return Some(scene.pass(call));
        }
        scene.lie();
        Some(if status < 300 { Reply::new(status, "") } else { error(status) })
    })
}

/// Deletions are accepted, and done later.
pub(super) fn done_later(after: Duration) -> Conduct {
    Arc::new(move |scene, call| {
        if call.method != "DELETE" {
            return Some(scene.pass(call));
        }
        scene.lie();
        let call = call.clone();
        scene.later(after, move |scene| drop(scene.pass(&call)));
        Some(Reply::new(202, ""))
    })
}

/// Deletions only hide: a read by id finds nothing from then on, and a list shows it still.
pub(super) fn only_hides() -> Conduct {
    Arc::new(|scene, call| {
        let Some((_, id)) = scene.names(call) else { return Some(scene.pass(call)) };
        if call.method == "DELETE" {
            scene.lie();
            scene.memory.lock().unwrap().noted.insert(id);
            return Some(Reply::new(204, ""));
        }
        let is_hidden = scene.memory.lock().unwrap().noted.contains(&id);
        Some(if is_hidden { error(404) } else { scene.pass(call) })
    })
}

/// Deletions of users only take their names away.
pub(super) fn renames() -> Conduct {
    Arc::new(|scene, call| {
        let user = scene.names(call).filter(|(kind, _)| kind == "Users");
        let Some((_, id)) = user.filter(|_| call.method == "DELETE") else { return Some(scene.pass(call)) };
        scene.lie();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("anonymous-{id}@example.com"),
            "name": {"givenName": "A", "familyName": "B"},
            "emails": [{"value": format!("anonymous-{id}@example.com"), "type": "work", "primary": true}],
            "active": false,
        });
        let mut put = Call { method: "PUT".to_owned(), body: body.to_string(), ..call.clone() };
        put.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        put.headers.push(("Content-Type".to_owned(), "application/scim+json".to_owned()));
        assert!(scene.pass(&put).status < 300);
        Some(Reply::new(204, ""))
    })
}

/// Deletions of users only deactivate them.
pub(super) fn deactivates() -> Conduct {
    Arc::new(|scene, call| {
        let is_user = scene.names(call).is_some_and(|(kind, _)| kind == "Users");
        if call.method != "DELETE" || !is_user {
            return Some(scene.pass(call));
        }
        scene.lie();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "active", "value": false}],
        });
        let mut patch = Call { method: "PATCH".to_owned(), body: body.to_string(), ..call.clone() };
        patch.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        patch.headers.push(("Content-Type".to_owned(), "application/scim+json".to_owned()));
        assert!(scene.pass(&patch).status < 300);
        Some(Reply::new(204, ""))
    })
}
