//! `export` writes what is bundled; what was written runs the same. And the words for shells.

use serde_json::Value;

use crate::cli::reports::valid;
use crate::support::{Folder, Scimsnap};

/// What each run came to, without times.
fn verdicts(folder: &Folder, words: &[&str]) -> Vec<String> {
    let words = [&["run", "--json", "out.json"], words].concat();
    Scimsnap::new(folder.path(), &words).end().exits(0);
    let report: Value = valid(folder);
    let runs = report["scenarios"].as_array().unwrap().iter();
    let mut verdicts: Vec<String> = runs
        .map(|run| {
            format!(
                "{} {} {} {} {} {} {}",
                run["id"],
                run["idp"],
                run["status"],
                run["alternative"],
                run["checkpoints"],
                run["findings"],
                run["requests"]
            )
        })
        .collect();
    // Files are in the order of their names, which is not quite that of ids.
    verdicts.sort();
    verdicts
}

#[test]
fn what_was_exported_runs_the_same() {
    let folder = Folder::new();
    Scimsnap::new(folder.path(), &["export", "--to", "."]).end().exits(0).says("scenarios to `.`");
    let mine = verdicts(&folder, &["scenarios/users", "scenarios/groups"]);
    let bundled = Folder::new();
    assert!(mine == verdicts(&bundled, &["users", "groups"]), "{mine:#?}");
    assert!(mine.len() > 50);
    // Snapshots too: what is edited is what is held against.
    let snapshot = "snapshots/users/new-user-becomes-customer.snap";
    folder.write(snapshot, &folder.read(snapshot).replace("Ada", "Eve"));
    Scimsnap::new(folder.path(), &["run", "scenarios/users/new-user-becomes-customer.yaml"]).end().exits(1);
}

#[test]
fn a_selection_is_exported_and_nothing_is_overwritten() {
    let folder = Folder::new();
    let export =
        |words: &[&str]| Scimsnap::new(folder.path(), &[&["export"], words, &["--to", "out"]].concat()).end();
    export(&["users/new-user-becomes-customer"]).exits(0).says("wrote 1 scenario to");
    let names = folder.names("out");
    assert_eq!(
        names,
        [
            "out/scenario.schema.json",
            "out/scenarios/users/new-user-becomes-customer.yaml",
            "out/snapshots/users/new-user-becomes-customer.snap"
        ]
    );
    export(&["users/new-user-becomes-customer"]).exits(0);
    folder.write("out/scenarios/users/new-user-becomes-customer.yaml", "title: mine\n");
    let before = folder.files();
    export(&["users"])
        .exits(2)
        .complains("already exists with different content")
        .complains("nothing was written");
    assert_eq!(folder.files(), before);
    export(&["users/new-user-becomes-custome"]).exits(6).complains("did you mean");
}

#[test]
fn shells_and_man_know_the_commands() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        let outcome = Scimsnap::new(folder.path(), &["completions", shell]).end().exits(0);
        outcome.says("max-requests").says("probe");
    }
    Scimsnap::new(folder.path(), &["man"]).end().exits(0).says(".TH").says("export");
}
