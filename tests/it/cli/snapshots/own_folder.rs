//! A target that keeps snapshots of its own, in a folder that its settings name.

use crate::support::{Folder, ONE_USER, Outcome, Scimsnap, Served};

const SHARED: &str = "snapshots/own/one.snap";
const OWN: &str = "snapshots/staging/own/one.snap";
const OWN_PENDING: &str = "snapshots/staging/own/one.snap.new";

/// A project with a target `staging` whose snapshots are its own, and one `plain` whose are not.
fn project(served: &Served) -> Folder {
    let folder = Folder::with_scenario(ONE_USER);
    let target = |name: &str| {
        format!("[targets.{name}]\nurl = \"{}\"\ntoken_env = \"T\"\npack = \"full\"\n", served.scim)
    };
    let settings = format!("{}snapshots = \"snapshots/staging\"\n\n{}", target("staging"), target("plain"));
    folder.write("scimsnap.toml", &settings);
    std::fs::create_dir_all(folder.path().join("snapshots/staging")).unwrap();
    folder
}

fn run(folder: &Folder, served: &Served, words: &[&str]) -> Outcome {
    Scimsnap::new(folder.path(), words).env("T", &served.token).end()
}

fn play(folder: &Folder, served: &Served, target: &str, more: &[&str]) -> Outcome {
    run(folder, served, &[&["run", "scenarios", "--target", target], more].concat())
}

/// The project's snapshot, accepted, and the target's own, in which Ada has another name.
fn with_both(served: &Served) -> Folder {
    let folder = project(served);
    play(&folder, served, "plain", &["--update", "always"]);
    let accepted = folder.read(SHARED);
    folder.write(OWN, &accepted.replace("\"Ada\"", "\"Augusta\""));
    folder
}

#[test]
fn what_is_new_waits_in_the_targets_own_folder_and_is_accepted_there() {
    let served = Served::new(&[]);
    let folder = project(&served);
    play(&folder, &served, "staging", &[]).exits(5).says("scimsnap snapshots accept own/one");
    assert_eq!(folder.names("snapshots"), [OWN_PENDING]);
    run(&folder, &served, &["snapshots", "list"]).exits(0).says(OWN_PENDING);
    run(&folder, &served, &["snapshots", "list", "own/one"]).exits(0).says(OWN_PENDING);
    // Its id is the scenario's, although its folder stands in the project's.
    run(&folder, &served, &["snapshots", "list", "staging"])
        .exits(6)
        .complains("no pending snapshot matches `staging`");
    run(&folder, &served, &["snapshots", "diff"]).exits(0).says("new checkpoint `assigned`");
    run(&folder, &served, &["snapshots", "accept", "own"]).exits(0).says(&format!("accepted {OWN}\n"));
    assert_eq!(folder.names("snapshots"), [OWN]);
    play(&folder, &served, "staging", &[]).exits(0);
    // It is accepted for this target, and for nobody else.
    play(&folder, &served, "plain", &["--update", "no"]).exits(5);
}

#[test]
fn the_targets_own_goes_before_the_scenarios_file_by_file() {
    let served = Served::new(&[]);
    let folder = with_both(&served);
    let deviates = "a different outcome than the scenario's own is accepted for this target";
    let changed = play(&folder, &served, "staging", &[]).exits(1);
    changed.says("- Augusta").says("+ Ada").says(deviates);
    assert_eq!(folder.names("snapshots"), [SHARED, OWN, OWN_PENDING]);
    let shown = run(&folder, &served, &["snapshots", "diff"]).exits(0);
    shown.says("- Augusta").says("+ Ada");
    run(&folder, &served, &["snapshots", "reject"]).exits(0).says(&format!("rejected {OWN_PENDING}\n"));
    // Without a file of its own, it is held against the scenario's.
    std::fs::remove_file(folder.path().join(OWN)).unwrap();
    let same = play(&folder, &served, "staging", &[]).exits(0);
    assert!(!same.stdout.contains(deviates), "{}", same.stdout);
    assert_eq!(folder.names("snapshots"), [SHARED]);
}

#[test]
fn a_change_against_the_scenarios_snapshot_is_accepted_for_the_target_alone() {
    let served = Served::new(&[]);
    let folder = project(&served);
    play(&folder, &served, "plain", &["--update", "always"]);
    let ours = folder.read(SHARED).replace("\"Ada\"", "\"Augusta\"");
    folder.write(SHARED, &ours);
    play(&folder, &served, "staging", &[]).exits(1);
    run(&folder, &served, &["snapshots", "diff"]).exits(0).says("- Augusta").says("+ Ada");
    run(&folder, &served, &["snapshots", "accept"]).exits(0);
    assert_eq!(folder.read(SHARED), ours);
    play(&folder, &served, "staging", &[]).exits(0).says("is accepted for this target");
    play(&folder, &served, "plain", &["--update", "no"]).exits(1);
}

#[test]
fn one_target_is_reviewed_by_itself() {
    let served = Served::new(&[]);
    let folder = project(&served);
    play(&folder, &served, "staging", &[]).exits(5);
    play(&folder, &served, "plain", &[]).exits(5);
    let shared = format!("{SHARED}.new");
    let all = run(&folder, &served, &["snapshots", "list"]).exits(0);
    assert_eq!(all.stdout, format!("{shared}\n{OWN_PENDING}\n"));
    let one = run(&folder, &served, &["snapshots", "list", "--target", "staging"]).exits(0);
    assert_eq!(one.stdout, format!("{OWN_PENDING}\n"));
    run(&folder, &served, &["snapshots", "accept", "--target", "staging"]).exits(0);
    assert_eq!(folder.names("snapshots"), [shared.as_str(), OWN]);
    let wrong = run(&folder, &served, &["snapshots", "list", "--target", "stagin"]).exits(2);
    wrong.complains("no target `stagin`").complains("did you mean `staging`?");
    run(&folder, &served, &["snapshots", "list", "--target", "plain"]).exits(2).complains("of its own");
    // Both at a time do not get in each other's way.
    std::fs::rename(folder.path().join(OWN), folder.path().join(OWN_PENDING)).unwrap();
    run(&folder, &served, &["snapshots", "accept", "own/one"]).exits(0);
    assert_eq!(folder.names("snapshots"), [SHARED, OWN]);
}

#[test]
fn a_folder_that_is_not_there_is_pointed_at_and_nothing_is_sent() {
    let served = Served::new(&[]);
    let folder = project(&served);
    std::fs::remove_dir(folder.path().join("snapshots/staging")).unwrap();
    let refused = play(&folder, &served, "staging", &[]).exits(2);
    refused
        .complains("this folder does not exist")
        .complains("scimsnap.toml:5:13")
        .complains("create an empty folder");
    assert!(served.resources("/Users").is_empty() && folder.ledgers().is_empty());
    folder.write("snapshots/staging", "a file");
    play(&folder, &served, "staging", &[]).exits(2).complains("this folder does not exist");
    // Who does not name the target is not bothered, and there are no pending snapshots there.
    std::fs::remove_file(folder.path().join("snapshots/staging")).unwrap();
    play(&folder, &served, "plain", &[]).exits(5);
    run(&folder, &served, &["snapshots", "list"]).exits(0).says(SHARED);
}

#[test]
fn a_damaged_file_of_the_targets_own_stops_the_run() {
    let served = Served::new(&[]);
    let folder = with_both(&served);
    let whole = folder.read(OWN);
    folder.write(OWN, &whole[..whole.len() / 2]);
    play(&folder, &served, "staging", &[]).exits(3).complains(OWN).complains("damaged");
    play(&folder, &served, "plain", &[]).exits(0);
}

#[test]
fn transcripts_are_the_targets_own_too() {
    let served = Served::new(&[]);
    let folder = project(&served);
    play(&folder, &served, "staging", &["--idp", "okta-oin", "--transcript"]).exits(5);
    let own = "snapshots/staging/own/one+okta-oin.transcript.snap";
    assert_eq!(folder.names("snapshots"), [format!("{own}.new"), OWN_PENDING.to_owned()]);
    run(&folder, &served, &["snapshots", "diff"]).exits(0).says("+POST /Users");
    run(&folder, &served, &["snapshots", "accept"]).exits(0).says(own);
    play(&folder, &served, "staging", &["--idp", "okta-oin", "--transcript"]).exits(0);
}

#[test]
fn each_of_two_endpoints_is_held_against_its_own() {
    let (served, other) = (Served::new(&[]), Served::new(&[]));
    let folder = with_both(&served);
    let settings = folder.read("scimsnap.toml");
    let both = format!(
        "{settings}\n[targets.before]\nurl = \"{}\"\ntoken_env = \"B\"\nsnapshots = \"before\"\n",
        other.scim
    );
    folder.write("scimsnap.toml", &both);
    folder.write("before/own/one.snap", &folder.read(SHARED));
    let words = ["run", "scenarios", "--target", "staging", "--against", "before", "--json", "out.json"];
    let run = Scimsnap::new(folder.path(), &words).env("T", &served.token).env("B", &other.token);
    // Both show the same: the one is as it was accepted, and the other is not.
    let outcome = run.end().exits(1);
    assert!(!outcome.stdout.contains(", against before"), "{}", outcome.stdout);
    std::fs::remove_dir_all(folder.path().join("before")).unwrap();
    let run = Scimsnap::new(folder.path(), &words).env("T", &served.token).env("B", &other.token);
    run.end().exits(2).complains("this folder does not exist");
}
