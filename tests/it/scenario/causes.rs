//! From findings to causes: what is wrong, which write did it, and what follows from it.

use scimsnap::context::Clock;
use scimsnap::event::Summary;
use scimsnap::idp::Family;
use scimsnap::reference::Defects;
use scimsnap::requirement::{Cause, Causes, Consequence, Level};
use scimsnap::run::{Cancel, Options, plan, run};
use scimsnap::scenario::catalogue::bundled;

/// What is wrong with the reference endpoint that has a defect, or none, as one scenario shows it.
fn causes(defect: &str, scenario: &str) -> Causes {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::fixed("2026-11-21T10:00:00Z".parse().unwrap());
    let mut options = Options::embedded(folder.path().to_owned(), clock);
    options.defects = defect.split_whitespace().map(str::to_owned).collect();
    let entries = bundled().into_iter().filter(|entry| entry.id() == scenario).collect();
    let plan = plan(entries, None, &options.cwd).unwrap_or_else(|errors| panic!("{errors:?}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let summary: Summary = runtime.block_on(run(plan, &options, &Cancel::default(), |_| ())).unwrap();
    summary.causes
}

/// A defect, the cause's id, and the request that is to blame.
const CAUSES: [(&str, &str, &str); 6] = [
    ("string-false-ignored", "string-boolean/true", "PATCH /Users/"),
    ("filter-ignored", "filter-filters/users-username", "GET /Users"),
    ("user-name-lowercased", "read-back/user-username-in-another-case", "POST /Users"),
    ("error-as-page", "error-body/409-is-not-json", "POST /Users"),
    ("concurrent-twins", "accepted-outcome/customer-unexpected", "POST /Users"),
    ("deleted-twice", "deleted-is-gone/delete-of-a-deleted-group-returned-204", "DELETE /Groups/"),
];

fn shown_by(defect: &str) -> &'static str {
    Defects::ALL.iter().find(|row| row.name == defect).unwrap().shown_by
}

#[test]
fn a_cause_is_named_by_what_was_done_wrong_and_blames_the_request_that_did_it() {
    for (defect, id, request) in CAUSES {
        let causes = causes(defect, shown_by(defect));
        let ids: Vec<String> = causes.iter().map(Cause::id).collect();
        let cause = causes.iter().find(|cause| cause.id() == id);
        let cause = cause.unwrap_or_else(|| panic!("{defect}: {ids:?} has no {id}"));
        let culprit = &cause.culprit.as_ref().unwrap().request;
        let blamed = format!("{} {}", culprit.method, culprit.path());
        assert!(blamed.starts_with(request), "{defect}: {blamed}");
        assert!(!cause.seen_in.is_empty() && !cause.families.is_empty());
    }
}

#[test]
fn what_follows_stands_under_its_cause_and_a_client_that_sends_no_strings_is_not_hurt() {
    let all = causes("string-false-ignored", shown_by("string-false-ignored"));
    assert_eq!(all.len(), 1, "{:?}", all.iter().map(Cause::id).collect::<Vec<_>>());
    let cause = all.iter().next().unwrap();
    assert_eq!(cause.families.iter().copied().collect::<Vec<_>>(), [Family::Entra]);
    let is_outcome = |consequence: &Consequence| matches!(consequence, Consequence::Outcome { .. });
    assert!(!cause.consequences.is_empty() && cause.consequences.iter().all(is_outcome));
    let shown_by = cause.shown_by.as_ref().unwrap();
    assert!(shown_by.number > cause.culprit.as_ref().unwrap().number, "a later read shows it");
}

#[test]
fn a_finding_that_follows_from_another_is_no_cause() {
    let all = causes("error-nested", shown_by("error-nested"));
    let cause = all.iter().find(|cause| cause.id().starts_with("error-body/")).unwrap();
    let follows = |consequence: &Consequence| matches!(consequence, Consequence::Finding { requirement, .. } if requirement.id == "scenario-expectation");
    assert!(cause.consequences.iter().any(follows));
    assert!(all.iter().all(|cause| cause.requirement.id != "scenario-expectation"));
}

#[test]
fn a_sound_endpoint_gives_no_cause_that_weighs() {
    let all = causes("", "users/leaver-is-deactivated");
    assert!(all.iter().all(|cause| cause.requirement.level == Level::Info));
}
