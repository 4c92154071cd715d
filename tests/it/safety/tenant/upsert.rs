//! Creations that are answered with somebody who was there before.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::{moved, product};
use crate::safety::answers::error;
use crate::safety::scene::{Conduct, Scene};
use crate::safety::strangers::text;
use crate::support::{Call, Reply};

/// What a lie makes of a creation and of the stranger whom it is answered with.
type Shape = fn(&Scene, &Call, stranger: &Reply) -> Reply;

/// Every second creation of a kind is answered with a stranger of that kind, in some shape, and not carried out.
pub(super) fn of(kind: &'static str, shape: Shape) -> Conduct {
    Arc::new(move |scene, call| {
        if scene.creates(call) != Some(kind) || !scene.turn(2) {
            return Some(scene.pass(call));
        }
        let stranger = scene.read(call, &format!("/{kind}/{}", scene.somebody(kind)));
        // Whoever has no key is told nothing.
        Some(if stranger.status == 200 { shape(scene, call, &stranger) } else { scene.pass(call) })
    })
}

/// Both kinds are answered so.
pub(super) fn of_both(shape: Shape) -> Conduct {
    let (users, groups) = (of("Users", shape), of("Groups", shape));
    Arc::new(
        move |scene, call| {
            if scene.creates(call) == Some("Users") { users(scene, call) } else { groups(scene, call) }
        },
    )
}

/// The stranger as they are, as if newly made.
pub(super) fn whole(_: &Scene, _: &Call, stranger: &Reply) -> Reply {
    Reply { status: 201, ..stranger.clone() }
}

/// The stranger as they are, with the status of an update.
pub(super) fn whole_with_200(_: &Scene, _: &Call, stranger: &Reply) -> Reply {
    stranger.clone()
}

/// The stranger's id and nothing else.
pub(super) fn bare_id(_: &Scene, _: &Call, stranger: &Reply) -> Reply {
    let stranger = stranger.json();
    Reply::new(201, &json!({"schemas": stranger["schemas"], "id": stranger["id"]}).to_string())
}

/// What was sent, with the stranger's id: the answer shows our name, and only a read shows whose id it is.
pub(super) fn echo(_: &Scene, call: &Call, stranger: &Reply) -> Reply {
    let mut body = call.json();
    body["id"] = stranger.json()["id"].clone();
    Reply::new(201, &body.to_string())
}

/// A conflict that names the stranger.
pub(super) fn conflict(_: &Scene, _: &Call, stranger: &Reply) -> Reply {
    let (id, mut body) = (stranger.json()["id"].clone(), error(409).json());
    body["scimType"] = json!("uniqueness");
    body["id"] = id.clone();
    body["existing"] = id;
    Reply::new(409, &body.to_string())
}

/// Nothing but the address of the stranger.
pub(super) fn location_only(_: &Scene, _: &Call, stranger: &Reply) -> Reply {
    let location = text(&stranger.json()["meta"]["location"]);
    assert!(location.starts_with("http"), "{location}");
    Reply::new(201, "").header("Location", &location)
}

/// The stranger as they are, under an attribute name in capitals, which SCIM takes for the same.
pub(super) fn capitals(_: &Scene, _: &Call, stranger: &Reply) -> Reply {
    let body = stranger.json();
    let attributes = body.as_object().unwrap().iter();
    let upper: serde_json::Map<String, Value> =
        attributes.map(|(name, value)| (name.to_uppercase(), value.clone())).collect();
    Reply::new(201, &Value::Object(upper).to_string())
}

/// Every creation is answered with one and the same stranger.
pub(super) fn always_the_same() -> Conduct {
    Arc::new(|scene, call| {
        if scene.creates(call) != Some("Users") {
            return Some(scene.pass(call));
        }
        scene.lie();
        let stranger = scene.read(call, &format!("/Users/{}", scene.strangers.users[0]));
        Some(Reply { status: 201, ..stranger })
    })
}

/// A user is answered with the id of a group and a group with that of a user, of strangers both; under an id of the wrong
/// kind stands a stranger too.
pub(super) fn kinds_swapped() -> Conduct {
    let other = |kind: &str| if kind == "Users" { "Groups" } else { "Users" };
    Arc::new(move |scene, call| {
        if let Some(kind) = scene.creates(call).filter(|_| scene.turn(2)) {
            let id = scene.somebody(other(kind));
            let stranger = scene.read(call, &format!("/{kind}/{}", scene.somebody(kind)));
            if stranger.status != 200 {
                return Some(stranger);
            }
            let real = text(&stranger.json()["id"]);
            return Some(Reply { status: 201, body: stranger.body.replace(&real, &id), ..stranger });
        }
        if let Some((kind, id)) = scene.names(call) {
            let wrong = scene.strangers.of(other(&kind)).iter().position(|theirs| *theirs == id);
            if let Some(place) = wrong {
                let ids = scene.strangers.of(&kind);
                let whose = &ids[place % ids.len()];
                let reply = scene.pass(&Scene::renamed(call, whose));
                return Some(Reply { body: reply.body.replace(whose, &id), ..reply });
            }
        }
        Some(scene.pass(call))
    })
}

/// Strangers are known by numbers, which stand in answers as numbers.
pub(super) fn numbers() -> Conduct {
    Arc::new(|scene, call| {
        if scene.creates(call) == Some("Users") && scene.turn(2) {
            let id = scene.somebody("Users");
            let number = 100 + scene.strangers.users.iter().position(|other| *other == id).unwrap();
            let stranger = scene.read(call, &format!("/Users/{id}"));
            let mut body = stranger.json();
            if stranger.status == 200 {
                body["id"] = json!(number);
            }
            scene.lead(&number.to_string(), &id);
            return Some(Reply::new(201, &body.to_string()));
        }
        Some(scene.pass(call))
    })
}

/// An endpoint that says of each second group that it was made, and shows one that was there before; and of users that
/// their name was taken, with the user of that id.
pub(super) fn merged() -> Conduct {
    let (users, groups) = (of("Users", conflict), of("Groups", whole));
    Arc::new(
        move |scene, call| {
            if scene.creates(call) == Some("Users") { users(scene, call) } else { groups(scene, call) }
        },
    )
}

/// One way after the other, for every second creation, in the product too; and an id that was freed is given to somebody
/// else.
pub(super) fn in_turn() -> Conduct {
    let ways = [
        of_both(whole),
        of_both(bare_id),
        of_both(whole_with_200),
        of_both(conflict),
        of_both(capitals),
        of_both(location_only),
        kinds_swapped(),
    ];
    let (organizations, customers) = (product::organization_there_before(), product::customer_there_before());
    let (freed, turns) = (moved::reused(), AtomicUsize::new(0));
    Arc::new(move |scene, call| match scene.address(call).segments()[..] {
        _ if scene.creates(call).is_some() => {
            let turn = turns.fetch_add(1, Ordering::SeqCst);
            ways[turn % ways.len()](scene, call)
        }
        ["organization"] => organizations(scene, call),
        ["customer"] => customers(scene, call),
        _ => freed(scene, call),
    })
}
