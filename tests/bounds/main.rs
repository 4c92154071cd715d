//! A run takes no more than 150 MiB, whatever an endpoint answers.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are worth a look")]
#![expect(
    clippy::disallowed_methods,
    reason = "the memory of another process is looked at from time to time"
)]

mod endless;
mod server;
mod tenant;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;

use endless::Hostility;
use server::Server;
use tenant::Tenant;

/// The goal, in KiB.
const MOST: u64 = 150 * 1024;

/// Two people in a group: looked up, created, read, changed, and removed again.
const SCENARIO: &str = "\
title: Two people and their group
evidence: {mark: inferred, source: nowhere}
idps: [okta-oin, entra]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
  bob: {userName: bob@example.com, givenName: Bob, familyName: Moss}
groups:
  acme: {displayName: Acme, members: [ada]}
steps:
  - assign: ada
  - assign: bob
  - push: acme
  - add-member: {group: acme, person: bob}
  - remove-member: {group: acme, person: bob}
  - checkpoint: removed
";

/// One person.
const SHORT: &str = "\
title: One person
evidence: {mark: inferred, source: nowhere}
idps: [okta-oin, entra]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
steps:
  - assign: ada
  - checkpoint: assigned
";

/// A run, with what it took and what it said.
#[derive(Debug)]
struct Run {
    /// The peak of its resident memory, in KiB.
    peak: u64,
    report: Value,
}

/// The binary that is measured: `SCIMSNAP_BIN`, so that a debug build of the tests can measure a release, or this build's.
#[expect(clippy::disallowed_methods, reason = "it says what is tested")]
fn scimsnap() -> PathBuf {
    std::env::var_os("SCIMSNAP_BIN").map_or_else(|| env!("CARGO_BIN_EXE_scimsnap").into(), PathBuf::from)
}

/// One at a time: they are large, and memory is measured.
static TURN: Mutex<()> = Mutex::new(());

/// Plays so many copies of a scenario against a server, eight pairs at a time.
fn run(server: &Server, scenario: &str, scenarios: usize, words: &[&str]) -> Run {
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    for number in 0..scenarios {
        let file = folder.path().join(format!("scenarios/own/s{number}.yaml"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, scenario).unwrap();
    }
    let mut command = Command::new(scimsnap());
    command
        .current_dir(folder.path())
        .args([
            "run",
            "scenarios/own",
            "--jobs",
            "8",
            "--read-lag",
            "0",
            "--json",
            "out.json",
            "--junit",
            "out.xml",
        ])
        .args(["--target", &server.url, "--token-env", "SCIM_TOKEN"])
        .args(words)
        .env_clear()
        .env("SCIM_TOKEN", "a-token-for-the-bounds")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let now = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = now.and_then(|now| now.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(now.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
    let report = std::fs::read(folder.path().join("out.json")).unwrap_or_default();
    let report = serde_json::from_slice(&report).unwrap_or_default();
    Run { peak, report }
}

impl Run {
    #[track_caller]
    fn stays_small(self, what: &str) -> Self {
        let requests = self.report["summary"]["requests"].as_u64().unwrap_or(0);
        println!("{what}: {} MiB, {requests} requests", self.peak / 1024);
        assert!(requests > 0, "nothing was played: {}", self.report);
        assert!(self.peak > 1024 && self.peak < MOST, "{what} took {} MiB", self.peak / 1024);
        self
    }

    /// What was found, as `requirement: message`, each once.
    fn findings(&self) -> Vec<String> {
        let mut all = Vec::new();
        for scenario in self.report["scenarios"].as_array().into_iter().flatten() {
            for finding in scenario["findings"].as_array().into_iter().flatten() {
                let text = |name: &str| finding[name].as_str().unwrap_or_default();
                all.push(format!("{}: {}", text("requirement"), text("message")));
            }
        }
        all.sort();
        all.dedup();
        all
    }

    #[track_caller]
    fn finds(self, requirement: &str, what: &str) -> Self {
        let findings = self.findings();
        let found = |finding: &String| finding.starts_with(requirement) && finding.contains(what);
        assert!(findings.iter().any(found), "{requirement}: {what} is not in\n{findings:#?}");
        self
    }

    #[track_caller]
    fn finds_nothing_about(self, requirements: &[&str]) -> Self {
        let findings = self.findings();
        let about =
            |finding: &&String| requirements.iter().any(|each| finding.starts_with(&format!("{each}:")));
        let found: Vec<&String> = findings.iter().filter(about).collect();
        assert!(found.is_empty(), "{found:#?}");
        self
    }
}

/// What must not be said of an endpoint only because something was left out of its answers. A debug build on a busy
/// machine may take longer than a provider waits, so `whole-answer` is not one of them.
const NOT_SEEN: &[&str] = &[
    "add-keeps-members",
    "deleted-is-gone",
    "id-stable",
    "lookup-finds",
    "member-not-doubled",
    "members-stored",
    "one-removed-member",
    "read-back",
    "rename-keeps-members",
    "resource-id",
    "resource-schemas",
];

#[test]
fn an_honest_endpoint_of_fifty_thousand_that_ignores_filters() {
    let server = Server::start(Tenant { strangers: 50_000, ..Tenant::default() });
    run(&server, SHORT, 4, &[])
        .stays_small("50,000 users, filters ignored, eight pairs")
        .finds("filter-filters", "resources, at least")
        .finds_nothing_about(NOT_SEEN);
}

#[test]
fn an_honest_endpoint_of_five_thousand_that_ignores_filters() {
    let server = Server::start(Tenant { strangers: 5_000, ..Tenant::default() });
    run(&server, SHORT, 4, &[])
        .stays_small("5,000 users, filters ignored, eight pairs")
        .finds("filter-filters", "returned 500")
        .finds_nothing_about(NOT_SEEN);
}

#[test]
fn groups_with_members_whom_nobody_knows() {
    for (members, scenarios, words) in [(10_000, 4, &[][..]), (100_000, 1, &["--idp", "entra"])] {
        let server = Server::start(Tenant { members, filters: true, ..Tenant::default() });
        run(&server, SCENARIO, scenarios, words)
            .stays_small(&format!("{members} foreign members"))
            .finds_nothing_about(NOT_SEEN);
    }
}

#[test]
fn padding_in_every_answer() {
    for (unit, what, scenario) in
        [("x", "letters", SCENARIO), ("\\u0001", "control characters", SHORT), ("\u{e9}", "accents", SHORT)]
    {
        let padding = unit.repeat(256 * 1024 / unit.len());
        let server = Server::start(Tenant { padding, filters: true, ..Tenant::default() });
        run(&server, scenario, 4, &[])
            .stays_small(&format!("padding of {what}"))
            .finds_nothing_about(NOT_SEEN);
    }
}

#[test]
fn answers_that_are_made_to_hurt() {
    for hostility in Hostility::ALL {
        let server = Server::start(Tenant { hostility: Some(hostility), filters: true, ..Tenant::default() });
        run(&server, SHORT, 4, &[]).stays_small(&format!("{hostility:?}"));
    }
}
