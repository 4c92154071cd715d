//! The ledger is on disk before anything is created, and finishes what a run that was killed could not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{Folder, Proxy, Reply, Scimsnap, Served, send};

const GROUP: &str = "groups/new-group-becomes-organization";

/// The text of the only ledger there is.
fn ledger(folder: &std::path::Path) -> String {
    let Ok(mut entries) = std::fs::read_dir(folder.join(".scimsnap/ledger")) else { return String::new() };
    entries.next().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap_or_default()
}

#[test]
fn a_name_is_in_the_ledger_before_it_is_sent() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let (origin, path, token) = (served.origin.clone(), served.path().to_owned(), served.token.clone());
    let (missing, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (missed, saw, place) = (Arc::clone(&missing), Arc::clone(&seen), folder.path().to_owned());
    let proxy = Proxy::new(move |_, call| {
        if call.method == "POST" {
            let body = call.json();
            let name = body["userName"].as_str().or(body["displayName"].as_str()).unwrap().to_owned();
            let known = ledger(&place).lines().any(|line| line.contains("intent") && line.contains(&name));
            saw.fetch_add(1, Ordering::SeqCst);
            missed.fetch_add(usize::from(!known), Ordering::SeqCst);
        }
        Some(send(&origin, call))
    });
    let run = Scimsnap::new(folder.path(), &["run", "users", GROUP]);
    run.target(&format!("{}{path}", proxy.origin), &token).end().exits(0);
    assert!(seen.load(Ordering::SeqCst) > 20);
    assert_eq!(missing.load(Ordering::SeqCst), 0);
    assert!(folder.ledgers().is_empty());
}

/// Kills a run with SIGKILL at its third POST, which the endpoint has or has not carried out by then, and cleans up.
fn killed(carried_out: bool) {
    let folder = Folder::new();
    let served = Served::new(&[]);
    served.populate(2, 1);
    let before = served.everything();
    let (origin, token) = (served.origin.clone(), served.token.clone());
    let reached = Arc::new(AtomicBool::new(false));
    let (posts, there) = (AtomicUsize::new(0), Arc::clone(&reached));
    let proxy = Proxy::new(move |_, call| {
        if call.method == "POST" && posts.fetch_add(1, Ordering::SeqCst) == 2 {
            if carried_out {
                assert_eq!(send(&origin, call).status, 201);
            }
            there.store(true, Ordering::SeqCst);
            // The answer never comes.
            wait(Duration::from_secs(20));
            return None;
        }
        Some(send(&origin, call))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["run", GROUP, "users", "--idp", "entra", "--jobs", "1"];
    let mut child = Scimsnap::new(folder.path(), &words).target(&url, &token).start();
    while !reached.load(Ordering::SeqCst) {
        wait(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_ne!(served.everything(), before);
    let name = folder.ledgers()[0].clone();
    // Cleaning up goes past the proxy, which still holds its third POST.
    let text = folder.read(&name).replace(&url, &served.scim);
    assert!(!text.contains("deleted") || text.contains("created"));
    folder.write(&name, &text);
    let run = name.rsplit('/').next().unwrap().strip_suffix(".ndjson").unwrap();
    served.run(folder.path(), &["clean", "--run", run]).exits(0).says(", 0 left");
    assert_eq!(served.everything(), before);
    assert!(folder.ledgers().is_empty());
}

#[expect(clippy::disallowed_methods, reason = "a thread of the test's own")]
fn wait(time: Duration) {
    std::thread::sleep(time);
}

#[test]
fn a_killed_run_is_cleaned_up_after() {
    killed(false);
}

#[test]
fn a_creation_whose_answer_was_lost_is_looked_up() {
    killed(true);
}

#[test]
fn a_creation_that_is_answered_by_hanging_up_is_looked_up_by_the_run_itself() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let (origin, path, token) = (served.origin.clone(), served.path().to_owned(), served.token.clone());
    let proxy = Proxy::new(move |_, call| {
        let reply = send(&origin, call);
        (call.method != "POST").then_some(reply)
    });
    let run =
        Scimsnap::new(folder.path(), &["run", "users/new-user-becomes-customer", "--idp", "okta,entra"]);
    let outcome = run.target(&format!("{}{path}", proxy.origin), &token).end().exits(1).says("whole-answer");
    assert!(!outcome.stdout.contains("left over"), "{}", outcome.stdout);
    assert!(served.resources("/Users").is_empty());
    assert!(folder.ledgers().is_empty());
}

#[test]
fn a_creation_without_an_id_in_its_answer_is_looked_up() {
    let folder = Folder::new();
    let served = Served::new(&["--defect", "create-201-without-id"]);
    served.run(folder.path(), &["run", "users", "--json", "out.json"]);
    assert!(served.resources("/Users").is_empty(), "{:?}", served.resources("/Users"));
    assert!(folder.ledgers().is_empty());
}

#[test]
fn the_work_folder_is_where_it_is_wanted_and_git_leaves_it_alone() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let user = ["run", "users/new-user-becomes-customer", "--idp", "okta-oin", "--keep"];
    served.run(folder.path(), &user).exits(0);
    assert_eq!(folder.read(".scimsnap/.gitignore"), "*\n");
    assert_eq!(folder.ledgers().len(), 1);
    std::fs::remove_dir_all(folder.path().join(".scimsnap")).unwrap();
    folder.write("work/mine.txt", "mine");
    let outcome = served.run(folder.path(), &[&user[..], &["--work-dir", "work"]].concat()).exits(0);
    let run = outcome.run();
    let names = folder.names("");
    let ledger = format!("work/ledger/{run}.ndjson");
    assert_eq!(names, ["work/last-run.json", ledger.as_str(), "work/mine.txt"]);
    let clean = |words: &[&str]| served.run(folder.path(), &[&["clean", "--run", &run], words].concat());
    clean(&[]).exits(2).complains("there is no ledger of the run");
    Scimsnap::new(folder.path(), &["clean", "--list", "--work-dir", "work"]).end().exits(0).says(&run);
    clean(&["--work-dir", "work"]).exits(0).says(", 0 left");
    assert_eq!(folder.names("work/ledger"), [""; 0]);
}

#[test]
fn a_ledger_that_cannot_be_written_stops_the_run_before_it_changes_anything() {
    let folder = Folder::new();
    folder.write(".scimsnap", "in the way");
    let endpoint = Proxy::new(|_, _| Some(Reply::new(200, r#"{"totalResults":0,"Resources":[]}"#)));
    let run = Scimsnap::new(folder.path(), &["run", "users"]).target(&endpoint.origin, "token");
    run.end().exits(4).complains("nothing was sent");
    assert!(endpoint.calls().iter().all(|call| !call.writes()));
}
