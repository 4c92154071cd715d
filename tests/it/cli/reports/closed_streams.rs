//! Whoever closes standard output or standard error ends the output, and not the judging.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};

use super::valid;
use crate::support::{Folder, Outcome, Scimsnap, Served};

const FAILING: &str = "users/leaver-is-deactivated";

/// One pair after the other, so that a run which is cut short skips the rest.
const SEVERAL: [&str; 5] =
    ["users/new-user-becomes-customer", FAILING, "groups/member-removed", "--jobs", "1"];

/// A run with both reports; how much of standard output is read is up to `read`.
fn judged(flags: &[&str], words: &[&str], read: impl FnOnce(&mut Child)) -> (Folder, Served, Outcome) {
    let (folder, served) = (Folder::new(), Served::new(flags));
    let words = [&["run"], words, &["--json", "out.json", "--junit", "out.xml"]].concat();
    let mut child = Scimsnap::new(folder.path(), &words).against(&served).start();
    read(&mut child);
    let outcome = Outcome::from(child.wait_with_output().unwrap());
    (folder, served, outcome)
}

fn one_line(child: &mut Child) {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("target "), "{line}");
}

fn nothing(child: &mut Child) {
    drop(child.stdout.take());
}

#[test]
fn a_failing_target_is_1_and_reported_whoever_reads() {
    for read in [one_line, nothing] {
        let (folder, served, outcome) = judged(&["--defect", "string-false-ignored"], &SEVERAL, read);
        let outcome = outcome.exits(1);
        assert_eq!(outcome.complaints(), "");
        let report = valid(&folder);
        assert!(report["summary"]["failed"].as_u64() > Some(0), "{}", report["summary"]);
        assert_eq!(report["summary"]["skipped"], 0, "it was cut short: {report}");
        assert!(folder.read("out.xml").contains(FAILING));
        assert!(served.resources("/Users").is_empty() && served.resources("/Groups").is_empty());
        assert!(folder.ledgers().is_empty());
    }
}

#[test]
fn a_sound_target_is_0_and_reported_whoever_reads() {
    for read in [one_line, nothing] {
        let (folder, served, outcome) = judged(&[], &SEVERAL, read);
        assert_eq!(outcome.exits(0).complaints(), "");
        let summary = &valid(&folder)["summary"];
        assert!(summary["passed"].as_u64() > Some(8) && summary["skipped"] == 0, "{summary}");
        assert!(served.resources("/Groups").is_empty());
    }
}

#[test]
fn without_both_streams_the_verdict_is_the_same() {
    let (folder, _served, outcome) = judged(&["--defect", "string-false-ignored"], &[FAILING], |child| {
        nothing(child);
        drop(child.stderr.take());
    });
    outcome.exits(1);
    assert!(valid(&folder)["summary"]["failed"].as_u64() > Some(0));
    // What can only be said there is said to nobody, and is the exit code all the same.
    for (words, code) in
        [(&["run", "--no-such-flag"][..], 2), (&["run", "users/no-such"], 6), (&["explain", "no"], 2)]
    {
        let mut child = Scimsnap::new(folder.path(), words).start();
        nothing(&mut child);
        drop(child.stderr.take());
        Outcome::from(child.wait_with_output().unwrap()).exits(code);
    }
}

#[test]
fn a_report_on_a_closed_standard_output_ends_quietly_too() {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "string-false-ignored"]));
    let words = ["run", "users", "--json", "-", "--junit", "out.xml"];
    let mut child = Scimsnap::new(folder.path(), &words).against(&served).start();
    nothing(&mut child);
    let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(1);
    assert!(!outcome.stderr.contains("cannot write"), "{}", outcome.stderr);
    assert!(folder.read("out.xml").contains(FAILING));
}

#[test]
fn a_full_standard_output_is_told_and_the_reports_are_written() {
    let folder = Folder::new();
    let words = ["run", "users/new-user-becomes-customer", "--json", "out.json"];
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let outcome = Scimsnap::new(folder.path(), &words).end_into(full, Stdio::piped()).exits(1);
    outcome.complains("cannot write standard output").complains("No space left");
    assert_eq!(valid(&folder)["summary"]["failed"], 0);
}

#[test]
fn other_commands_end_quietly_with_their_own_exit_code() {
    let folder = Folder::with_scenario(crate::support::ONE_USER);
    Scimsnap::new(folder.path(), &["run", "scenarios"]).end().exits(5);
    for words in [
        &["list"][..],
        &["schema"],
        &["explain"],
        &["explain", "one-removed-member"],
        &["defects"],
        &["man"],
        &["completions", "bash"],
        &["--help"],
        &["--version"],
        &["check"],
        &["snapshots", "list"],
        &["snapshots", "diff"],
        &["serve", "--list-knobs"],
        &["serve", "--list-defects"],
        &["run", "users/new-user-becomes-customer", "--plan"],
        &["snapshots", "accept"],
    ] {
        let mut child = Scimsnap::new(folder.path(), words).start();
        nothing(&mut child);
        let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(0);
        assert_eq!(outcome.complaints(), "", "{words:?}");
    }
    folder.write("scenarios/own/two.yaml", "title: nothing else");
    for words in [&["list", "scenarios"][..], &["check", "scenarios"]] {
        let mut child = Scimsnap::new(folder.path(), words).start();
        nothing(&mut child);
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert!(stderr.contains("two.yaml"), "{stderr}");
        Outcome::from(child.wait_with_output().unwrap()).exits(3);
    }
}
