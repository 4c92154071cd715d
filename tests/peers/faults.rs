//! The faults of `tests/it/faults` in front of a server that other people wrote, started by `.ci/run`: what a run says of a fault
//! there, beside what it says of the server itself.
//!
//! The pack `ready` is played. A row is left out where the server cannot show the fault.

#![cfg(test)]

#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the tests of the reference endpoint, which ask for more"
)]
#[path = "../it/faults/mod.rs"]
mod faults;
#[expect(dead_code, unused_imports, reason = "shared with all tests, which ask for more")]
#[path = "../it/support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use crate::faults::kinds::all;
use crate::faults::play::{Cause, Played, each};
use crate::faults::{Ask, Seen, Upstream};

/// Rows that the table says are seen in `ready`, and that scimmy cannot show, with the reason.
const LEFT_OUT: [(&str, &str); 5] = [
    ("derived-groups-of-a-user-are-empty", "its users show no groups"),
    ("derived-groups-of-a-user-are-stale", "its users show no groups"),
    ("element-of-three-parts-is-three", "it refuses such paths itself"),
    ("request-text-is-no-boolean", "it refuses such a string itself"),
    ("rfc-version-does-not-move", "its resources have no versions"),
];

#[expect(
    clippy::disallowed_methods,
    reason = "a test binary has no `Context`; `.ci/run` names the servers here"
)]
fn scimmy() -> Upstream {
    let variable = |name: &str| {
        std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: .ci/run starts the servers"))
    };
    let url = variable("SCIMSNAP_PEER_SCIMMY");
    let at = url.match_indices('/').nth(2).unwrap().0;
    Upstream {
        origin: url[..at].to_owned(),
        base: url[at..].to_owned(),
        token: variable("SCIMSNAP_PEER_TOKEN"),
    }
}

/// What is told of the server with a fault in front of it.
fn told(upstream: &Upstream, act: fn(&Ask<'_>) -> support::Reply) -> (BTreeSet<Cause>, usize) {
    let played = Played::new(upstream, &[act], "ready", &["--read-lag", "0"]);
    assert!([0, 1].contains(&played.code), "exit {}", played.code);
    (played.causes, played.fired[0])
}

fn passed(ask: &Ask<'_>) -> support::Reply {
    ask.pass()
}

#[test]
fn scimmy_with_a_fault_in_front_of_it() {
    let upstream = scimmy();
    let (itself, _) = told(&upstream, passed);
    assert!(!itself.is_empty(), "it has faults of its own");
    let left_out = |name: &str| LEFT_OUT.iter().any(|(left_out, _)| *left_out == name);
    let rows: Vec<_> = all().into_iter().filter(|fault| fault.in_ready && !left_out(fault.name)).collect();
    assert!(rows.len() >= 5);
    let wrong = each(&rows, |fault| {
        let Seen::By(requirement) = fault.seen else { return Vec::new() };
        let (causes, fired) = told(&upstream, fault.act);
        let new: Vec<&Cause> = causes.difference(&itself).collect();
        let is_it = |cause: &&Cause| {
            cause.requirement == requirement
                && fault.culprit.split(", ").any(|culprit| culprit == cause.culprit)
        };
        let is_seen = new.iter().any(is_it);
        let what = format!("{} ({}), met {fired} times: {new:#?}", fault.name, fault.says);
        if is_seen { Vec::new() } else { vec![what] }
    });
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}
