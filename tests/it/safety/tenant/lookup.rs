//! Lookups that lead to strangers.

use std::sync::Arc;

use serde_json::Value;

use crate::safety::answers::{keep_listed, list, name_of};
use crate::safety::scene::{Conduct, Scene};
use crate::safety::strangers::text;
use crate::support::{Call, Reply};

/// Filters are ignored: everybody is found. The run's own creations are cut off half of the time.
pub(super) fn filter_ignored(cut: bool) -> Conduct {
    Arc::new(move |scene, call| {
        if cut && scene.creates(call).is_some() && scene.turn(2) {
            scene.lie();
            return None;
        }
        let Some(kind) = scene.lists(call).filter(|_| scene.address(call).asked().is_some()) else {
            return Some(scene.pass(call));
        };
        scene.lie();
        Some(scene.read(call, &format!("/{kind}?count=100")))
    })
}

/// A filter that finds nobody finds one stranger.
pub(super) fn one_stranger() -> Conduct {
    Arc::new(|scene, call| {
        let reply = scene.pass(call);
        let Some(kind) = misses(scene, call, &reply) else { return Some(reply) };
        Some(list(&[scene.read(call, &format!("/{kind}/{}", scene.somebody(&kind))).json()]))
    })
}

/// A filter finds everybody whose name begins like the one that is asked for, in any case.
pub(super) fn prefixes() -> Conduct {
    Arc::new(|scene, call| {
        let Some((kind, (attribute, value))) = scene.lists(call).zip(scene.address(call).asked()) else {
            return Some(scene.pass(call));
        };
        // Names of strangers begin with `o`; ours with the run's token, whatever that is.
        let first = value.trim().chars().next().unwrap_or('o').to_ascii_lowercase();
        let begins = |resource: &Value| {
            let name = text(&resource[&attribute]).to_lowercase();
            name.starts_with(first) || name.starts_with('o')
        };
        scene.lie();
        Some(keep_listed(scene.read(call, &format!("/{kind}?count=100")), begins))
    })
}

/// Creations are cut off and not carried out; whoever looks for them finds a stranger under the very name, by whose id a
/// read shows who it is.
pub(super) fn cut_and_named_alike() -> Conduct {
    Arc::new(|scene, call| {
        if let Some(kind) = scene.creates(call).filter(|_| scene.turn(2)) {
            let name = text(&call.json()[name_of(kind)]);
            scene.memory.lock().unwrap().noted.insert(name);
            scene.lie();
            return None;
        }
        let reply = scene.pass(call);
        let Some(kind) = misses(scene, call, &reply) else { return Some(reply) };
        let (attribute, value) = scene.address(call).asked().unwrap();
        if !scene.memory.lock().unwrap().noted.contains(&value) {
            return Some(reply);
        }
        let mut stranger = scene.read(call, &format!("/{kind}/{}", scene.somebody(&kind))).json();
        stranger[attribute] = value.into();
        Some(list(&[stranger]))
    })
}

/// Creations are cut off and not carried out; whoever looks for them finds a stranger as they are.
pub(super) fn cut_and_another_found() -> Conduct {
    Arc::new(|scene, call| {
        if scene.creates(call).is_some() && scene.turn(2) {
            scene.lie();
            return None;
        }
        let reply = scene.pass(call);
        let Some(kind) = misses(scene, call, &reply) else { return Some(reply) };
        Some(list(&[scene.read(call, &format!("/{kind}/{}", scene.somebody(&kind))).json()]))
    })
}

/// Creations are cut off and not carried out. Nothing else is wrong: somebody has the name that a scenario writes out.
pub(super) fn cut() -> Conduct {
    Arc::new(|scene, call| {
        if scene.creates(call).is_some() {
            scene.lie();
            return None;
        }
        Some(scene.pass(call))
    })
}

/// The collection where a filter is one equality and nothing is found.
fn misses(scene: &Scene, call: &Call, reply: &Reply) -> Option<String> {
    let kind = scene.lists(call)?;
    scene.address(call).asked()?;
    (reply.status == 200 && reply.json()["totalResults"] == 0).then_some(kind)
}
