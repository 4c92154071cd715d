//! scimsnap against three SCIM servers that other people wrote, started by `.ci/run`: it says what is wrong there, all of
//! it and nothing else, and leaves nothing behind.
//!
//! What it may say stands in `tests/peers/*.toml`, as known failures, and why that is true in `docs/peers.md`. The tests of `answers.rs`
//! keep what they create, so these run in a process of their own, after them, and see the servers at rest.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test fails by panicking, as the test does"
)]

#[expect(dead_code, reason = "shared with `answers.rs`, which asks for more")]
mod http;
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::http::{GROUP, Peer, TOKEN, USER, variable};
use crate::program::scimsnap;

/// Requirements on the form of an answer: no outcome is another one because of them.
const FORM: [&str; 8] = [
    "conflict-keyword",
    "content-type-scim",
    "discovery-answers",
    "error-body",
    "excluded-attributes",
    "location",
    "paging",
    "version-kept",
];

/// How much is played, and whether the server's known failures are known to the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    /// Everything, with the list.
    Heeded,
    /// A handful, without.
    Unheeded,
}

impl List {
    fn flags(self, name: &str) -> Vec<PathBuf> {
        match self {
            Self::Heeded => vec!["--pack".into(), "full".into(), "--settings".into(), settings(name)],
            Self::Unheeded => vec!["--pack".into(), "smoke".into()],
        }
    }

    /// The exit code, and how a pair ends in which something is wrong.
    fn verdict(self) -> (i32, &'static str) {
        match self {
            Self::Heeded => (0, "known"),
            Self::Unheeded => (1, "failed"),
        }
    }
}

/// What a run said, and the server before and after it.
struct Run {
    exit: Option<i32>,
    stdout: String,
    report: Value,
    before: BTreeMap<String, Value>,
    after: BTreeMap<String, Value>,
}

impl Run {
    /// Plays against a server on which somebody else's people and groups stand.
    fn against(name: &str, base: &str, list: List) -> Self {
        let peer = Peer::new(base, &variable(TOKEN));
        settle(&peer);
        let before = everything(&peer);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("peers-run-{name}"));
        std::fs::create_dir_all(&folder).expect("a folder for the run");
        let report = folder.join("report.json");
        let output = Command::new(scimsnap())
            .arg("run")
            .args(["--target", base, "--token-env", TOKEN, "--update", "no", "--strict"])
            // None of them shows a write later than it answers it.
            .args(["--read-lag", "0"])
            // What one run leaves for a moment, another may find on a page.
            .args(["--jobs", "1", "--json"])
            .arg(&report)
            .args(list.flags(name))
            .current_dir(&folder)
            .output()
            .expect("scimsnap starts");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let report = std::fs::read_to_string(&report)
            .unwrap_or_else(|error| panic!("no report ({error}): {stdout}{output:?}"));
        let report = serde_json::from_str(&report).expect("the report is JSON");
        Self { exit: output.status.code(), stdout, report, before, after: everything(&peer) }
    }

    fn pairs(&self) -> &[Value] {
        self.report["scenarios"].as_array().map(Vec::as_slice).expect("scenarios")
    }

    /// `requirement family` of everything that weighs, each once.
    fn findings(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for pair in self.pairs() {
            all.extend(findings(pair).map(|id| format!("{id} {}", family(pair))));
        }
        all
    }

    /// `requirement family scenario` of every known failure that was seen, by the scenario or by `**`.
    fn seen(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for pair in self.pairs() {
            for known in pair["known"].as_array().into_iter().flatten() {
                let what = format!("{} {}", text(&known["requirement"]), family(pair));
                all.insert(format!("{what} {}", text(&pair["id"])));
                all.insert(format!("{what} **"));
            }
        }
        all
    }

    /// Whether a finding of that family begins so.
    fn says(&self, of: &str, message: &str) -> bool {
        let pairs = self.pairs().iter().filter(|pair| family(pair) == of);
        let mut findings = pairs.filter_map(|pair| pair["findings"].as_array()).flatten();
        findings.any(|finding| text(&finding["message"]).starts_with(message))
    }

    fn readiness(&self) -> [&str; 3] {
        ["okta", "entra", "google"].map(|family| text(&self.report["readiness"][family]))
    }

    /// What holds wherever a provider meets somebody's server that fails.
    fn assert_orderly(&self, list: List, unexplained: &[&str]) {
        let (exit, wrong) = list.verdict();
        assert_eq!(self.exit, Some(exit), "{}", self.stdout);
        assert_eq!(self.before, self.after, "the server is as it was, leftovers and strangers included");
        assert_eq!(self.report["leftovers"], json!([]));
        for pair in self.pairs() {
            let status = text(&pair["status"]);
            assert!(["passed", "skipped", wrong].contains(&status), "{pair}");
            let changed = pair["checkpoints"].as_array().into_iter().flatten();
            let changed: Vec<&Value> = changed.filter(|checkpoint| checkpoint["status"] != "same").collect();
            let explained = findings(pair).any(|id| !FORM.contains(&id));
            let alone = unexplained.contains(&text(&pair["id"]));
            assert!(changed.is_empty() || explained || alone, "no finding says why: {changed:?} in {pair}");
            // Only what a provider cannot do or see is left out.
            let needs = pair["skipped_reason"].as_str().unwrap_or("needs product-view");
            assert!(
                ["product-view", "settings", "clock", "exclusive", "bulk", "cursor", "etag", "sort"]
                    .iter()
                    .any(|capability| needs.contains(capability)),
                "{pair}"
            );
        }
        let token = variable(TOKEN);
        assert!(!self.stdout.contains(&token) && !self.report.to_string().contains(&token));
        assert!(!self.stdout.contains("resident"), "nobody else's people are shown");
    }
}

/// Three users and a group of somebody else's: more than a page of two, and nobody's business.
fn settle(peer: &Peer) {
    let name = |what: &str| format!("resident-{what}-{}", uuid::Uuid::new_v4().simple());
    let mut members = Vec::new();
    for person in ["ada", "bob", "grace"] {
        // One of the servers takes addresses only.
        let name = format!("{}@example.com", name(person));
        // A scenario's user has that family name too.
        let user = json!({"schemas": [USER], "userName": name, "name": {"familyName": "Byron"},
            "emails": [{"value": name, "primary": true}]});
        members.push(json!({"value": peer.write("POST", "/Users", &user).id()}));
    }
    let group = json!({"schemas": [GROUP], "displayName": name("Acme"), "members": members});
    peer.write("POST", "/Groups", &group).id();
}

/// Every user and group, by endpoint and id.
fn everything(peer: &Peer) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for endpoint in ["/Users", "/Groups"] {
        let answer = peer.get(&format!("{endpoint}?startIndex=1&count=1000"));
        let resources = answer.body["Resources"].as_array().cloned().unwrap_or_default();
        assert_eq!(answer.body["totalResults"], resources.len(), "one page has everything");
        for resource in resources {
            all.insert(format!("{endpoint}/{}", text(&resource["id"])), resource);
        }
    }
    all
}

/// The requirements that weigh and that a pair breaks.
fn findings(pair: &Value) -> impl Iterator<Item = &str> {
    let findings = pair["findings"].as_array().into_iter().flatten();
    findings.filter(|finding| finding["level"] != "info").map(|finding| text(&finding["requirement"]))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Whom an entry of a list names: a family, or a client that no family names.
fn family(pair: &Value) -> &str {
    let client = text(&pair["idp"]);
    if ["okta-oin-userpatch", "onelogin-1"].contains(&client) {
        return client;
    }
    client.split_once('-').map_or(client, |(family, _)| family)
}

/// The known failures of a server. Nothing else may fail a run, and each of them has to be found.
fn settings(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/peers/{name}.toml"))
}

/// A word or several.
fn words(value: &toml::Value) -> Vec<&str> {
    match value.as_array() {
        Some(words) => words.iter().filter_map(toml::Value::as_str).collect(),
        None => value.as_str().into_iter().collect(),
    }
}

/// `requirement family scenario` of each known failure.
fn known(name: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(settings(name)).expect("the server has a list");
    let settings: toml::Table = text.parse().expect("the list is TOML");
    let mut all = BTreeSet::new();
    for entry in settings["known"].as_array().expect("known failures") {
        for [requirement, family, scenario] in
            words(&entry["requirement"]).into_iter().flat_map(|requirement| {
                let families = words(&entry["idp"]);
                families.into_iter().flat_map(move |family| {
                    words(&entry["scenario"]).into_iter().map(move |scenario| [requirement, family, scenario])
                })
            })
        {
            all.insert(format!("{requirement} {family} {scenario}"));
        }
    }
    all
}

/// With its list the run of a server holds, and sees all that is listed; without, it fails. Returns both.
fn run_twice(name: &str, base: &str, unexplained: &[&str]) -> [Run; 2] {
    let base = variable(base);
    let unheeded = Run::against(name, &base, List::Unheeded);
    unheeded.assert_orderly(List::Unheeded, unexplained);
    let run = Run::against(name, &base, List::Heeded);
    run.assert_orderly(List::Heeded, unexplained);
    let known = known(name);
    let seen = run.seen();
    let unseen: Vec<&String> = known.difference(&seen).collect();
    assert!(unseen.is_empty(), "listed, and nobody sees it any more: {unseen:#?}");
    let rules = |id: &&String| id.ends_with(" **");
    let listed: BTreeSet<&str> = known.iter().filter(rules).map(|id| id.trim_end_matches(" **")).collect();
    let found = run.findings();
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let found: BTreeSet<&str> =
        found.into_iter().filter(|id| !id.starts_with("scenario-expectation")).collect();
    assert_eq!(found, listed, "{}", run.stdout);
    [run, unheeded]
}

/// OneLogin's connector for SCIM 1.1 plays them. A server of SCIM 2.0 may refuse its users, which no requirement minds.
const OF_SCIM_1: [&str; 4] = [
    "onelogin/deleted-user-is-deleted",
    "onelogin/leaver-comes-back",
    "onelogin/members-in-the-words-of-scim-1",
    "onelogin/whole-user-is-replaced",
];

#[test]
fn scim2_server() {
    let [run, _] = {
        // No requirement says that a group's name is unique, and authentik creates without a lookup.
        let unexplained =
            ["authentik/returner-waits-for-the-full-sync", "groups/creation-whose-answer-was-lost"];
        run_twice("scim2-server", "SCIMSNAP_PEER_SCIM2_SERVER", &[&unexplained[..], &OF_SCIM_1].concat())
    };
    assert_eq!(run.readiness(), ["warnings", "not-ready", "not-ready"]);
    assert_eq!(
        run.report["behaviour"],
        json!({
            "address-of-another-customer": "taken",
            "external-id-taken-twice": "taken",
            "group-rename": "renamed",
            "groups-created-at-once": "twin",
            "member-as-a-word": "refused",
            "membership-of-the-deleted": "stale",
            "membership-of-the-inactive": "kept",
            "nested-group": "nested",
            "optional-attributes": "kept",
            "rename-onto-a-taken-name": "twin",
            "rename-with-no-members": "emptied",
            "second-group-of-a-name": "twin",
            "second-group-of-a-name-in-other-case": "twin",
            "unknown-member": "stored",
            "user-deletion": "stale",
            "user-without-an-address": "without",
        })
    );
    for (family, message) in [
        ("entra", "the removal of members listed in `value` failed with 400 (invalidValue: "),
        (
            "google",
            "the creation of a user with `urn:scim:schemas:core:1.0` in `schemas` failed with 400 (invalidSyntax: ",
        ),
        ("entra", "a POST with the displayName \"Acme\", which another group has, returned 201"),
    ] {
        assert!(run.says(family, message), "{family}: {message}");
    }
}

#[test]
fn scimmy() {
    let [run, unheeded] = {
        // No requirement says that a group's name is unique, or that whoever was deleted stays a member.
        let unexplained =
            ["authentik/returner-waits-for-the-full-sync", "groups/creation-whose-answer-was-lost"];
        run_twice("scimmy", "SCIMSNAP_PEER_SCIMMY", &[&unexplained[..], &OF_SCIM_1].concat())
    };
    assert_eq!(run.readiness(), ["not-ready"; 3]);
    assert_eq!(
        run.report["behaviour"],
        json!({
            "active-as-a-string": "refused",
            "address-of-another-customer": "taken",
            "external-id-taken-twice": "taken",
            "group-rename": "renamed",
            "groups-created-at-once": "twin",
            "member-as-a-word": "refused",
            "membership-of-the-deleted": "stale",
            "membership-of-the-inactive": "kept",
            "nested-group": "nested",
            "optional-attributes": "kept",
            "rename-onto-a-taken-name": "twin",
            "rename-with-no-members": "kept",
            "second-group-of-a-name": "twin",
            "second-group-of-a-name-in-other-case": "twin",
            "unknown-member": "stored",
            "user-deletion": "stale",
            "user-without-an-address": "refused, without",
        })
    );
    // Nearly every run meets it, and it is told once.
    let because = "a client that links resources by URL has no URL";
    assert_eq!(unheeded.stdout.matches(because).count(), 1, "{}", unheeded.stdout);
    for (family, message) in [
        ("entra", "`active` as a string failed with 400 (invalidValue: "),
        ("okta", "a group with 1 member has 2 entries in `members`"),
    ] {
        assert!(run.says(family, message), "{family}: {message}");
    }
}

#[test]
fn django_scim2() {
    // That filters are not supported, as the server says, and that a filter on externalId finds nobody is a requirement's
    // business nowhere yet.
    let unexplained = [
        "auth0/changes-find-the-user-by-external-id",
        "auth0/deleted-user-is-deleted",
        "auth0/user-is-patched",
        "authentik/conflict-is-linked",
        "entra/renamed-user-is-matched-by-external-id",
        "users/creation-whose-answer-was-lost",
        "users/gateway-answers-with-a-page",
    ];
    let [run, _] = run_twice("django-scim2", "SCIMSNAP_PEER_DJANGO_SCIM2", &unexplained);
    assert_eq!(run.readiness(), ["not-ready"; 3]);
    assert_eq!(
        run.report["behaviour"],
        json!({
            "active-as-a-string": "refused",
            "address-as-an-object": "left",
            "address-of-another-customer": "taken",
            "external-id-taken-twice": "taken",
            "group-rename": "kept",
            "groups-created-at-once": "twin",
            "member-as-a-word": "refused",
            "members-of-scim-1": "empty",
            "membership-of-the-inactive": "kept",
            "nested-group": "left-out",
            "optional-attributes": "left-out",
            "rename-onto-a-taken-name": "refused",
            "second-group-of-a-name": "twin",
            "second-group-of-a-name-in-other-case": "twin",
            "unknown-member": "refused",
            "user-without-an-address": "kept, named, without",
        })
    );
    for (family, message) in [
        ("okta", "the lookup for displayName \"Acme\" does not find the existing group"),
        ("entra", "`active` as a string failed with 400 ("),
        ("okta", "the endpoint accepted the members, but did not store "),
        (
            "google",
            "a POST with the userName \"ADA@EXAMPLE.COM\", which another user has in another case, returned 201",
        ),
    ] {
        assert!(run.says(family, message), "{family}: {message}");
    }
}
