//! The command itself: which cause, from which report, to where, and what the script says where something is missing.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::{Reader, causes, found, run, script};
use crate::support::{Folder, Outcome, Scimsnap, Served};

const WIPED: &str = "one-removed-member/wiped";

fn repro(folder: &Folder, words: &[&str]) -> Outcome {
    Scimsnap::new(folder.path(), &[&["repro"], words].concat()).end()
}

/// A folder with the report of a run against an endpoint that removes all members, and that endpoint.
fn wiped() -> (Folder, Served) {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "remove-one-removes-all"]));
    run(&folder, &served, "groups/member-removed");
    (folder, served)
}

#[test]
fn without_a_report_it_says_how_to_get_one() {
    let folder = Folder::new();
    repro(&folder, &[WIPED]).exits(2).complains("scimsnap run").complains("--from");
    repro(&folder, &["--from", "none.json"]).exits(2).complains("none.json");
    folder.write("old.json", r#"{"format": 1, "causes": []}"#);
    repro(&folder, &["--from", "old.json"]).exits(3).complains("format 1");
    folder.write("no.json", "[]");
    repro(&folder, &["--from", "no.json"]).exits(3).complains("not a JSON report");
}

#[test]
fn the_cause_is_one_of_the_report() {
    let (folder, _served) = wiped();
    repro(&folder, &["--from", "out.json"]).exits(0).says("STILL THERE");
    repro(&folder, &["one-removed-member/wipd", "--from", "out.json"])
        .exits(2)
        .complains("no cause `one-removed-member/wipd`")
        .complains(&format!("did you mean `{WIPED}`?"))
        .complains(&format!("it found: {WIPED}"));
    let scripts = repro(&folder, &[WIPED, "--from", "out.json"]).exits(0).stdout;
    folder.write(".scimsnap/last-run.json", &folder.read("out.json"));
    assert_eq!(repro(&folder, &[WIPED]).exits(0).stdout, scripts, "the last run is the same report");
}

#[test]
fn where_there_are_several_causes_they_are_listed() {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "string-total-results"]));
    let report = run(&folder, &served, "users/new-user-becomes-customer");
    let listed = repro(&folder, &["--from", "out.json"]).exits(0).stdout;
    let causes = causes(&report, "must");
    assert!(causes.len() > 1);
    for cause in causes {
        assert!(listed.contains(cause), "{listed}");
    }
}

#[test]
fn a_script_in_a_folder_can_be_run() {
    let (folder, served) = wiped();
    let outcome = repro(&folder, &[WIPED, "--from", "out.json", "--out", "some/where"]).exits(0);
    let path = folder.path().join(outcome.stdout.trim());
    assert!(path.ends_with("some/where/one-removed-member-wiped.sh"), "{path:?}");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o100, 0o100);
    let printed = repro(&folder, &[WIPED, "--from", "out.json"]).exits(0).stdout;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), printed);
    let mut command = Command::new(&path);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("SCIM_TOKEN", &served.token);
    // The address is the one of the run.
    let outcome = Outcome::from(command.env("READ_LAG", "0").output().unwrap());
    outcome.exits(1).says("STILL THERE").says("right is that");
}

#[test]
fn a_shell_reads_it() {
    let (folder, _served) = wiped();
    repro(&folder, &[WIPED, "--from", "out.json", "--out", "."]).exits(0);
    for shell in ["sh", "dash", "bash"].into_iter().filter_map(found) {
        let output =
            Command::new(shell).arg("-n").arg(folder.path().join("one-removed-member-wiped.sh")).output();
        let output = output.unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn a_script_says_what_is_missing() {
    let (folder, served) = wiped();
    repro(&folder, &[WIPED, "--from", "out.json", "--out", "."]).exits(0);
    let path = folder.path().join("one-removed-member-wiped.sh");
    let play = |variables: &[(&str, &str)], words: &[&str]| {
        let mut command = script(&path, &folder, Reader::Any);
        Outcome::from(command.args(words).envs(variables.iter().copied()).output().unwrap())
    };
    play(&[], &[]).exits(2).complains("neither SCIM_TOKEN nor SCIM_HEADER is set");
    play(&[], &["--help"]).exits(0).says("usage");
    let gone = ("SCIM_URL", "http://127.0.0.1:9/scim");
    play(&[("SCIM_TOKEN", "x"), gone], &[]).exits(2).complains("COULD NOT TELL");
    play(&[("SCIM_TOKEN", "wrong")], &[]).exits(2).complains("refuses the credentials");
    let header = format!("Authorization: Bearer {}", served.token);
    play(&[("SCIM_HEADER", &header)], &[]).exits(1).says("STILL THERE");
}

#[test]
fn the_variable_of_the_token_is_the_one_that_the_run_was_told() {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "remove-one-removes-all"]));
    let words = ["run", "groups/member-removed", "--update", "no", "--read-lag", "0", "--json", "out.json"];
    Scimsnap::new(folder.path(), &words)
        .word("--target")
        .word(&served.scim)
        .word("--token-env")
        .word("MY_OWN_KEY")
        .env("MY_OWN_KEY", &served.token)
        .end()
        .exits(1);
    repro(&folder, &[WIPED, "--from", "out.json", "--out", "."]).exits(0);
    let mut command = script(&folder.path().join("one-removed-member-wiped.sh"), &folder, Reader::Any);
    Outcome::from(command.env("MY_OWN_KEY", &served.token).output().unwrap()).exits(1);
}
