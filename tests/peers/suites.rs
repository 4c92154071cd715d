//! Two conformance suites that other people wrote, against the reference endpoint: `scim2 test` (scim2-cli) and
//! `scim-sanity probe`. `.ci/run` installs them.
//!
//! Against plain SCIM they find nothing. What they hold against customer provisioning stands in
//! `tests/peers/suites/*.findings`, and why it is as it is in `docs/peers-suites.md`.

#![cfg(test)]

mod program;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::program::scimsnap;

const KEY: &str = "chosen-for-this-test";

/// A reference endpoint, killed when it is dropped.
struct Served {
    process: Child,
    scim: String,
}

impl Served {
    fn start(flags: &[&str]) -> Self {
        let mut process = Command::new(scimsnap())
            .args(["serve", "--listen", "127.0.0.1:0", "--ready-json", "--token-env", "SCIM_KEY"])
            .args(flags)
            .env("SCIM_KEY", KEY)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Self { process, scim: ready["scim"].as_str().unwrap().to_owned() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a suite said: how many of its tests passed, and what it found.
#[derive(Debug)]
struct Said {
    passed: usize,
    findings: BTreeSet<String>,
    exit: Option<i32>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test binary has no `Context`; `.ci/run` says where the suites are"
)]
fn tool(name: &str) -> Command {
    let folder = std::env::var("SCIMSNAP_PEER_SUITES").unwrap_or_else(|_| {
        panic!("SCIMSNAP_PEER_SUITES is not set: .ci/run installs the suites and sets it")
    });
    Command::new(PathBuf::from(folder).join(name))
}

fn scim2_test(served: &Served) -> Said {
    let output = tool("scim2")
        .args(["--url", &served.scim, "test"])
        .env("SCIM_CLI_HEADERS", format!("Authorization: Bearer {KEY}"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut said = Said { passed: 0, findings: BTreeSet::new(), exit: output.status.code() };
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        match line.split_once(' ') {
            Some(("SUCCESS", _)) => said.passed += 1,
            Some((status, name))
                if !status.is_empty() && status.bytes().all(|byte| byte.is_ascii_uppercase()) =>
            {
                let reason = lines.peek().map_or("", |line| line.trim());
                said.findings.insert(format!("{status} {name}: {reason}"));
            }
            _ => {}
        }
    }
    said
}

fn scim_sanity(served: &Served) -> Said {
    let output = tool("scim-sanity")
        .args(["probe", &served.scim, "--token", KEY, "--i-accept-side-effects", "--compat", "--json-output"])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = report["results"].as_array().unwrap();
    let text = |result: &Value, name: &str| result[name].as_str().unwrap_or_default().to_owned();
    // The suite skips agents, which are a draft's resources, where /ResourceTypes names none.
    let judged = results.iter().filter(|result| result["status"] != "pass" && result["status"] != "skip");
    Said {
        passed: results.iter().filter(|result| result["status"] == "pass").count(),
        findings: judged
            .map(|result| {
                let status = text(result, "status").to_uppercase();
                format!("{status} {}: {}", text(result, "name"), text(result, "message"))
            })
            .collect(),
        exit: output.status.code(),
    }
}

/// The findings that are expected, a line each; a line that begins with `?` depends on the suite's dice.
fn compare(said: &Said, expected: &str) {
    let lines = || expected.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let sometimes: BTreeSet<&str> = lines().filter_map(|line| line.strip_prefix("? ")).collect();
    let always: BTreeSet<&str> = lines().filter(|line| !line.starts_with("? ")).collect();
    let found: BTreeSet<&str> = said.findings.iter().map(String::as_str).collect();
    let found: BTreeSet<&str> = found.difference(&sometimes).copied().collect();
    assert_eq!(found, always);
    assert_eq!(said.exit, Some(1));
}

#[test]
fn scim2_cli_finds_nothing_wrong_with_plain_scim() {
    let said = scim2_test(&Served::start(&["--profile", "rfc"]));
    assert_eq!(said.findings, BTreeSet::new());
    assert_eq!(said.exit, Some(0));
    assert!(said.passed > 120, "{}", said.passed);
}

#[test]
fn scim_sanity_finds_nothing_wrong_with_plain_scim() {
    let said = scim_sanity(&Served::start(&["--profile", "rfc"]));
    assert_eq!(said.findings, BTreeSet::new());
    assert_eq!(said.exit, Some(0));
    assert!(said.passed > 25, "{}", said.passed);
}

#[test]
fn scim2_cli_cannot_read_users_with_the_vendors_extension() {
    let said = scim2_test(&Served::start(&["--profile", "jsm-customers"]));
    compare(&said, include_str!("suites/scim2-cli.findings"));
    assert!(said.passed > 25, "{}", said.passed);
}

#[test]
fn scim2_cli_finds_what_the_vendor_does_otherwise() {
    let served = Served::start(&["--profile", "jsm-customers", "--knob", "atlassian_extension=false"]);
    let said = scim2_test(&served);
    compare(&said, include_str!("suites/scim2-cli-without-extension.findings"));
    assert!(said.passed > 115, "{}", said.passed);
}

#[test]
fn scim_sanity_finds_what_the_vendor_does_otherwise() {
    let said = scim_sanity(&Served::start(&["--profile", "jsm-customers"]));
    compare(&said, include_str!("suites/scim-sanity.findings"));
    assert!(said.passed > 25, "{}", said.passed);
}
