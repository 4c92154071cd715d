//! `--strict`: what made the run red is shown as causes, in every format.

use serde_json::Value;

use super::valid;
use crate::support::{Folder, Outcome, Proxy, Scimsnap, Served};

/// A run against an endpoint that answers a creation with 200 instead of 201.
fn play(words: &[&str]) -> (Folder, Outcome) {
    let served = Served::new(&[]);
    let proxy = Proxy::creating_with_200(&served);
    let folder = Folder::new();
    let url = format!("{}{}", proxy.origin, served.path());
    let reports =
        ["--json", "out.json", "--junit", "out.xml", "--sarif", "out.sarif", "--markdown", "out.md"];
    let words = [&["run", "users/leaver-is-deactivated", "--read-lag", "0"][..], &reports, words].concat();
    let call = Scimsnap::new(folder.path(), &words).target(&url, &served.token);
    let outcome = call.env("GITHUB_ACTIONS", "true").end();
    (folder, outcome)
}

#[test]
fn every_format_shows_what_made_it_red() {
    let (folder, outcome) = play(&["--strict"]);
    let outcome = outcome.exits(1).says("request   POST /Users").says("create-status");
    outcome.complains("::error file=scenarios/users/leaver-is-deactivated.yaml");
    let report = valid(&folder);
    assert_eq!(report["strict"], true);
    assert_eq!(report["causes"][0]["requirement"], "create-status");
    let junit = folder.read("out.xml");
    assert!(junit.contains("<failure") && junit.contains("type=\"create-status\""), "{junit}");
    let sarif: Value = serde_json::from_str(&folder.read("out.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["level"], "error");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "create-status");
    let markdown = folder.read("out.md");
    assert!(markdown.contains("With `--strict`, the causes of level `should` fail the run"), "{markdown}");
    assert!(markdown.contains("create-status"), "{markdown}");
}

#[test]
fn without_it_they_are_warnings_that_are_listed() {
    let (folder, outcome) = play(&[]);
    let outcome = outcome.exits(0).says("create-status");
    outcome.complains("::warning file=scenarios/users/leaver-is-deactivated.yaml");
    assert!(valid(&folder).get("strict").is_none());
    assert!(!folder.read("out.xml").contains("<failure"));
    let sarif: Value = serde_json::from_str(&folder.read("out.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["level"], "warning");
    assert!(folder.read("out.md").contains("create-status"));
}
