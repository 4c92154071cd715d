//! Faults of real applications in front of the reference endpoint: what a run says of each, and of what is merely unusual.

use std::collections::BTreeSet;

use crate::faults::kinds::{AWKWARD, all};
use crate::faults::play::{alarms, differs, differs_in_ready, each, unmet_differ};
use crate::faults::{Fault, Seen, Upstream};
use crate::support::Served;

/// A plain SCIM endpoint that takes what the providers send.
const HEALTHY: [&str; 11] = [
    "--quiet",
    "--profile",
    "rfc",
    "--knob",
    "requests=lenient",
    "--knob",
    "group_name.unique=true",
    "--knob",
    "unknown_member=reject",
    "--knob",
    "put_group_unknown_member=scim",
];

fn behind(served: &Served) -> Upstream {
    Upstream { origin: served.origin.clone(), base: served.path().to_owned(), token: served.token.clone() }
}

/// Only the rows whose names hold this text, where somebody looks for a few.
#[expect(clippy::disallowed_methods, reason = "a test binary has no `Context`")]
fn is_wanted(name: &str) -> bool {
    std::env::var("SCIMSNAP_FAULT").map_or(true, |part| name.contains(&part))
}

/// Whether a program was named that is optimized: without, the whole table takes the better part of an hour.
#[expect(clippy::disallowed_methods, reason = "it says what is tested")]
fn is_optimized() -> bool {
    std::env::var_os("SCIMSNAP_BIN").is_some()
}

/// In all scenarios, or in the pack `ready` where the program is not optimized.
#[test]
fn each_fault_is_told_as_its_row_says() {
    let wanted = all().into_iter().filter(|fault| is_wanted(fault.name));
    let wanted = wanted.filter(|fault| is_optimized() || fault.in_ready);
    let (unmet, met): (Vec<_>, Vec<_>) = wanted.partition(|fault| fault.seen == Seen::Unmet);
    // Those that nothing meets stand in front of an endpoint together: this is about time.
    let rows: Vec<&[Fault]> = unmet.chunks(12).chain(met.chunks(1)).collect();
    let wrong = each(&rows, |faults| {
        let served = Served::new(&HEALTHY);
        let behind = behind(&served);
        match faults {
            [fault] if is_optimized() => differs(fault, &behind).into_iter().collect(),
            [fault] => differs_in_ready(fault, &behind).into_iter().collect(),
            faults => unmet_differ(faults, &behind),
        }
    });
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nothing_is_said_of_what_is_merely_unusual() {
    let wanted = AWKWARD.into_iter().filter(|awkward| is_wanted(awkward.name));
    let rows: Vec<_> = wanted.filter(|awkward| is_optimized() || awkward.pack == "ready").collect();
    let wrong = each(&rows, |awkward| alarms(awkward, &behind(&Served::new(&HEALTHY))).into_iter().collect());
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_row_has_a_name_of_its_own_and_a_sentence() {
    let names: BTreeSet<&str> = all().iter().map(|fault| fault.name).collect();
    assert_eq!(names.len(), all().len());
    assert!(names.len() >= 45);
    for fault in all() {
        assert!(fault.says.len() > 20 && !fault.says.ends_with('.'), "{}", fault.name);
        assert!(!fault.in_ready || matches!(fault.seen, Seen::By(_)), "{}", fault.name);
    }
}
