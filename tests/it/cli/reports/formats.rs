//! `--json` and `--junit`: contracts with programs.

use std::collections::BTreeMap;

use quick_junit::TestCaseStatus;
use serde_json::{Value, json};

use super::valid;
use crate::support::{Folder, ONE_USER, Outcome, Proxy, Scimsnap, Served, send};

/// The JSON report, which fits the schema and whose counts fit together.
fn report(folder: &Folder, outcome: &Outcome) -> Value {
    let report = valid(folder);
    assert_eq!(report["run"], outcome.run());
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut requests = 0;
    for scenario in report["scenarios"].as_array().unwrap() {
        *counts.entry(scenario["status"].as_str().unwrap()).or_default() += 1;
        requests += scenario["requests"].as_u64().unwrap();
        let exchanges = scenario["exchanges"].as_array().unwrap().len();
        assert_eq!(
            Some(exchanges),
            scenario["requests"].as_u64().and_then(|sent| usize::try_from(sent).ok()),
            "{}",
            scenario["id"]
        );
        for finding in scenario["findings"].as_array().unwrap() {
            assert!(finding["exchange"].as_u64().unwrap() <= exchanges as u64);
        }
    }
    for status in ["passed", "failed", "errored", "skipped", "new", "known"] {
        assert_eq!(
            report["summary"][status].as_u64(),
            Some(counts.get(status).copied().unwrap_or(0)),
            "{status}"
        );
    }
    assert_eq!(report["summary"]["requests"].as_u64(), Some(requests));
    report.clone()
}

/// A run in which every status is seen.
fn every_status(folder: &Folder) -> Outcome {
    let served = Served::new(&["--defect", "string-false-ignored"]);
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| {
        // What is given in one scenario cannot be put in place.
        let broken = call.method == "POST" && call.body.contains("Lovelace") && call.body.contains("\"A.\"");
        if broken { Some(crate::support::Reply::new(429, "{}")) } else { Some(send(&origin, call)) }
    });
    let url = format!("{}{}", proxy.origin, served.path());
    let words = [
        "run",
        "users/leaver-is-deactivated",
        "users/new-user-becomes-customer",
        "users/user-of-another-client-is-linked",
        "conflicts/organization-is-kept",
        "scenarios",
        "--max-wait",
        "0",
        "--json",
        "out.json",
        "--junit",
        "out.xml",
    ];
    Scimsnap::new(folder.path(), &words).target(&url, &served.token).end().exits(1)
}

#[test]
fn the_json_report_is_as_promised() {
    let folder = Folder::with_scenario(ONE_USER);
    let outcome = every_status(&folder);
    let report = report(&folder, &outcome);
    for status in ["passed", "failed", "errored", "skipped", "new"] {
        assert!(report["summary"][status].as_u64() > Some(0), "no {status} in {}", report["summary"]);
    }
    assert_eq!(report["readiness"]["entra"], "not-ready");
    assert!(folder.names("").iter().all(|name| !name.contains(".part")));
}

#[test]
fn a_run_of_everything_fits_the_schema() {
    let folder = Folder::new();
    let outcome = Scimsnap::new(folder.path(), &["run", "-v", "--json", "out.json"]).end().exits(0);
    let report = report(&folder, &outcome);
    assert_eq!(report["behaviour"]["group-name-conflict"], "adopted");
    assert_eq!(report["readiness"]["okta"], "ready");
    // The behaviours that an integrator asks for, each with the exchange that showed it.
    let card = report["card"].as_array().unwrap();
    for behaviour in [
        "group-name-conflict",
        "membership-of-the-inactive",
        "user-deletion",
        "rename-onto-a-taken-name",
        "name-case",
        "lookup-of-inactive",
        "patch-answer",
        "members-in-answers",
        "etag",
        "filter",
        "filter-refused",
    ] {
        assert!(card.iter().any(|line| line["behaviour"] == behaviour), "no {behaviour} in {card:?}");
    }
    for line in card {
        let pair = report["scenarios"].as_array().unwrap().iter();
        let mut pair = pair.filter(|pair| pair["id"] == line["id"] && pair["idp"] == line["idp"]);
        let exchanges = pair.next().unwrap()["exchanges"].as_array().unwrap();
        let number = usize::try_from(line["exchange"].as_u64().unwrap()).unwrap();
        let exchange = &exchanges[number - 1];
        match line["behaviour"].as_str().unwrap() {
            "patch-answer" => assert_eq!(exchange["method"], "PATCH"),
            "user-deletion" | "membership-of-the-deleted" => assert_eq!(exchange["method"], "DELETE"),
            "second-group-of-a-name" => {
                assert_eq!((&exchange["method"], &line["shows"]), (&json!("POST"), &json!("refused")));
            }
            "filter" => assert!(exchange["path"].as_str().unwrap().contains("filter="), "{exchange}"),
            _ => {}
        }
        if line["shows"] == "refused" {
            assert!(exchange["status"].as_u64() >= Some(400), "{line}: {exchange}");
        }
    }
    outcome.says("behaviour   patch-answer: 200  (PATCH /");
}

#[test]
fn a_page_limit_and_an_answer_without_a_body_are_on_the_card() {
    let served = Served::new(&["--knob", "page.max=2"]);
    served.populate(3, 0);
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| {
        let mut reply = send(&origin, call);
        if call.method == "PATCH" && reply.status == 200 {
            (reply.status, reply.body) = (204, String::new());
        }
        Some(reply)
    });
    let folder = Folder::new();
    let words = [
        "run",
        "okta/import-and-force-sync-change-nothing",
        "users/profile-change-arrives",
        "-v",
        "--json",
        "out.json",
    ];
    let url = format!("{}{}", proxy.origin, served.path());
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, &served.token).end();
    outcome
        .says("behaviour   patch-answer: 204  (PATCH /Groups/{id} → 204, #")
        .says("behaviour   page-limit: 2  (GET /Users?… → 200, #");
}

#[test]
fn the_junit_report_is_whole_and_counts() {
    let folder = Folder::with_scenario(ONE_USER);
    let outcome = every_status(&folder);
    let json = report(&folder, &outcome);
    let junit = quick_junit::Report::deserialize_from_str(&folder.read("out.xml")).unwrap();
    let count = |status: &str| {
        json["summary"][status].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap()
    };
    let suite = &junit.test_suites[0];
    assert_eq!(junit.tests, json["scenarios"].as_array().unwrap().len());
    assert_eq!(junit.failures, count("failed") + count("new"));
    assert_eq!(junit.errors, count("errored"));
    let skipped = |case: &&quick_junit::TestCase| matches!(case.status, TestCaseStatus::Skipped { .. });
    assert_eq!(suite.test_cases.iter().filter(skipped).count(), count("skipped"));
    for (case, scenario) in suite.test_cases.iter().zip(json["scenarios"].as_array().unwrap()) {
        let name = format!("{} [{}]", scenario["id"].as_str().unwrap(), scenario["idp"].as_str().unwrap());
        assert_eq!(case.name.as_str(), name);
    }
}
