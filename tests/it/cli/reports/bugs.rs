//! An application with bugs: the causes named are those switched on, each with the request that does it, on few lines.

use std::collections::BTreeMap;

use serde_json::Value;

use super::causes::rows;
use super::valid;
use crate::app::{App, Bug, KEY};
use crate::support::{Folder, Outcome, Scimsnap};

/// A bug, what it is called, and the method of the request that does it.
const BUGS: [(Bug, &str, &str); 23] = [
    (Bug::RemovalEmptiesTheGroup, "one-removed-member/wiped", "PATCH"),
    (Bug::AdditionReplacesMembers, "add-keeps-members", "PATCH"),
    (Bug::PutKeepsMembers, "members-stored/left", "PUT"),
    (Bug::GroupsRefusePatch, "accepted-payload/add-of-members", "PATCH"),
    (Bug::RenameIsForgotten, "read-back/group-displayname", "PATCH"),
    (Bug::DeactivationLeavesGroups, "legal-alternative/dropped", "PATCH"),
    (Bug::TextIsNoBoolean, "string-boolean/true", "PATCH"),
    (Bug::PathlessIsIgnored, "patch-operations/without-a-path", "PATCH"),
    (Bug::OnlyTheFirstOperation, "patch-operations/after-the-first", "PATCH"),
    (Bug::CapitalsAreRefused, "patch-operations/in-capitals", "PATCH"),
    (Bug::BornActive, "read-back/user-active", "POST"),
    (Bug::DeactivationDeletes, "inactive-still-found/delete-of-an-inactive-user-returned-404", "PATCH"),
    (
        Bug::InactiveAreHidden,
        "inactive-still-found/the-lookup-by-username-does-not-find-an-inactive-user",
        "GET",
    ),
    (Bug::LookupsHeedCase, "lookup-ignores-case/displayname", "GET"),
    (Bug::UserNamesAreNotUnique, "user-name-unique/post-false", "POST"),
    (Bug::DeletionDoesNothing, "deleted-is-gone/a-query-finds-a-deleted-user", "DELETE"),
    (Bug::GroupsCannotBeDeleted, "accepted-payload/the-deletion-of-a-group", "DELETE"),
    (Bug::FilterIsIgnored, "filter-filters/groups-displayname", "GET"),
    (Bug::TotalIsThePage, "paging/a-page-after-the-last-result-is-not-empty", "GET"),
    (Bug::CreationIs200, "create-status/a-post-returned-200", "POST"),
    (Bug::PasswordIsShown, "password-returned/the-response-to-a-get-has-the-attribute-password", "GET"),
    (Bug::ExternalIdIsDropped, "attribute-kept/externalid-of-a-group-was-sent-but-not-stored", "PATCH"),
    (Bug::ExtensionIsDropped, "accepted-outcome/customer-department+customer-employeenumber", "POST"),
];

/// Runs the pack `ready` against the application.
fn run(bugs: &[Bug]) -> (Folder, Outcome) {
    let folder = Folder::new();
    let reports =
        ["--json", "out.json", "--junit", "out.xml", "--sarif", "out.sarif", "--markdown", "out.md"];
    let words = [&["run", "--read-lag", "0", "--update", "no"], &reports[..]].concat();
    let outcome = Scimsnap::new(folder.path(), &words).target(&App::start(bugs), KEY).end();
    (folder, outcome)
}

/// The causes of a run that weigh, with the method of the request that does each.
fn causes(folder: &Folder) -> BTreeMap<String, String> {
    let report: Value = valid(folder);
    let all = report["causes"].as_array().unwrap().iter().filter(|cause| cause["level"] != "info");
    all.map(|cause| {
        let method = cause["culprit"]["exchange"]["method"].as_str().unwrap_or("-");
        (cause["id"].as_str().unwrap().to_owned(), method.to_owned())
    })
    .collect()
}

/// What is wrong with a run against an application with these bugs.
fn wrong(bugs: &[(Bug, &str, &str)], most: usize) -> Option<String> {
    let switched: Vec<Bug> = bugs.iter().map(|(bug, ..)| *bug).collect();
    let wanted: BTreeMap<String, String> =
        bugs.iter().map(|(_, cause, method)| ((*cause).to_owned(), (*method).to_owned())).collect();
    let (folder, outcome) = run(&switched);
    let (found, rows) = (causes(&folder), rows(&outcome));
    // What follows from a bug is noted in a line or two.
    let notes = outcome.stdout.lines().filter(|line| line.starts_with("note ")).count();
    (found != wanted || rows > most || notes > 2)
        .then(|| format!("{switched:?}: {rows} rows, {found:#?} and not {wanted:#?}\n{}", outcome.stdout))
}

#[test]
fn an_application_without_bugs_is_ready() {
    let (folder, outcome) = run(&[]);
    assert_eq!(causes(&folder), BTreeMap::new());
    assert!(rows(&outcome) <= 40, "{}", outcome.stdout);
    outcome.exits(0);
}

#[test]
fn each_bug_is_one_cause_on_a_quarter_of_a_screen() {
    let wrong: Vec<String> = BUGS.iter().filter_map(|bug| wrong(std::slice::from_ref(bug), 25)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn bugs_together_are_told_apart() {
    let named = |names: &[Bug]| -> Vec<(Bug, &str, &str)> {
        BUGS.iter().filter(|(bug, ..)| names.contains(bug)).copied().collect()
    };
    let combinations = [
        named(&[
            Bug::RemovalEmptiesTheGroup,
            Bug::TextIsNoBoolean,
            Bug::InactiveAreHidden,
            Bug::BornActive,
            Bug::LookupsHeedCase,
        ]),
        named(&[Bug::OnlyTheFirstOperation, Bug::PutKeepsMembers, Bug::UserNamesAreNotUnique]),
        named(&[Bug::PathlessIsIgnored, Bug::AdditionReplacesMembers, Bug::InactiveAreHidden]),
        named(&[Bug::RenameIsForgotten, Bug::DeletionDoesNothing, Bug::LookupsHeedCase]),
    ];
    let wrong: Vec<String> = combinations.iter().filter_map(|bugs| wrong(bugs, 90)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
