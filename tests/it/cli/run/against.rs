//! `--against`: two endpoints, or two releases of one, held against each other and the snapshots.

use serde_json::Value;

use crate::support::{Folder, Scimsnap, Served};

const REMOVED: &str = "groups/member-removed";

fn play(one: &Served, other: &Served, folder: &Folder) -> crate::support::Outcome {
    let words = [
        "run",
        REMOVED,
        "--idp",
        "entra",
        "-v",
        "--update",
        "no",
        "--json",
        "out.json",
        "--against",
        &other.scim,
        "--against-token-env",
        "OTHER_TOKEN",
    ];
    Scimsnap::new(folder.path(), &words).env("OTHER_TOKEN", &other.token).against(one).end()
}

fn names(folder: &Folder) -> Vec<String> {
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let checkpoints = report["scenarios"].as_array().unwrap().iter();
    let checkpoints = checkpoints.flat_map(|pair| pair["checkpoints"].as_array().unwrap());
    let changed = checkpoints.filter(|one| one["status"] == "changed");
    changed.filter_map(|one| one["name"].as_str()).map(str::to_owned).collect()
}

#[test]
fn two_that_do_the_same_are_the_same() {
    let (folder, one, other) = (Folder::new(), Served::new(&[]), Served::new(&[]));
    play(&one, &other, &folder).exits(0);
    assert_eq!(names(&folder), [""; 0]);
    // Both are left as they were.
    assert!(one.resources("/Users").is_empty() && other.resources("/Users").is_empty());
    assert!(folder.ledgers().is_empty());
}

#[test]
fn the_release_before_was_right() {
    let folder = Folder::new();
    let (new, old) = (Served::new(&["--defect", "remove-one-removes-all"]), Served::new(&[]));
    let outcome = play(&new, &old, &folder).exits(1).says("(the snapshot matches the other endpoint)");
    let outcome = outcome.says("found here but not at");
    let mut remarks = outcome.stdout.lines().filter(|line| line.contains("found here but not at"));
    assert!(remarks.all(|remark| !remark.contains('`')), "{}", outcome.stdout);
    assert!(
        names(&folder).iter().any(|name| name.contains(", against http://127.0.0.1")),
        "{:?}",
        names(&folder)
    );
}

#[test]
fn the_other_one_is_wrong() {
    let folder = Folder::new();
    let (one, other) = (Served::new(&[]), Served::new(&["--defect", "remove-one-removes-all"]));
    play(&one, &other, &folder)
        .exits(1)
        .says("(the snapshot matches the target)")
        .says("not found here, but at");
}

#[test]
fn an_endpoint_that_is_not_there_is_4() {
    let (folder, one) = (Folder::new(), Served::new(&[]));
    let words = ["run", REMOVED, "--against", "http://127.0.0.1:9/scim"];
    Scimsnap::new(folder.path(), &words).against(&one).end().exits(4).complains("cannot reach");
    Scimsnap::new(folder.path(), &["run", REMOVED, "--against", "http://127.0.0.1:9"]).end().exits(2);
}
