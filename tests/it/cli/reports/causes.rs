//! The report by cause: what is wrong, for whom, and the request that does it, on one screen and in every file.

use std::collections::BTreeSet;

use serde_json::Value;

use super::valid;
use crate::support::{Folder, Outcome, Scimsnap, Served};

/// A run of the pack `ready` against an endpoint with defects, with every report.
fn run(defects: &[&str], words: &[&str]) -> (Folder, Outcome) {
    let flags: Vec<&str> = defects.iter().flat_map(|defect| ["--defect", defect]).collect();
    let served = Served::new(&flags);
    let folder = Folder::new();
    let reports =
        ["--json", "out.json", "--junit", "out.xml", "--sarif", "out.sarif", "--markdown", "out.md"];
    let words = [&["run", "--read-lag", "0", "--update", "no"], &reports[..], words].concat();
    let outcome = Scimsnap::new(folder.path(), &words).target(&served.scim, &served.token).end();
    (folder, outcome)
}

/// How many rows of a terminal of 100 columns the report takes.
pub(super) fn rows(outcome: &Outcome) -> usize {
    outcome.stdout.lines().map(|line| line.chars().count().div_ceil(100).max(1)).sum()
}

/// The causes of a level in the JSON report.
fn causes(report: &Value, level: &str) -> BTreeSet<String> {
    let all = report["causes"].as_array().unwrap().iter();
    all.filter(|cause| cause["level"] == level)
        .map(|cause| cause["id"].as_str().unwrap().to_owned())
        .collect()
}

/// A defect, the cause that it is, and the method of the request that does it.
const SINGLE: [(&str, &str, &str); 6] = [
    ("remove-one-removes-all", "one-removed-member/wiped", "PATCH"),
    ("string-false-ignored", "string-boolean/true", "PATCH"),
    ("created-always-active", "read-back/user-active", "POST"),
    ("inactive-hidden", "inactive-still-found/the-lookup-by-username-does-not-find-an-inactive-user", "GET"),
    ("add-replaces-members", "add-keeps-members", "PATCH"),
    ("password-echoed", "password-returned/the-response-to-a-post-has-the-attribute-password", "POST"),
];

#[test]
fn a_bug_is_one_cause_with_the_request_that_does_it_on_a_quarter_of_a_screen() {
    for (defect, id, method) in SINGLE {
        let (folder, outcome) = run(&[defect], &[]);
        let report = valid(&folder);
        assert_eq!(causes(&report, "must"), BTreeSet::from([id.to_owned()]), "{defect}");
        let cause = report["causes"].as_array().unwrap().iter().find(|cause| cause["id"] == id).unwrap();
        assert_eq!(cause["culprit"]["exchange"]["method"], method, "{defect}");
        let has_body = cause["culprit"]["exchange"]["body"].is_string();
        assert_eq!(has_body, method != "GET", "{defect}: {cause}");
        let outcome = outcome.exits(1);
        let lines = rows(&outcome);
        assert!(lines <= 25, "{defect}: {lines} lines\n{}", outcome.stdout);
        outcome.says("request").says("repeat").says(id);
    }
}

#[test]
fn five_bugs_at_once_are_five_causes_on_ninety_lines() {
    let five: Vec<_> = SINGLE.iter().filter(|(defect, ..)| *defect != "add-replaces-members").collect();
    let defects: Vec<&str> = five.iter().map(|(defect, ..)| *defect).collect();
    let (folder, outcome) = run(&defects, &[]);
    let wanted: BTreeSet<String> = five.iter().map(|(_, id, _)| (*id).to_owned()).collect();
    assert_eq!(causes(&valid(&folder), "must"), wanted);
    let lines = rows(&outcome);
    assert!(lines <= 90, "{lines} lines\n{}", outcome.stdout);
}

#[test]
fn a_sound_endpoint_is_ready_on_less_than_a_screen_and_every_report_says_so() {
    let (folder, outcome) = run(&[], &[]);
    let report = valid(&folder);
    assert_eq!(causes(&report, "must"), BTreeSet::new());
    for family in ["okta", "entra", "google"] {
        assert_eq!(report["readiness"][family], "ready", "{}", report["readiness"]);
    }
    let outcome = outcome.exits(0);
    let lines = rows(&outcome);
    assert!(lines <= 40, "{lines} lines\n{}", outcome.stdout);
    assert!(folder.read("out.md").contains("| okta | ready |"));
}

#[test]
fn a_part_of_the_pack_judges_nobody() {
    let (folder, outcome) = run(&[], &["users/new-user-becomes-customer", "--idp", "okta"]);
    assert_eq!(valid(&folder)["readiness"]["okta"], "not-judged");
    outcome.exits(0).says("not judged").says("okta (1 of 39 scenarios of its pack played)");
    // Of a provider that is not played by default, no less is asked.
    let (folder, outcome) = run(&[], &["users/new-user-becomes-customer", "--idp", "authentik"]);
    assert_eq!(valid(&folder)["readiness"]["authentik"], "not-judged");
    outcome.exits(0).says("authentik (1 of ");
    let (folder, outcome) = run(&["remove-one-removes-all"], &["groups/member-removed", "--idp", "entra"]);
    assert_eq!(valid(&folder)["readiness"]["entra"], "not-ready", "what fails is not ready");
    outcome.exits(1).says("not ready");
}

#[test]
fn every_format_has_the_cause_its_request_and_a_command_that_shows_it() {
    let (folder, outcome) = run(&["remove-one-removes-all"], &["groups/member-removed"]);
    let id = "one-removed-member/wiped";
    outcome.exits(1);
    let junit = folder.read("out.xml");
    assert!(junit.contains("type=\"one-removed-member\""));
    assert!(junit.contains("file=\"scenarios/groups/member-removed.yaml\""), "{junit}");
    let sarif: Value = serde_json::from_str(&folder.read("out.sarif")).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "one-removed-member");
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "scenarios/groups/member-removed.yaml");
    assert!(place["region"]["startLine"].as_u64().unwrap() > 1);
    for text in [junit, result["message"]["text"].as_str().unwrap().to_owned(), folder.read("out.md")] {
        for part in [id, "PATCH /Groups/", "curl -sS -X PATCH", "scimsnap run groups/member-removed --idp "] {
            assert!(text.contains(part), "no {part} in {text}");
        }
    }
}

#[test]
fn in_github_actions_causes_are_annotations_and_a_summary() {
    let served = Served::new(&["--defect", "remove-one-removes-all"]);
    let folder = Folder::new();
    let words = ["run", "groups/member-removed", "--read-lag", "0", "--update", "no"];
    let call = |more: &[&str]| {
        let words = [&words, more].concat();
        let summary = folder.path().join("summary.md");
        let call = Scimsnap::new(folder.path(), &words).target(&served.scim, &served.token);
        call.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", summary).end()
    };
    let outcome = call(&["--no-annotations"]);
    let outcome = outcome.exits(1);
    assert!(!outcome.stderr.contains("::error") && !folder.path().join("summary.md").exists());
    let outcome = call(&[]);
    let annotation = outcome.stderr.lines().find(|line| line.starts_with("::error "));
    let annotation = annotation.unwrap_or_else(|| panic!("{}", outcome.stderr));
    assert!(
        annotation.starts_with("::error file=scenarios/groups/member-removed.yaml,line="),
        "{annotation}"
    );
    assert!(annotation.contains("one-removed-member/wiped"), "{annotation}");
    assert!(folder.read("summary.md").contains("**not ready**"));
}
