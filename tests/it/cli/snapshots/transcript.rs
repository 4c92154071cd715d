//! `--transcript`: each client's whole transcript is held against a snapshot of its own.

use std::time::Duration;

use serde_json::Value;

use crate::cli::targets::patience::{busy, lagging};
use crate::support::{Folder, Scimsnap, Served};

const SOME: [&str; 2] = ["users/new-user-becomes-customer", "groups/member-added-again"];

fn words<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["run"][..], &SOME, &["--idp", "okta-oin,entra", "--transcript"], more].concat()
}

/// A folder with the transcripts of the reference endpoint, accepted.
fn accepted(served: &Served) -> Folder {
    let folder = Folder::new();
    served.run(folder.path(), &words(&[])).exits(5).says("snapshots accept");
    let pending = folder.names("snapshots");
    assert_eq!(pending.len(), 6, "{pending:?}");
    assert!(pending.iter().all(|name| name.ends_with(".transcript.snap.new")), "{pending:?}");
    Scimsnap::new(folder.path(), &["snapshots", "diff"]).end().exits(0).says("+POST /Users");
    Scimsnap::new(folder.path(), &["snapshots", "accept"]).end().exits(0).says("accepted snapshots/users/");
    folder
}

#[test]
fn a_transcript_is_accepted_once_and_is_the_same_in_every_run() {
    let served = Served::new(&[]);
    let folder = accepted(&served);
    for _ in 0..2 {
        served.run(folder.path(), &words(&["--update", "no"])).exits(0);
    }
    let text = folder.read("snapshots/groups/member-added-again+okta-oin.transcript.snap");
    for said in
        ["POST /Groups\n", "\"id\": \"<group:1>\"", "PATCH /Groups/<group:1>\n", "\"<user:1>\"", "<time:1>"]
    {
        assert!(text.contains(said), "{said} is not in\n{text}");
    }
    // Neither the run, nor the endpoint's address, nor a secret.
    for token in [served.origin.as_str(), served.token.as_str(), "x7!k"] {
        assert!(!text.contains(token), "{token} is in\n{text}");
    }
}

#[test]
fn retries_and_lag_do_not_show() {
    let served = Served::new(&[]);
    let folder = accepted(&served);
    let (_busy, url) = busy(&served, "0");
    let run = Scimsnap::new(folder.path(), &words(&["--update", "no"])).target(&url, &served.token);
    run.end().exits(0);
    let (_lagging, url) = lagging(&served, Duration::from_millis(150));
    let run = Scimsnap::new(folder.path(), &words(&["--update", "no", "--jobs", "1"]));
    run.target(&url, &served.token).end().exits(0);
}

#[test]
fn a_transcript_that_a_fault_explains_is_not_accepted() {
    let folder = Folder::new();
    let served = Served::new(&["--defect", "remove-one-removes-all"]);
    let words = ["run", "groups/member-removed", "--idp", "entra", "--transcript", "--read-lag", "0"];
    served.run(folder.path(), &words).exits(1).says("one-removed-member/wiped");
    let transcript = "groups/member-removed+entra.transcript.snap";
    assert!(folder.names("snapshots").iter().any(|name| name.ends_with("+entra.transcript.snap.new")));
    let accept = Scimsnap::new(folder.path(), &["snapshots", "accept"]).end();
    assert_ne!(accept.code, 0, "{accept:?}");
    assert!(!folder.path().join("snapshots").join(transcript).exists(), "{accept:?}");
    Scimsnap::new(folder.path(), &["snapshots", "accept", "--anyway"]).end().exits(0);
    assert!(folder.path().join("snapshots").join(transcript).exists());
}

#[test]
fn what_no_requirement_names_is_a_changed_transcript() {
    let folder = accepted(&Served::new(&[]));
    // What is left is the same; only the answers are other ones.
    let other = Served::new(&["--defect", "members-as-null"]);
    let outcome = other.run(folder.path(), &words(&["--update", "no", "--json", "out.json"])).exits(1);
    outcome.says("The transcript changed").says("accepted-outcome/transcript").says("null");
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let pairs = report["scenarios"].as_array().unwrap();
    let changed = pairs.iter().flat_map(|pair| pair["checkpoints"].as_array().unwrap());
    let changed: Vec<&str> =
        changed.filter(|one| one["status"] == "changed").filter_map(|one| one["name"].as_str()).collect();
    assert!(!changed.is_empty() && changed.iter().all(|name| *name == "transcript"), "{changed:?}");
}
