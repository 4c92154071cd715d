//! Ctrl-C and SIGTERM.

use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Call, Folder, Outcome, Proxy, Scimsnap, Served, program, send};

#[expect(clippy::disallowed_methods, reason = "a thread of the test's own")]
fn wait(time: Duration) {
    std::thread::sleep(time);
}

fn signal(child: &Child, name: &str) {
    let done = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}

/// A proxy that is slow to answer `slow` calls, and a switch that says when the first one came.
fn slow(served: &Served, slow: fn(&Call) -> bool, time: Duration) -> (Proxy, String, Arc<AtomicBool>) {
    let (origin, reached) = (served.origin.clone(), Arc::new(AtomicBool::new(false)));
    let there = Arc::clone(&reached);
    let proxy = Proxy::new(move |_, call| {
        let reply = send(&origin, call);
        if slow(call) {
            there.store(true, Ordering::SeqCst);
            wait(time);
        }
        Some(reply)
    });
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url, reached)
}

fn until(reached: &AtomicBool) {
    let started = Instant::now();
    while !reached.load(Ordering::SeqCst) {
        assert!(started.elapsed() < Duration::from_secs(30));
        wait(Duration::from_millis(5));
    }
}

/// Interrupts a run while the answer to a creation is on its way.
fn interrupted(name: &str) {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (_proxy, url, reached) = slow(&served, |call| call.method == "POST", Duration::from_millis(300));
    let words = ["run", "users", "groups", "--jobs", "4", "--json", "out.json"];
    let call = Scimsnap::new(folder.path(), &words).target(&url, &served.token);
    let child = call.heeding_hang_ups().start();
    until(&reached);
    signal(&child, name);
    let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(130);
    let outcome = outcome.complains("interrupted: cleaning up").says("interrupted");
    assert!(!outcome.stdout.contains("left over"), "{}", outcome.stdout);
    assert!(served.resources("/Users").is_empty(), "{:?}", served.resources("/Users"));
    assert!(served.resources("/Groups").is_empty());
    assert!(folder.ledgers().is_empty());
    assert!(folder.names("snapshots").is_empty());
    let report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let skipped = report["summary"]["skipped"].as_u64().unwrap();
    assert!(skipped > 0, "{report}");
    // Whoever interrupts says nothing of the endpoint.
    let verdicts: Vec<&str> =
        report["readiness"].as_object().unwrap().values().filter_map(|verdict| verdict.as_str()).collect();
    assert!(!verdicts.is_empty() && verdicts.iter().all(|verdict| *verdict == "not-judged"), "{report}");
}

#[test]
fn ctrl_c_cleans_up_and_is_130() {
    interrupted("-INT");
}

#[test]
fn a_ci_services_signal_is_like_ctrl_c() {
    interrupted("-TERM");
}

#[test]
fn a_terminal_that_is_closed_is_like_ctrl_c() {
    interrupted("-HUP");
}

#[test]
fn a_hangup_that_is_ignored_from_the_start_stays_ignored() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (_proxy, url, reached) = slow(&served, |call| call.method == "POST", Duration::from_millis(300));
    // As `nohup` starts it.
    let run = "trap '' HUP; exec \"$0\" \"$@\"";
    let words = ["run", "users/new-user-becomes-customer", "--idp", "entra"];
    let child = Command::new("sh")
        .args(["-c", run])
        .arg(program())
        .args(words)
        .args(["--target", &url, "--token-env", "SCIM_TOKEN"])
        .current_dir(folder.path())
        .env("SCIM_TOKEN", &served.token)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    until(&reached);
    signal(&child, "-HUP");
    Outcome::from(child.wait_with_output().unwrap()).exits(0);
}

/// The command that a process names that ended at once, which is tried out.
fn goes_on_from(outcome: &Outcome, folder: &Folder, served: &Served) {
    let (_, command) = outcome.stderr.split_once("remove them with `scimsnap ").unwrap();
    let (command, _) = command.split_once('`').unwrap();
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words[..2], ["clean", "--run"]);
    // The target that the run had is slow; what it is a proxy of is not.
    let run = Scimsnap::new(folder.path(), &[words[0], words[1], words[2]]);
    assert!(folder.ledgers().iter().any(|ledger| ledger.contains(words[2])), "{command}");
    let ledger = format!(".scimsnap/ledger/{}.ndjson", words[2]);
    let text = folder.read(&ledger);
    let first = text.lines().next().unwrap().to_owned();
    let target = serde_json::from_str::<serde_json::Value>(&first).unwrap();
    let target = target["run"]["target"].as_str().unwrap().to_owned();
    assert!(command.contains(&format!("--target {target}")), "{command}");
    folder.write(&ledger, &text.replace(&target, &served.scim));
    run.against(served).end().exits(0);
    assert!(served.resources("/Users").is_empty(), "{:?}", served.resources("/Users"));
    assert!(folder.ledgers().is_empty());
}

#[test]
fn a_quit_signal_ends_at_once_and_says_how_to_clean_up() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (_proxy, url, reached) = slow(&served, |call| call.method == "POST", Duration::from_secs(1));
    let words = ["run", "users/new-user-becomes-customer", "--idp", "entra", "--jobs", "1"];
    let child = Scimsnap::new(folder.path(), &words).target(&url, &served.token).start();
    until(&reached);
    signal(&child, "-QUIT");
    let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(130);
    let outcome = outcome.complains("stopped immediately, in the middle of the run");
    goes_on_from(&outcome, &folder, &served);
}

/// An endpoint that answers so many calls, and then takes calls and answers none.
fn falling_silent(served: &Served, after: usize) -> (Proxy, String, Arc<AtomicBool>) {
    let (origin, reached) = (served.origin.clone(), Arc::new(AtomicBool::new(false)));
    let there = Arc::clone(&reached);
    let proxy = Proxy::new(move |number, call| {
        if number > after {
            there.store(true, Ordering::SeqCst);
            wait(Duration::from_mins(10));
        }
        Some(send(&origin, call))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url, reached)
}

#[test]
fn one_ctrl_c_ends_soon_where_nothing_is_answered() {
    // In the middle of a run, of a creation, and of cleaning up.
    for (after, words) in [
        (60, &["run", "users", "groups"][..]),
        (6, &["run", "users/new-user-becomes-customer", "--idp", "entra", "--jobs", "1"]),
        (11, &["run", "users/new-user-becomes-customer", "--idp", "entra", "--jobs", "1"]),
    ] {
        let (folder, served) = (Folder::new(), Served::new(&[]));
        let (_proxy, url, reached) = falling_silent(&served, after);
        let child = Scimsnap::new(folder.path(), words).target(&url, &served.token).start();
        until(&reached);
        let started = Instant::now();
        signal(&child, "-INT");
        let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(130);
        // It takes about four seconds; one request's time-out alone is a minute.
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
        let outcome = outcome.complains("interrupted: cleaning up");
        assert_eq!(folder.ledgers().len(), 1, "{}", outcome.stdout);
        outcome.says("scimsnap clean --run ");
    }
}

#[test]
fn a_second_ctrl_c_ends_at_once_and_the_ledger_stays() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (_proxy, url, reached) = slow(&served, |call| call.method == "DELETE", Duration::from_secs(10));
    let words = ["run", "users/new-user-becomes-customer", "--idp", "entra", "--jobs", "1"];
    let child = Scimsnap::new(folder.path(), &words).target(&url, &served.token).start();
    until(&reached);
    let started = Instant::now();
    signal(&child, "-INT");
    wait(Duration::from_millis(200));
    signal(&child, "-INT");
    let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(130);
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(folder.ledgers().len(), 1);
    let outcome = outcome.complains("stopped immediately, while cleaning up");
    goes_on_from(&outcome, &folder, &served);
}

#[test]
fn ctrl_c_before_the_first_answer_is_130_at_once() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (_proxy, url, reached) = slow(&served, |_| true, Duration::from_secs(10));
    let child = Scimsnap::new(folder.path(), &["run", "users"]).target(&url, &served.token).start();
    until(&reached);
    let started = Instant::now();
    signal(&child, "-INT");
    Outcome::from(child.wait_with_output().unwrap()).exits(130);
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(folder.ledgers().is_empty());
}
