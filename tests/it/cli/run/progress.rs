//! What people see of a run while it lasts.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::{Folder, Proxy, Reply, Scimsnap, Screen, Served, send};

const USERS: [&str; 5] = ["run", "users/new-user-becomes-customer", "--update", "no", "--jobs"];

/// An endpoint that asks for a second of patience, once.
fn impatient(served: &Served) -> (Proxy, String) {
    let (origin, asked) = (served.origin.clone(), AtomicBool::new(false));
    let proxy = Proxy::new(move |_, call| {
        if call.method == "POST" && !asked.swap(true, Ordering::SeqCst) {
            return Some(Reply::new(429, "{}").header("Retry-After", "1"));
        }
        Some(send(&origin, call))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url)
}

#[test]
fn a_terminal_shows_how_far_the_run_is_and_what_it_waits_for() {
    let (folder, served, screen) = (Folder::new(), Served::new(&[]), Screen::new(120));
    let (_proxy, url) = impatient(&served);
    let words = [&USERS[..], &["1", "--idp", "entra,okta-oin"]].concat();
    let call = Scimsnap::new(folder.path(), &words).env("TERM", "xterm").target(&url, &served.token);
    let outcome = call.end_into(std::process::Stdio::piped(), screen.stream()).exits(0);
    let seen = screen.seen();
    for part in [
        "0 of 3 runs",
        "waiting 1 s: the endpoint said 429",
        "users/new-user-becomes-customer as entra: passed",
    ] {
        assert!(seen.contains(part), "{part:?} is not in {seen:?}");
    }
    assert!(!outcome.stdout.contains("of 3 runs"), "{}", outcome.stdout);
}

#[test]
fn lines_for_each_scenario_and_the_bar_leave_each_other_alone() {
    let (folder, served, screen) = (Folder::new(), Served::new(&[]), Screen::new(120));
    let (_proxy, url) = impatient(&served);
    let words = [&USERS[..], &["1", "--idp", "entra", "-v"]].concat();
    let call = Scimsnap::new(folder.path(), &words).env("TERM", "xterm").target(&url, &served.token);
    call.end_into(screen.stream(), screen.stream()).exits(0);
    let seen = screen.seen();
    assert!(seen.contains("waiting 1 s: the endpoint said 429"), "{seen:?}");
    // The line of the scenario and the verdict stand by themselves: before each, the bar's line is cleared.
    for part in ["suite    1 scenario", "entra"] {
        let line = seen.lines().find(|line| line.contains(part)).unwrap_or_default();
        let text = line.rsplit("\u{1b}[2K").next().unwrap_or_default();
        assert!(!text.contains(" of 2 runs"), "{line:?}");
    }
    let (_, end) = seen.rsplit_once(" of 2 runs").unwrap();
    assert!(end.contains("users/new-user-becomes-customer"), "the bar is gone before the verdict: {end:?}");
}

#[test]
fn a_short_run_without_a_terminal_shows_nothing_of_it() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let words = [&USERS[..], &["1", "--idp", "entra"]].concat();
    let outcome = Scimsnap::new(folder.path(), &words).against(&served).end().exits(0);
    assert_eq!(outcome.stderr, "");
}
