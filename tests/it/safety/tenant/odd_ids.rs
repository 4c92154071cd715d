//! Ids that lead elsewhere where they are not written with care.

use std::sync::Arc;

use crate::safety::scene::Conduct;
use crate::support::Reply;

/// Ids that stand for a stranger, a collection or the whole endpoint in a careless URL. `S` is a stranger's id.
const ODD: [&str; 20] = [
    ".",
    "..",
    "",
    "../Users/S",
    "../../Users/S",
    "./S",
    "S/",
    "S/.",
    "x/../S",
    "a/b",
    "%2e%2e",
    "%2e%2e/Users/S",
    "S?x",
    "S#x",
    "?",
    "#",
    "S\0",
    "S\n",
    "\r\nDELETE /Users/S HTTP/1.1\r\n\r\n",
    " ",
];

/// Creations are carried out, and answered with such an id.
pub(super) fn odd_ids() -> Conduct {
    Arc::new(|scene, call| {
        let reply = scene.pass(call);
        let Some(kind) = scene.creates(call).filter(|_| reply.status == 201) else { return Some(reply) };
        let odd = ODD[scene.lie() % ODD.len()].replace('S', &scene.strangers.of(kind)[0]);
        let mut body = reply.json();
        body["id"] = odd.into();
        Some(Reply { body: body.to_string(), ..reply })
    })
}
