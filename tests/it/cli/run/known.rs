//! `[[known]]`: a known failure that fails is fine; one that nobody sees any more, or whose time is over, is not.

use serde_json::Value;

use crate::cli::reports::valid;
use crate::support::{Folder, Outcome, Proxy, Scimsnap, Served};

const LEAVER: &str = "users/leaver-is-deactivated";

fn entry(scenario: &str, requirement: &str, rest: &str) -> String {
    format!(
        "[[known]]\nscenario = \"{scenario}\"\nrequirement = \"{requirement}\"\nreason = \"APP-12\"\nowner = \"identity team\"\n{rest}\n\n"
    )
}

const LATER: &str = "expires = 2999-12-31";

/// Every requirement that the scenario breaks on an endpoint with that defect, as the report has them.
fn broken(report: &Value) -> Vec<(String, String)> {
    let mut broken = Vec::new();
    for scenario in report["scenarios"].as_array().unwrap() {
        let idp = scenario["idp"].as_str().unwrap().to_owned();
        for finding in scenario["findings"].as_array().unwrap() {
            if finding["level"] == "must" {
                broken.push((idp.clone(), finding["requirement"].as_str().unwrap().to_owned()));
            }
        }
        if scenario["checkpoints"]
            .as_array()
            .unwrap()
            .iter()
            .any(|checkpoint| checkpoint["status"] == "changed")
        {
            broken.push((idp, "accepted-outcome".to_owned()));
        }
    }
    broken.sort();
    broken.dedup();
    broken
}

/// A folder that lists all that the scenario breaks on an endpoint that takes no `"False"`.
fn all_known(served: &Served, rest: &str) -> Folder {
    let folder = Folder::new();
    served.run(folder.path(), &["run", LEAVER, "--update", "no", "--json", "out.json"]).exits(1);
    let mut ids: Vec<String> = broken(&valid(&folder)).into_iter().map(|(_, id)| id).collect();
    ids.sort();
    ids.dedup();
    assert!(ids.contains(&"accepted-outcome".to_owned()) && ids.len() > 1, "{ids:?}");
    let text: String = ids.iter().map(|id| entry("users/leaver-*", id, rest)).collect();
    folder.write("scimsnap.toml", &text);
    folder
}

fn wrong() -> Served {
    Served::new(&["--defect", "string-false-ignored"])
}

fn play(served: &Served, folder: &Folder, words: &[&str]) -> Outcome {
    let all = [&["run", LEAVER, "--json", "out.json", "--junit", "out.xml"], words].concat();
    served.run(folder.path(), &all)
}

#[test]
fn a_known_failure_that_fails_is_fine() {
    let served = wrong();
    let folder = all_known(&served, "idp = \"entra\"\nexpires = 2999-12-31");
    let outcome =
        play(&served, &folder, &[]).exits(0).says("1 known").says("until 2999-12-31, identity team: APP-12");
    assert!(!outcome.stdout.contains("FAIL"), "{}", outcome.stdout);
    let report = valid(&folder);
    assert_eq!(report["summary"]["known"], 1, "{}", report["summary"]);
    assert_eq!(report["summary"]["failed"], 0);
    // It is accepted, and it hurts all the same.
    assert_eq!(report["readiness"]["entra"], "not-ready");
    for scenario in report["scenarios"].as_array().unwrap() {
        let known = scenario["idp"] == "entra";
        assert_eq!(scenario["status"] == "known", known, "{scenario}");
    }
    assert!(report["known"].as_array().unwrap().iter().all(|known| known["state"] == "fails"), "{report}");
    assert!(
        folder.names("snapshots").is_empty() && !outcome.stdout.contains("disagree"),
        "{}",
        outcome.stdout
    );
    let junit = folder.read("out.xml");
    assert!(
        junit.contains("known failure") && junit.contains("APP-12") && !junit.contains("<failure"),
        "{junit}"
    );
}

#[test]
fn what_is_not_listed_fails_still() {
    let served = wrong();
    let folder = Folder::new();
    folder.write("scimsnap.toml", &entry(LEAVER, "accepted-outcome", LATER));
    play(&served, &folder, &["-v"]).exits(1).says("FAIL").says("known    accepted-outcome");
    // For another client, it is another failure.
    let folder = all_known(&served, "idp = \"okta\"\nexpires = 2999-12-31");
    play(&served, &folder, &[]).exits(1);
}

#[test]
fn one_that_passes_is_to_be_removed() {
    let folder = Folder::new();
    let text = format!("\n{}", entry(LEAVER, "id-stable", LATER));
    folder.write("scimsnap.toml", &text);
    let served = Served::new(&[]);
    let outcome = play(&served, &folder, &[]).exits(1).says("remove the entry at scimsnap.toml:2:1");
    outcome.says("`id-stable` in `users/leaver-is-deactivated`");
    assert_eq!(valid(&folder)["known"][0]["state"], "passes");
    let junit = folder.read("out.xml");
    assert!(junit.contains("known-passes") && junit.contains("remove the entry"), "{junit}");
}

#[test]
fn a_narrower_run_does_not_say_that_nobody_sees_it() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    folder.write("scimsnap.toml", &entry("users/*", "id-stable", LATER));
    play(&served, &folder, &[]).exits(0);
    assert_eq!(valid(&folder)["known"][0]["state"], "open");
    folder.write("scimsnap.toml", &entry(LEAVER, "id-stable", LATER));
    play(&served, &folder, &["--idp", "okta"]).exits(0);
    folder.write("scimsnap.toml", &entry(LEAVER, "id-stable", "idp = \"okta\"\nexpires = 2999-12-31"));
    play(&served, &folder, &["--idp", "okta"]).exits(1).says("remove the entry");
    // What this run has nothing to do with is not its business.
    folder.write("scimsnap.toml", &entry("groups/**", "id-stable", "expires = 2020-01-01"));
    play(&served, &folder, &[]).exits(0);
    assert_eq!(valid(&folder)["known"], Value::Array(Vec::new()));
}

#[test]
fn one_whose_time_is_over_fails() {
    let served = wrong();
    let folder = all_known(&served, "idp = \"entra\"\nexpires = 2020-02-29");
    let outcome =
        play(&served, &folder, &[]).exits(1).says("failed").says("was a known failure until 2020-02-29");
    outcome.says("ask identity team to renew the entry at scimsnap.toml:1:1");
    let report = valid(&folder);
    assert_eq!(report["summary"]["failed"], 1);
    assert!(report["known"].as_array().unwrap().iter().all(|known| known["state"] == "expired"));
    // Also where it passes, and on the embedded endpoint.
    Scimsnap::new(folder.path(), &["run", LEAVER]).end().exits(1).says("2020-02-29");
}

#[test]
fn a_should_that_is_known_is_not_strict() {
    let served = Served::new(&[]);
    let proxy = Proxy::creating_with_200(&served);
    let url = format!("{}{}", proxy.origin, served.path());
    let folder = Folder::new();
    let run = || Scimsnap::new(folder.path(), &["run", LEAVER, "--strict"]).target(&url, &served.token).end();
    run().exits(1).says("create-status");
    folder.write("scimsnap.toml", &entry("users/**", "create-status", LATER));
    run().exits(0).says("5 passed");
}

#[test]
fn a_target_has_its_own() {
    let served = wrong();
    let folder = all_known(&served, LATER);
    let text = folder.read("scimsnap.toml").replace("[[known]]", "[[targets.staging.known]]");
    let target = format!("[targets.staging]\nurl = \"{}\"\ntoken_env = \"STAGING\"\n\n", served.scim);
    folder.write("ours.toml", &(target + &text));
    folder.write("scimsnap.toml", "");
    let words = ["run", LEAVER, "--settings", "ours.toml", "--target", "staging"];
    let run = Scimsnap::new(folder.path(), &words).env("STAGING", &served.token);
    run.end().exits(0).says("1 known");
    play(&served, &folder, &["--settings", "ours.toml"]).exits(1);
}

#[test]
fn what_is_wrong_in_the_file_is_pointed_at() {
    let good = entry(LEAVER, "id-stable", LATER);
    let cases = [
        (
            good.replace(LEAVER, "users/leaver-is-deactivate"),
            "scimsnap.toml:2:12",
            "did you mean `users/leaver-is-deactivated`?",
        ),
        (good.replace(LEAVER, "nobody/**"), "scimsnap.toml:2:12", "`scimsnap list` shows the ids"),
        (good.replace(LEAVER, "users/***"), "scimsnap.toml:2:12", "invalid glob"),
        (good.replace("id-stable", "id-stabel"), "scimsnap.toml:3:15", "did you mean `id-stable`?"),
        (good.replace("identity team", " "), "scimsnap.toml:5:9", "must not be empty"),
        (good.replace("2999-12-31", "\"2999-12-31\""), "scimsnap.toml:6:11", "expires"),
        (good.replace("2999-12-31", "2999-02-30"), "scimsnap.toml:6:", ""),
        (
            good.replace("2999-12-31", "2999-12-31T00:00:00Z"),
            "scimsnap.toml:6:11",
            "`expires` must be a date",
        ),
        (good.replace("owner", "ovner"), "scimsnap.toml:5:1", "ovner"),
        (good.replace("owner = \"identity team\"\n", ""), "scimsnap.toml:1:1", "missing key `owner`"),
        (good.clone() + "idp = \"entar\"", "scimsnap.toml:8:7", "did you mean `entra`?"),
        ("a = [".to_owned(), "scimsnap.toml:1:", ""),
        ("[targets.a]\nurl = \"ftp://a.example\"".to_owned(), "scimsnap.toml:2:7", "is not an http(s) URL"),
    ];
    for (text, place, label) in cases {
        let folder = Folder::new();
        folder.write("scimsnap.toml", &text);
        let outcome = Scimsnap::new(folder.path(), &["run", LEAVER]).end().exits(2).complains(place);
        outcome.complains(label).complains("^");
    }
    let folder = Folder::new();
    Scimsnap::new(folder.path(), &["run", "--settings", "no.toml"])
        .end()
        .exits(2)
        .complains("`no.toml` cannot be read");
    folder.write("scimsnap.toml", "[targets.staging]\nurl = \"http://127.0.0.1:9\"");
    let run = Scimsnap::new(folder.path(), &["run", "--target", "stagin"]);
    run.end().exits(2).complains("did you mean `staging`?");
}

#[test]
fn several_scenarios_and_clients_are_named_in_lists() {
    let served = wrong();
    let folder = all_known(&served, LATER);
    let text = folder.read("scimsnap.toml");
    let listed = |scenarios: &str| {
        folder.write(
            "scimsnap.toml",
            &text.replace(
                "scenario = \"users/leaver-*\"",
                &format!("scenario = {scenarios}\nidp = [\"entra\", \"google\"]"),
            ),
        );
    };
    listed("[\"users/leaver-is-deactivated\", \"okta/leaver-*\"]");
    play(&served, &folder, &[]).exits(0).says("known");
    listed("[\"okta/leaver-*\", \"users/suspended-*\"]");
    play(&served, &folder, &[]).exits(1);
    // Each of them has to be about something.
    listed("[\"users/leaver-*\", \"users/leever-*\"]");
    play(&served, &folder, &[]).exits(2).complains("no scenario matches `users/leever-*`");
    listed("[]");
    play(&served, &folder, &[]).exits(2).complains("this must not be empty");
}

/// An entry for causes.
fn of_cause(cause: &str, rest: &str) -> String {
    entry("groups/**", "id-stable", rest).replace("requirement = \"id-stable\"", cause)
}

fn groups(served: &Served, folder: &Folder, words: &[&str]) -> Outcome {
    let all =
        ["run", "groups", "--read-lag", "0", "--update", "no", "--json", "out.json", "--junit", "out.xml"];
    served.run(folder.path(), &[&all[..], words].concat())
}

#[test]
fn a_known_cause_covers_what_follows_from_it() {
    let served = Served::new(&["--defect", "remove-one-removes-all"]);
    let folder = Folder::new();
    groups(&served, &folder, &[]).exits(1);
    let report = valid(&folder);
    let cause = &report["causes"][0];
    assert_eq!(cause["id"], "one-removed-member/wiped");
    assert!(cause["consequences"].as_array().unwrap().iter().any(|one| one["kind"] == "outcome"), "{cause}");
    for what in [
        "cause = \"one-removed-member/wiped\"",
        "cause = [\"id-stable\", \"one-removed-member/*\"]",
        "requirement = \"one-removed-*\"",
        "requirement = [\"id-stable\", \"one-removed-member\"]",
        "requirement = \"one-removed-member\"\ncause = \"*/wiped\"",
    ] {
        folder.write("scimsnap.toml", &of_cause(what, LATER));
        let outcome = groups(&served, &folder, &[]).exits(0).says("until 2999-12-31, identity team: APP-12");
        assert!(!outcome.stdout.contains("accept "), "{}", outcome.stdout);
        let report = valid(&folder);
        assert!(report["summary"]["known"].as_u64() > Some(0), "{what}: {}", report["summary"]);
        assert_eq!(report["known"][0]["state"], "fails", "{what}");
        assert!(report["causes"][0]["known"].as_str().unwrap().contains("APP-12"), "{what}");
        let junit = folder.read("out.xml");
        assert!(junit.contains("known failure: ") && !junit.contains("<failure"), "{what}: {junit}");
    }
    // Another cause of the same requirement is another failure.
    folder.write("scimsnap.toml", &of_cause("cause = \"one-removed-member/kept\"", LATER));
    groups(&served, &folder, &[]).exits(1).says("remove the entry at scimsnap.toml:1:1");
    folder.write("scimsnap.toml", &of_cause("cause = \"one-removed-member/wiped\"", "expires = 2020-01-01"));
    groups(&served, &folder, &[]).exits(1).says("`one-removed-member/wiped` in `groups/**`");
    let sound = Served::new(&[]);
    folder.write("scimsnap.toml", &of_cause("cause = \"one-removed-member/wiped\"", LATER));
    groups(&sound, &folder, &[]).exits(1).says("no longer occurs: remove the entry at scimsnap.toml:1:1");
    assert_eq!(valid(&folder)["known"][0]["cause"], "one-removed-member/wiped");
}

#[test]
fn an_entry_is_about_something_that_there_is() {
    for (what, place, says) in [
        ("cause = \"one-remved-member/wiped\"", "scimsnap.toml:3:9", "did you mean `one-removed-member`?"),
        ("requirement = \"one-remved-*\"", "scimsnap.toml:3:15", "there is no requirement `one-remved-*`"),
        ("requirement = [\"id-stable\", \"x\"]", "scimsnap.toml:3:15", "there is no requirement `x`"),
        ("cause = []", "scimsnap.toml:3:9", "this must not be empty"),
        ("cause = \"***\"", "scimsnap.toml:3:9", "invalid glob"),
        ("", "scimsnap.toml:1:1", "a known failure has a `requirement` or a `cause`"),
    ] {
        let folder = Folder::new();
        folder.write("scimsnap.toml", &of_cause(what, LATER));
        let outcome = Scimsnap::new(folder.path(), &["run", LEAVER]).end().exits(2);
        outcome.complains(place).complains(says);
    }
}
