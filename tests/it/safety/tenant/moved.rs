//! Ids that were ours and are somebody else's by now.

use std::sync::Arc;

use crate::safety::scene::{Conduct, Scene};
use crate::support::{Call, Reply};

/// An id that was freed by a deletion is given to a stranger.
pub(super) fn reused() -> Conduct {
    Arc::new(|scene, call| {
        let reply = scene.pass(call);
        if call.method == "DELETE"
            && reply.status == 204
            && let Some((kind, id)) = own(scene, call)
        {
            scene.give_away(&kind, &id);
        }
        Some(reply)
    })
}

/// A read of what is ours shows a stranger: the id has moved, and leads there from now on.
pub(super) fn moved_when_read() -> Conduct {
    Arc::new(|scene, call| {
        if call.method == "GET"
            && let Some((kind, id)) = own(scene, call)
            && scene.turn(3)
        {
            scene.give_away(&kind, &id);
        }
        Some(scene.pass(call))
    })
}

/// A change is carried out and answered with a stranger, id and all.
pub(super) fn changes_answered_with_others() -> Conduct {
    Arc::new(|scene, call| {
        let reply = scene.pass(call);
        let changed = ["PUT", "PATCH"].contains(&call.method.as_str()) && reply.status == 200;
        let Some((kind, _)) = own(scene, call).filter(|_| changed && scene.turn(2)) else {
            return Some(reply);
        };
        Some(scene.read(call, &format!("/{kind}/{}", scene.somebody(&kind))))
    })
}

/// A change merges what is ours into a stranger, whom the answer shows: the id leads there from now on.
pub(super) fn merged_and_shown() -> Conduct {
    Arc::new(|scene, call| {
        let reply = scene.pass(call);
        let changed = ["PUT", "PATCH"].contains(&call.method.as_str()) && reply.status < 300;
        let Some((kind, id)) = own_user(scene, call).filter(|_| changed && scene.turn(2)) else {
            return Some(reply);
        };
        scene.give_away(&kind, &id);
        Some(scene.pass(&Call { method: "GET".to_owned(), body: String::new(), ..call.clone() }))
    })
}

/// A change merges what is ours into a stranger and says nothing of it: only a read can tell.
pub(super) fn merged_silently() -> Conduct {
    Arc::new(|scene, call| {
        let reply = scene.pass(call);
        let changed = ["PUT", "PATCH"].contains(&call.method.as_str()) && reply.status < 300;
        let changed = changed && !is_first_of_two(call);
        if let Some((kind, id)) = own_user(scene, call).filter(|_| changed && scene.turn(2)) {
            scene.give_away(&kind, &id);
            return Some(Reply::new(204, ""));
        }
        Some(reply)
    })
}

/// Whether it is the first of the two writes with which Okta takes somebody over. The second one follows before anything is
/// read, and gives whoever has the id by then our name.
fn is_first_of_two(call: &Call) -> bool {
    let body = call.json();
    let operations = body["Operations"].as_array().map_or(&[][..], Vec::as_slice);
    matches!(operations, [one] if one["value"] == true || one["value"]["active"] == true)
}

/// A change makes the id an address of somebody else's, where every later request is sent on to.
pub(super) fn redirected() -> Conduct {
    Arc::new(|scene, call| {
        let Some((kind, id)) = scene.names(call) else { return Some(scene.pass(call)) };
        if scene.memory.lock().unwrap().noted.contains(&id) {
            let location = call.target.replace(&id, &scene.somebody(&kind));
            return Some(Reply::new(308, "").header("Location", &location));
        }
        let reply = scene.pass(call);
        if call.method == "PATCH" && reply.status < 300 && scene.is_ours(&id) && scene.turn(2) {
            scene.memory.lock().unwrap().noted.insert(id);
        }
        Some(reply)
    })
}

/// The kind and the id, where a call names something that is ours.
fn own(scene: &Scene, call: &Call) -> Option<(String, String)> {
    scene.names(call).filter(|(_, id)| scene.is_ours(id))
}

/// The same for users only: providers change several members of a group at once, before the first answer can tell them
/// anything.
fn own_user(scene: &Scene, call: &Call) -> Option<(String, String)> {
    own(scene, call).filter(|(kind, _)| kind == "Users")
}
