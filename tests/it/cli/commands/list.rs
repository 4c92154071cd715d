//! `scimsnap list`, and the flags that it shares with `run` and `check`.

use serde_json::Value;

use crate::support::{Folder, ONE_USER, Outcome, Scimsnap};

fn call(folder: &Folder, words: &[&str]) -> Outcome {
    Scimsnap::new(folder.path(), words).end()
}

fn ids(outcome: &Outcome) -> Vec<String> {
    let listed: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let all = listed.as_array().unwrap().iter();
    all.map(|scenario| scenario["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_part_of_the_catalogue_is_listed_by_glob_client_pack_and_requirement() {
    let folder = Folder::new();
    let list = |words: &[&str]| ids(&call(&folder, &[&["list", "--json"], words].concat()).exits(0));
    let all = list(&[]);
    assert!(all.len() > 400);
    let groups = list(&["groups/*"]);
    assert!(groups.len() > 20 && groups.iter().all(|id| id.starts_with("groups/")), "{groups:?}");
    let rest = list(&["--exclude", "groups/*", "--exclude", "users"]);
    assert!(rest.iter().all(|id| !id.starts_with("groups/") && !id.starts_with("users/")));
    assert!(rest.len() > 300 && rest.len() < all.len());
    let google = list(&["--idp", "google"]);
    assert!(!google.is_empty() && google.len() < all.len() && !google.contains(&groups[0]));
    let (smoke, ready) = (list(&["--pack", "smoke"]), list(&["--pack", "ready"]));
    assert!(smoke.iter().all(|id| ready.contains(id)) && smoke.len() < ready.len());
    let removed = list(&["--requirement", "one-removed-member"]);
    assert!(
        removed.contains(&"suites/microsoft-validator/23-remove-member".to_owned()) && removed.len() < 60,
        "{removed:?}"
    );
    assert_eq!(list(&["--requirement", "one-removed-member/wiped"]), removed);
    call(&folder, &["list", "groups/member-removed", "--idp", "google"]).exits(6);
    call(&folder, &["list", "--idp", "gogle"]).exits(2).complains("did you mean `google`?");
    call(&folder, &["list", "users", "--exclude", "users"]).exits(6).complains("leaves out everything");
    let outcome = call(&folder, &["list", "users", "--exclude", "groups"]).exits(0);
    outcome.complains("`--exclude groups` leaves nothing out");
}

#[test]
fn an_object_has_what_a_script_needs() {
    let folder = Folder::with_scenario(ONE_USER);
    let listed = call(&folder, &["list", "scenarios/own/*", "--json", "--idp", "entra"]).exits(0);
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    let expected = serde_json::json!([{
        "id": "own/one", "title": "One user", "file": "scenarios/own/one.yaml", "pack": "full",
        "evidence": "inferred", "clients": ["entra", "entra-scim2"], "requires": [], "requirements": [],
    }]);
    assert_eq!(listed, expected);
}

#[test]
fn run_and_check_take_the_same_selection() {
    let folder = Folder::new();
    let words = ["groups/*", "--requirement", "members-stored", "--exclude", "groups/member-removed"];
    let listed = ids(&call(&folder, &[&["list", "--json"], &words[..]].concat()).exits(0));
    assert!(!listed.is_empty() && !listed.contains(&"groups/member-removed".to_owned()), "{listed:?}");
    let count = format!("{} scenario", listed.len());
    call(&folder, &[&["check"], &words[..]].concat()).exits(0).says(&count);
    call(&folder, &[&["run"], &words[..]].concat()).exits(0).says(&count);
}

#[test]
fn a_pack_that_is_taken_for_a_scenario_is_pointed_out() {
    let folder = Folder::new();
    for pack in ["smoke", "ready", "full"] {
        let help = format!("`{pack}` is a pack: pass `--pack {pack}`");
        call(&folder, &["run", pack]).exits(6).complains(&help);
    }
    call(&folder, &["run", "groups/no*"]).exits(6).complains("a glob over ids");
}
