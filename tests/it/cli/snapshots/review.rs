//! Snapshots: what is written when, reviewed how, and found where.

use crate::support::{Folder, ONE_USER, Scimsnap, Served};

fn run(folder: &Folder, words: &[&str]) -> crate::support::Outcome {
    Scimsnap::new(folder.path(), words).end()
}

const SNAP: &str = "snapshots/own/one.snap";
const PENDING: &str = "snapshots/own/one.snap.new";

#[test]
fn a_new_outcome_is_listed_shown_accepted_and_then_green() {
    let folder = Folder::with_scenario(ONE_USER);
    run(&folder, &["snapshots", "list"]).exits(0).says("there are no pending snapshots");
    run(&folder, &["run", "scenarios"]).exits(5);
    run(&folder, &["snapshots", "list"]).exits(0).says(PENDING);
    for verb in ["list", "diff", "accept", "reject"] {
        let outcome = run(&folder, &["snapshots", verb, "own/one", "nosuch/x"]).exits(6);
        outcome.complains("no pending snapshot matches `nosuch/x`");
    }
    run(&folder, &["snapshots", "list", "own/*"]).exits(0).says(PENDING);
    let shown = run(&folder, &["snapshots", "diff", "own/one"]).exits(0);
    let shown = shown.says("new checkpoint `assigned`").says("+ ada@example.com").says("  customers");
    assert!(!shown.stdout.contains(['{', '"']), "{}", shown.stdout);
    run(&folder, &["snapshots", "accept", "own"]).exits(0).says(&format!("accepted {SNAP}"));
    assert_eq!(folder.names("snapshots"), [SNAP]);
    run(&folder, &["run", "scenarios"]).exits(0);
    run(&folder, &["run", "own/one"]).exits(6);
    assert_eq!(folder.names("snapshots"), [SNAP]);
}

#[test]
fn a_rejected_outcome_is_gone() {
    let folder = Folder::with_scenario(ONE_USER);
    run(&folder, &["run", "scenarios"]).exits(5);
    run(&folder, &["snapshots", "reject"]).exits(0).says(&format!("rejected {PENDING}"));
    assert!(folder.names("snapshots").is_empty());
}

#[test]
fn a_changed_outcome_shows_its_difference() {
    let folder = Folder::with_scenario(ONE_USER);
    run(&folder, &["run", "scenarios", "--update", "always"]);
    let accepted = folder.read(SNAP);
    folder.write(SNAP, &accepted.replace("\"Ada\"", "\"Augusta\""));
    let outcome = run(&folder, &["run", "scenarios"]).exits(1);
    outcome.says("- Augusta").says("+ Ada").says("scimsnap snapshots accept own/one");
    run(&folder, &["snapshots", "diff"]).exits(0).says("- Augusta").says("+ Ada");
    run(&folder, &["snapshots", "accept"]).exits(0);
    assert_eq!(folder.read(SNAP), accepted);
    run(&folder, &["run", "scenarios"]).exits(0);
}

/// What stands in the snapshots folder after a run in a mode: unseen, then changed.
fn after(mode: &str) -> (Vec<String>, Vec<String>) {
    let folder = Folder::with_scenario(ONE_USER);
    run(&folder, &["run", "scenarios", "--update", mode]).exits(5);
    let unseen = folder.names("snapshots");
    run(&folder, &["run", "scenarios", "--update", "always"]);
    let changed = folder.read(SNAP).replace("\"Ada\"", "\"Augusta\"");
    folder.write(SNAP, &changed);
    let _ = std::fs::remove_file(folder.path().join(PENDING));
    run(&folder, &["run", "scenarios", "--update", mode]).exits(1);
    let mut names = folder.names("snapshots");
    if folder.read(SNAP) != changed {
        names.push("overwritten".to_owned());
    }
    (unseen, names)
}

#[test]
fn each_mode_writes_what_it_says() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(after("no"), (names(&[]), names(&[SNAP])));
    assert_eq!(after("new"), (names(&[PENDING]), names(&[SNAP, PENDING])));
    assert_eq!(after("unseen"), (names(&[SNAP]), names(&[SNAP, PENDING])));
    assert_eq!(after("always"), (names(&[SNAP]), names(&[SNAP, "overwritten"])));
}

#[test]
fn clients_that_disagree_write_nothing_shared_and_are_told_apart() {
    let folder = Folder::with_scenario(ONE_USER);
    // Okta sends nothing when somebody is suspended.
    let text = ONE_USER.replace("  - checkpoint", "  - suspend: ada\n  - checkpoint");
    folder.write("scenarios/own/one.yaml", &text);
    let brief = run(&folder, &["run", "scenarios"]).exits(5);
    brief.says("okta-oin and entra disagree, so nothing was written for review");
    let outcome = run(&folder, &["run", "scenarios", "-v"]).exits(5);
    let outcome =
        outcome.says("okta-oin and entra disagree, so nothing was written for review").says("`differs`");
    let outcome =
        outcome.says("NEW   own/one  [okta-oin, okta-aiw]").says("NEW   own/one  [entra, entra-scim2]");
    // What each saw is shown.
    outcome.says("active         + true").says("active         + false");
    assert!(folder.names("snapshots").is_empty());
    // With `differs` each has a snapshot of its own.
    let differs = format!("{text}differs: {{entra: it disables, entra-scim2: it disables}}\n");
    folder.write("scenarios/own/one.yaml", &differs);
    run(&folder, &["run", "scenarios"]).exits(5);
    let names = ["snapshots/own/one+entra-scim2.snap.new", "snapshots/own/one+entra.snap.new", PENDING];
    assert_eq!(folder.names("snapshots"), names);
    run(&folder, &["snapshots", "accept"]).exits(0);
    run(&folder, &["run", "scenarios"]).exits(0);
}

#[test]
fn an_outcome_is_accepted_for_a_client_only_where_the_scenario_says_that_it_differs() {
    let folder = Folder::with_scenario(ONE_USER);
    run(&folder, &["run", "scenarios"]).exits(5);
    let refused = run(&folder, &["snapshots", "accept", "--for", "entra"]).exits(2);
    refused.complains("`own/one` does not list `entra` under `differs`");
    assert_eq!(folder.names("snapshots"), [PENDING]);
    folder.write("scenarios/own/one.yaml", &format!("{ONE_USER}differs: {{entra: it says so}}\n"));
    run(&folder, &["snapshots", "accept", "--for", "entr"]).exits(2).complains("did you mean `entra`?");
    run(&folder, &["snapshots", "accept", "--for", "entra"]).exits(0);
    assert_eq!(folder.names("snapshots"), ["snapshots/own/one+entra.snap"]);
}

#[test]
fn an_outcome_is_accepted_as_an_alternative_that_the_scenario_has() {
    let folder = Folder::with_scenario(&format!(
        "{ONE_USER}alternatives:\n  made: {{says: she is there, legal: {{okta: yes, entra: yes}}}}\n  missed: {{says: she is not, legal: {{okta: no, entra: no}}}}\n"
    ));
    run(&folder, &["run", "scenarios"]).exits(5);
    assert_eq!(folder.names("snapshots"), ["snapshots/own/one@made.snap.new"]);
    let refused = run(&folder, &["snapshots", "accept", "--as", "mised"]).exits(2);
    refused.complains("has no alternative `mised`").complains("did you mean `missed`?");
    run(&folder, &["snapshots", "accept", "--as", "missed"]).exits(0);
    assert_eq!(folder.names("snapshots"), ["snapshots/own/one@missed.snap"]);
    // What is accepted as an illegal alternative fails.
    run(&folder, &["run", "scenarios"]).exits(1);
    std::fs::rename(
        folder.path().join("snapshots/own/one@missed.snap"),
        folder.path().join("snapshots/own/one@made.snap"),
    )
    .unwrap();
    run(&folder, &["run", "scenarios", "-v"]).exits(0).says("made");
}

#[test]
fn several_cannot_become_one() {
    let folder = Folder::with_scenario(&format!("{ONE_USER}differs: {{entra: it says so}}\n"));
    run(&folder, &["run", "scenarios"]).exits(5);
    assert_eq!(folder.names("snapshots").len(), 2);
    run(&folder, &["snapshots", "accept", "--for", "entra"]).exits(2).complains("the same snapshot");
    assert_eq!(folder.names("snapshots").len(), 2);
}

#[test]
fn the_projects_snapshot_wins_over_the_bundled_one_and_is_noted() {
    let folder = Folder::new();
    let id = "users/new-user-becomes-customer";
    let bundled = include_str!("../../../../snapshots/users/new-user-becomes-customer.snap");
    folder.write(&format!("snapshots/{id}.snap"), bundled);
    let outcome = run(&folder, &["run", id]).exits(0);
    assert!(!outcome.stdout.contains("the project accepted a different outcome"), "{}", outcome.stdout);
    folder.write(&format!("snapshots/{id}.snap"), &bundled.replace("Ada Byron", "Somebody"));
    run(&folder, &["run", id]).exits(1).says("the project accepted a different outcome than the bundled one");
    run(&folder, &["snapshots", "accept", id]).exits(0);
    run(&folder, &["run", id]).exits(0);
    assert_eq!(folder.read(&format!("snapshots/{id}.snap")), bundled);
}

#[test]
fn what_was_accepted_over_scim_alone_leaves_open_what_only_the_product_shows() {
    let scenario = "title: A group\nevidence: {mark: inferred, source: a test}\nidps: [okta-oin]\n\
        people:\n  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}\n\
        groups:\n  acme: {displayName: Acme, members: [ada]}\n\
        steps:\n  - assign: ada\n  - push: acme\n  - checkpoint: pushed\n";
    let folder = Folder::with_scenario(scenario);
    let served = Served::new(&[]);
    served.run(folder.path(), &["run", "scenarios"]).exits(5);
    run(&folder, &["snapshots", "accept"]).exits(0);
    assert!(folder.read(SNAP).contains("\"source\": null"), "{}", folder.read(SNAP));
    run(&folder, &["run", "scenarios"]).exits(0).says("partial     source: not visible");
    served.run(folder.path(), &["run", "scenarios"]).exits(0);
    folder.write(SNAP, &folder.read(SNAP).replace("\"name\": \"Acme\"", "\"name\": \"Bolt\""));
    run(&folder, &["run", "scenarios"]).exits(1);
}

#[test]
fn half_a_pending_file_is_not_accepted() {
    let folder = Folder::with_scenario(ONE_USER);
    run(&folder, &["run", "scenarios"]).exits(5);
    let whole = folder.read(PENDING);
    folder.write(PENDING, &whole[..whole.len() / 2]);
    run(&folder, &["snapshots", "accept"]).exits(3).complains("damaged");
    run(&folder, &["snapshots", "diff"]).exits(3);
    assert_eq!(folder.names("snapshots"), [PENDING]);
}
