//! Ctrl-C and SIGTERM.

use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::support::{Call, Folder, Outcome, Proxy, Scimsnap, Served, send};

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
    let child = Scimsnap::new(folder.path(), &words).target(&url, &served.token).start();
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
    Outcome::from(child.wait_with_output().unwrap()).exits(130);
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(folder.ledgers().len(), 1);
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
