//! Every command that a report suggests does what it says when it is pasted into a shell.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::valid;
use crate::support::{Folder, ONE_USER, Outcome, Scimsnap, Served, program};

const WIPED: &str = "one-removed-member/wiped";

/// Pastes a line into a shell, in the folder of the run and with its variables.
fn paste(folder: &Folder, line: &str, variables: &[(&str, &str)]) -> Outcome {
    let program = program();
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program.parent().unwrap().display());
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder.path()).env_clear().env("PATH", path);
    shell.envs(variables.iter().copied());
    shell.output().unwrap().into()
}

/// The commands in what a person reads.
fn printed(text: &str) -> Vec<String> {
    let starts = ["scimsnap run ", "scimsnap snapshots ", "scimsnap clean ", "curl -sS ", "(cd "];
    let command = |line: &str| {
        let at = starts.iter().filter_map(|start| line.find(start)).min()?;
        Some(line[at..].trim_end().to_owned())
    };
    text.lines().filter_map(command).collect()
}

/// The commands in a JSON report.
fn reported(report: &Value) -> Vec<String> {
    let causes = report["causes"].as_array().unwrap().iter();
    let commands = causes.flat_map(|cause| {
        let accept = cause["accept"].as_array().into_iter().flatten();
        [&cause["curl"], &cause["repeat"]].into_iter().chain(accept).filter_map(Value::as_str)
    });
    commands.map(str::to_owned).collect()
}

/// The pairs that failed in the last run of a folder.
fn failed(folder: &Folder) -> BTreeSet<(String, String)> {
    let report: Value = serde_json::from_str(&folder.read(".scimsnap/last-run.json")).unwrap();
    let pairs = report["scenarios"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    pairs
        .filter(|pair| pair["status"] == "failed")
        .map(|pair| (text(&pair["id"]), text(&pair["idp"])))
        .collect()
}

#[test]
fn each_command_after_a_failure_does_what_it_says() {
    let served = Served::new(&["--defect", "remove-one-removes-all"]);
    let folder = Folder::new();
    let variables = [("MY_TOKEN", served.token.as_str())];
    let line = format!(
        "scimsnap run groups/member-removed groups/member-leaves-and-comes-back --target {} --token-env MY_TOKEN \
         --idp okta,entra --read-lag 0 --update no --json out.json --markdown out.md --junit out.xml",
        served.scim
    );
    paste(&folder, &format!("{line} --sarif out.sarif"), &variables).exits(1);
    let sarif: Value = serde_json::from_str(&folder.read("out.sarif")).unwrap();
    for rule in sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
        let help = rule["help"]["text"].as_str().unwrap();
        let command = help.split('`').find(|part| part.starts_with("scimsnap explain ")).unwrap();
        paste(&folder, command, &variables).exits(0).says(rule["id"].as_str().unwrap());
    }
    for detail in ["", " -v", " -q"] {
        let outcome = paste(&folder, &format!("{line}{detail}"), &variables).exits(1);
        let report = valid(&folder);
        let mut commands: BTreeSet<String> = printed(&outcome.stdout).into_iter().collect();
        commands.extend(reported(&report));
        commands.extend(printed(
            &folder.read("out.xml").replace("&apos;", "'").replace("&quot;", "\"").replace("&amp;", "&"),
        ));
        let (runs, others): (BTreeSet<String>, BTreeSet<String>) =
            commands.into_iter().partition(|command| command.starts_with("scimsnap run "));
        assert!(!runs.is_empty() && !others.is_empty());
        for command in runs {
            assert!(command.contains("--rerun-failed") || command.contains("--read-lag 0"), "{command}");
            paste(&folder, &command, &variables).exits(1).says(WIPED);
        }
        for command in others {
            assert!(command.starts_with("curl -sS "), "{command}");
            assert!(command.contains("$MY_TOKEN") && !command.contains("$SCIM"), "{command}");
            // What it names by an id is gone with the run, which the report says.
            let answer = paste(&folder, &command, &variables).exits(0);
            let answer: Value = serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{answer:?}"));
            let is_gone = answer["status"] == "404" || answer["status"] == "400";
            assert!(is_gone || answer["id"].is_string(), "{command}: {answer}");
        }
        let note = report["causes"][0]["curl_note"].as_str().unwrap();
        assert!(note.contains("removed"), "{note}");
        assert!(folder.read("out.md").contains(note));
        if detail == " -v" {
            assert!(outcome.stdout.contains(note), "{}", outcome.stdout);
        }
    }
}

#[test]
fn after_a_run_that_keeps_what_it_created_requests_are_sent_again_and_all_is_cleaned_up() {
    let served = Served::new(&["--defect", "remove-one-removes-all"]);
    let folder = Folder::new();
    folder.write("my token", &served.token);
    let line = format!(
        "scimsnap run groups/member-removed --target {} --token-file 'my token' --idp entra --read-lag 0 --update no \
         --keep --work-dir \"it's work\" -v --json out.json",
        served.scim
    );
    let outcome = paste(&folder, &line, &[]).exits(1);
    let report = valid(&folder);
    assert_eq!(report["causes"][0]["curl_note"], Value::Null);
    let commands = printed(&outcome.stdout);
    let curl = reported(&report).into_iter().find(|command| command.starts_with("curl")).unwrap();
    let answer = paste(&folder, &curl, &[]).exits(0);
    let answer: Value = serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{answer:?}"));
    assert_eq!(answer["displayName"].as_str().map(|name| name.ends_with("Acme")), Some(true), "{answer}");
    assert!(!served.resources("/Groups").is_empty());
    let clean = commands.iter().find(|command| command.starts_with("scimsnap clean")).unwrap();
    paste(&folder, clean, &[]).exits(0).says(", 0 left");
    assert!(served.resources("/Groups").is_empty() && served.resources("/Users").is_empty());
    assert!(!folder.path().join(".scimsnap").exists());
    assert_eq!(folder.read("it's work/.gitignore"), "*\n");
}

#[test]
fn commands_for_own_scenarios_name_their_files() {
    let folder = Folder::new();
    folder.write("my project/scenarios/own/o'ne.yaml", ONE_USER);
    folder.write("scenarios/-two.yaml", ONE_USER);
    let run = |words: &str| paste(&folder, &format!("scimsnap run {words}"), &[]);
    let outcome = run("scenarios 'my project/scenarios'").exits(5);
    let commands = printed(&outcome.stdout);
    let of =
        |verb: &str| commands.iter().filter(|command| command.contains(verb)).cloned().collect::<Vec<_>>();
    assert_eq!((of("snapshots diff").len(), of("snapshots accept").len()), (2, 2), "{commands:#?}");
    for command in of("snapshots diff") {
        paste(&folder, &command, &[]).exits(0).says("+ ada@example.com");
    }
    for command in of("snapshots accept") {
        paste(&folder, &command, &[]).exits(0).says("accepted snapshots/");
    }
    run("scenarios 'my project/scenarios'").exits(0);
    for snapshot in ["snapshots/-two.snap", "my project/snapshots/own/o'ne.snap"] {
        let text = folder.read(snapshot).replace("\"Ada\"", "\"Augusta\"");
        folder.write(snapshot, &text);
    }
    let outcome = run("scenarios 'my project/scenarios' --json out.json -v").exits(1);
    let mut runs: BTreeSet<String> = printed(&outcome.stdout).into_iter().collect();
    runs.extend(reported(&valid(&folder)));
    runs.retain(|command| command.starts_with("scimsnap run "));
    assert!(runs.iter().any(|command| command.contains("/-two.yaml")), "{runs:#?}");
    for command in runs {
        paste(&folder, &command, &[]).exits(1).says("outcome");
    }
    paste(&folder, "scimsnap run --rerun-failed", &[]).exits(1);
}

#[test]
fn an_exported_copy_is_played_again_and_not_the_bundled_scenario() {
    let folder = Folder::new();
    let id = "users/new-user-becomes-customer";
    Scimsnap::new(folder.path(), &["export", id, "--to", "."]).end().exits(0);
    let snapshot = format!("snapshots/{id}.snap");
    let text = folder.read(&snapshot);
    let changed = text.replacen("\"active\": true", "\"active\": false", 1);
    assert_ne!(text, changed);
    folder.write(&snapshot, &changed);
    let outcome = paste(&folder, "scimsnap run scenarios --idp okta", &[]).exits(1);
    let repeat = printed(&outcome.stdout).into_iter().find(|line| line.starts_with("scimsnap run")).unwrap();
    assert!(repeat.contains("scenarios/users/new-user-becomes-customer.yaml"), "{repeat}");
    paste(&folder, &repeat, &[]).exits(1);
}

/// A project with five scenarios that fail.
fn five() -> Folder {
    let folder = Folder::new();
    for name in ["a", "b", "c", "d", "e"] {
        folder.write(&format!("scenarios/{name}.yaml"), ONE_USER);
    }
    Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]).end().exits(5);
    for name in ["a", "b", "c", "d", "e"] {
        let snapshot = format!("snapshots/{name}.snap");
        let text = folder.read(&snapshot).replace("\"Ada\"", "\"Augusta\"");
        folder.write(&snapshot, &text);
    }
    folder
}

#[test]
fn many_failures_are_played_again_by_a_short_command_or_a_whole_one() {
    let folder = five();
    folder.write(
        "scenarios/bad.yaml",
        &ONE_USER.replace(
            "  - checkpoint: assigned\n",
            "  - checkpoint: assigned\n  - request: {send: GET /Users/nobody, expect: {status: [200]}}\n",
        ),
    );
    let rerun = |outcome: &Outcome| {
        let line = outcome.stdout.lines().find(|line| line.starts_with("rerun ")).map(str::to_owned);
        printed(&line.unwrap_or_else(|| panic!("{}", outcome.stdout))).remove(0)
    };
    let outcome = paste(&folder, "scimsnap run scenarios --idp okta --strict", &[]).exits(1);
    assert_eq!(rerun(&outcome), "scimsnap run --rerun-failed");
    let then = failed(&folder);
    assert_eq!(then.iter().map(|(id, _)| id).collect::<BTreeSet<_>>().len(), 6, "{then:?}");
    paste(&folder, &rerun(&outcome), &[]).exits(1).complains("with --strict");
    assert_eq!(failed(&folder), then);
    // Where the run cannot be remembered, the command has all of them.
    std::fs::remove_dir_all(folder.path().join(".scimsnap")).unwrap();
    folder.write(".scimsnap", "in the way");
    let outcome = paste(&folder, "scimsnap run scenarios --idp okta --strict --json out.json", &[]).exits(1);
    let outcome = outcome.complains("the run cannot be remembered in `.scimsnap/last-run.json`");
    let command = rerun(&outcome);
    for name in ["a", "b", "c", "d", "e", "bad"] {
        assert!(command.contains(&format!("scenarios/{name}.yaml")), "{command}");
    }
    paste(&folder, &format!("{command} --json out.json"), &[]).exits(1);
    assert_eq!(valid(&folder)["summary"]["failed"].as_u64(), Some(then.len() as u64));
}
