//! An outcome that a fault of the endpoint explains is not offered for acceptance, and not accepted by accident.

use crate::support::{Folder, Outcome, Scimsnap, Served};

const ID: &str = "groups/member-removed";
const PENDING: &str = "snapshots/groups/member-removed.snap.new";
const SNAPSHOT: &str = "snapshots/groups/member-removed.snap";

/// A folder with the pending file of a run against an endpoint that removes all members.
fn wiped() -> (Folder, Served, Outcome) {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "remove-one-removes-all"]));
    let words = ["run", ID, "--idp", "entra", "--read-lag", "0", "--update", "new", "-v"];
    let outcome = served.run(folder.path(), &words).exits(1);
    (folder, served, outcome)
}

fn call(folder: &Folder, words: &[&str]) -> Outcome {
    Scimsnap::new(folder.path(), words).end()
}

#[test]
fn it_is_stored_and_nobody_is_told_to_accept_it() {
    let (folder, _served, outcome) = wiped();
    assert!(!outcome.stdout.contains("snapshots accept"), "{}", outcome.stdout);
    outcome.says(&format!("{PENDING}: not to be accepted, one-removed-member/wiped explains it"));
    assert!(folder.read(PENDING).contains("explained_by:\n    - \"one-removed-member/wiped\""));
    call(&folder, &["snapshots", "list"]).exits(0).says("(explained by one-removed-member/wiped)");
}

#[test]
fn it_is_explained_by_a_cause_as_the_report_names_it() {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "remove-one-removes-all"]));
    let several = "entra/several-members-removed-by-value";
    let outcome = served.run(folder.path(), &["run", several, "--read-lag", "0", "--update", "new"]).exits(1);
    let pending = format!("snapshots/{several}.snap.new");
    outcome.says(&format!("{pending}: not to be accepted, one-removed-member/wiped explains it"));
    // The pair alone cannot tell whether the members were removed, or replaced before.
    let uncertain = "one-removed-member/wiped-or-replaced";
    assert!(folder.read(&pending).contains(uncertain));
    call(&folder, &["repro", uncertain]).exits(0).says("STILL THERE");
}

#[test]
fn it_is_accepted_only_anyway() {
    let (folder, served, _) = wiped();
    let refused =
        call(&folder, &["snapshots", "accept"]).exits(2).complains("`one-removed-member/wiped` explains");
    refused.complains("run again after the endpoint is fixed, or pass --anyway");
    assert_eq!(folder.names("snapshots"), [PENDING]);
    call(&folder, &["snapshots", "accept", "--anyway"]).exits(0).says("accepted ");
    // The snapshot is like any other.
    assert_eq!(folder.names("snapshots"), [SNAPSHOT]);
    assert!(!folder.read(SNAPSHOT).contains("explained_by"));
    let words = ["run", ID, "--idp", "entra", "--read-lag", "0"];
    let outcome = served.run(folder.path(), &words).exits(1);
    assert!(!outcome.stdout.contains("changed outcome"), "{}", outcome.stdout);
}

#[test]
fn an_outcome_without_a_snapshot_is_not_accepted_where_something_is_wrong() {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "remove-one-removes-all"]));
    let own = include_str!("../../../../scenarios/groups/member-removed.yaml");
    folder.write("scenarios/own/one.yaml", own);
    let words = ["run", "scenarios", "--idp", "entra", "--read-lag", "0", "--update", "new"];
    let outcome = served.run(folder.path(), &words).exits(1);
    assert!(!outcome.stdout.contains("snapshots accept"), "{}", outcome.stdout);
    call(&folder, &["snapshots", "accept"]).exits(2).complains("explains the outcome");
    // A sound endpoint leaves something that may be accepted.
    let sound = Served::new(&[]);
    sound.run(folder.path(), &words).exits(5).says("scimsnap snapshots accept own/one");
    call(&folder, &["snapshots", "accept"]).exits(0);
}

#[test]
fn what_others_left_is_accepted_beside_it() {
    let (folder, _served, _) = wiped();
    folder.write("scenarios/own/one.yaml", crate::support::ONE_USER);
    call(&folder, &["run", "scenarios", "--update", "new"]).exits(5);
    let outcome = call(&folder, &["snapshots", "accept"]).exits(2);
    outcome.says("accepted snapshots/own/one.snap");
    assert_eq!(folder.names("snapshots"), [PENDING, "snapshots/own/one.snap"]);
    call(&folder, &["snapshots", "reject"]).exits(0);
}

#[test]
fn nothing_offers_to_accept_what_was_not_written() {
    let folder = Folder::with_scenario(crate::support::ONE_USER);
    let outcome = call(&folder, &["run", "scenarios", "--update", "no"]).exits(5);
    assert!(!outcome.stdout.contains("snapshots accept"), "{}", outcome.stdout);
    outcome.says("to review   own/one");
    let outcome = call(&folder, &["run", "scenarios", "--update", "new"]).exits(5);
    outcome.says("scimsnap snapshots accept own/one");
}

#[test]
fn what_plain_scim_does_not_show_stays_in_the_snapshot() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let id = "groups/new-group-becomes-organization";
    call(&folder, &["export", id, "--to", "."]).exits(0);
    let path = format!("snapshots/{id}.snap");
    let bundled = folder.read(&path);
    assert!(bundled.contains("\"source\": \"synced\""), "{bundled}");
    folder.write(&path, &bundled.replace("Byron", "Byrom"));
    served.run(folder.path(), &["run", id, "--update", "new", "--read-lag", "0"]).exits(1);
    call(&folder, &["snapshots", "accept"]).exits(0);
    let accepted = folder.read(&path);
    let body = |text: &str| text.split_once("\n---\n").unwrap().1.trim().to_owned();
    assert_eq!(body(&accepted), body(&bundled));
}
