//! `--rerun-failed`: what failed in the last run of the folder, with the flags of then.

use serde_json::Value;

use crate::support::{Folder, Outcome, Proxy, Scimsnap, Served, send};

const TWO: [&str; 2] = ["groups/member-removed", "users/new-user-becomes-customer"];

fn again(folder: &Folder, served: &Served, words: &[&str]) -> Outcome {
    let words = [&["run", "--rerun-failed"], words].concat();
    Scimsnap::new(folder.path(), &words).env("SCIM_TOKEN", &served.token).end()
}

fn last(folder: &Folder) -> Value {
    serde_json::from_str(&folder.read(".scimsnap/last-run.json")).unwrap()
}

fn played(folder: &Folder) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let report = last(folder);
    let pairs = report["scenarios"].as_array().unwrap().iter();
    pairs.map(|pair| (text(&pair["id"]), text(&pair["idp"]))).collect()
}

/// A run in which one of two scenarios fails.
fn failed() -> (Folder, Served) {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "remove-one-removes-all"]));
    let words =
        [&["run", "--idp", "entra", "--read-lag", "0", "--update", "no", "--json", "out.json"], &TWO[..]]
            .concat();
    served.run(folder.path(), &words).exits(1);
    assert_eq!(played(&folder).len(), 4);
    (folder, served)
}

#[test]
fn what_failed_is_played_again_with_the_flags_of_then() {
    let (folder, served) = failed();
    std::fs::remove_file(folder.path().join("out.json")).unwrap();
    let flags = last(&folder)["flags"].clone();
    let outcome = again(&folder, &served, &[]).exits(1);
    let outcome = outcome.complains("playing again what failed in the last run");
    outcome.complains("2 runs of 1 scenario, with --target").says("one-removed-member/wiped");
    let pairs = played(&folder);
    assert!(pairs.iter().all(|(id, _)| id == TWO[0]) && pairs.len() == 2, "{pairs:?}");
    assert_eq!(last(&folder)["flags"], flags);
    assert!(!folder.path().join("out.json").exists(), "reports are asked for anew");
    // Of what failed, less can be played.
    again(&folder, &served, &["--idp", "entra-scim2", "--json", "out.json"]).exits(1);
    assert_eq!(played(&folder), [(TWO[0].to_owned(), "entra-scim2".to_owned())]);
    assert!(folder.path().join("out.json").exists());
    // The endpoint has been mended: a flag that is given anew replaces the one of then.
    let mended = Served::new(&[]);
    again(&folder, &mended, &["--target", &mended.scim]).exits(0).says("1 passed");
    assert_eq!(last(&folder)["target"], mended.scim.as_str());
    let outcome = again(&folder, &mended, &[]).exits(0).says("nothing failed in the last run");
    assert!(!outcome.stdout.contains("not ready"));
}

#[test]
fn a_last_run_that_cannot_be_used_is_2_and_says_so() {
    let (folder, served) = failed();
    let report = folder.read(".scimsnap/last-run.json");
    for (text, complaint) in [
        ("{".to_owned(), "is not the report of a run"),
        (report.replacen("\"format\":2", "\"format\":1", 1), "it has format 1"),
        (
            report.replacen("\"read_lag\"", "\"shoe_size\"", 1),
            "flags that this version of scimsnap does not have",
        ),
        (report.replacen("\"--read-lag\",\"0\"", "\"--json\",\"x.json\"", 1), "flags that this version"),
        (
            report.replacen(&served.scim, "http://***@a.example", 1).replacen(
                "\"words\":[\"--target\",\"http",
                "\"words\":[\"--target\",\"***http",
                1,
            ),
            "contained a secret",
        ),
    ] {
        assert_ne!(text, report, "{complaint}");
        folder.write(".scimsnap/last-run.json", &text);
        again(&folder, &served, &[]).exits(2).complains(complaint);
        assert!(!folder.path().join("x.json").exists());
    }
    std::fs::remove_file(folder.path().join(".scimsnap/last-run.json")).unwrap();
    again(&folder, &served, &[]).exits(2).complains("`.scimsnap/last-run.json` does not exist");
    folder.write("work/last-run.json", &report);
    again(&folder, &served, &["--work-dir", "work"]).exits(1).says("one-removed-member/wiped");
}

#[test]
fn a_scenario_that_is_gone_is_left_out_with_a_warning() {
    let (folder, served) = failed();
    let report = folder.read(".scimsnap/last-run.json").replace(TWO[0], "groups/gone");
    folder.write(".scimsnap/last-run.json", &report);
    let outcome = again(&folder, &served, &[]).exits(6);
    outcome.complains("`groups/gone` failed in the last run and is no longer there");
}

#[test]
fn a_run_that_begins_nothing_leaves_the_last_one() {
    let (folder, served) = failed();
    let before = last(&folder);
    served.run(folder.path(), &["run", "--plan", "users"]).exits(0);
    let gone = ["run", "users", "--target", "http://127.0.0.1:9/scim", "--token-env", "SCIM_TOKEN"];
    Scimsnap::new(folder.path(), &gone).env("SCIM_TOKEN", "t").end().exits(4);
    assert_eq!(last(&folder), before);
}

#[test]
fn strictly_a_should_is_a_failure() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let origin = served.origin.clone();
    // Plain JSON is answered where SCIM's own type should be.
    let proxy =
        Proxy::new(move |_, call| Some(send(&origin, call).header("Content-Type", "application/json")));
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["run", TWO[1], "--idp", "entra", "--read-lag", "0", "--update", "no"];
    let run = |words: &[&str]| Scimsnap::new(folder.path(), words).target(&url, &served.token).end();
    run(&[&words[..], &["--strict"]].concat()).exits(1);
    again(&folder, &served, &[]).exits(1).complains("2 runs of 1 scenario");
    run(&words).exits(0);
    again(&folder, &served, &[]).exits(0).says("nothing failed");
    again(&folder, &served, &["--strict"]).exits(1);
}
