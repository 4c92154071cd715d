//! Settings: names, paths, commands and what is known to fail.

use super::oracle::{files_are_harmless, is_harmless, streams_are_harmless};
use super::payloads::{quoted, words};
use crate::support::{Folder, ONE_USER, Scimsnap, Served};

/// A target with one more line.
fn target(line: &str) -> String {
    format!("[targets.a]\nurl = \"http://127.0.0.1:1\"\n{line}\n")
}

/// A known failure that says this.
fn known(scenario: &str, requirement: &str, words: &str, expires: &str) -> String {
    format!(
        "[[known]]\nscenario = {scenario}\nrequirement = {requirement}\nreason = {words}\nowner = {words}\nexpires = {expires}\n"
    )
}

#[test]
fn what_is_wrong_with_them() {
    let folder = Folder::with_scenario(ONE_USER);
    for (number, payload) in words().into_iter().enumerate() {
        let text = quoted(&payload);
        let script = format!("printf '%s' '{}' >&2; exit 1", payload.replace('\'', ""));
        let all = [
            format!("[targets.{text}]\nurl = {text}\n"),
            target(&format!("token_command = [\"sh\", \"-c\", {}]", quoted(&script))),
            target(&format!("token_command = [{text}]")),
            target(&format!("ca_file = {text}")),
            target(&format!("idps = [{text}]")),
            target(&format!("{text} = 1")),
            known(&text, &text, &text, "2999-12-31"),
            payload.clone(),
        ];
        // Every setting meets many payloads.
        for settings in all.iter().skip(number % 4).step_by(4) {
            folder.write("scimsnap.toml", settings);
            let run = ["run", "scenarios", "--target", "a", "--update", "no", "--idp", "entra"];
            let outcome = Scimsnap::new(folder.path(), &run).env("PATH", "/usr/bin:/bin").end();
            assert!(matches!(outcome.code, 2 | 4), "{settings}: {outcome:?}");
            streams_are_harmless(settings, &outcome, false);
        }
    }
}

#[test]
fn words_about_known_failures() {
    for (number, payload) in words().into_iter().enumerate().step_by(2) {
        let folder = Folder::with_scenario(ONE_USER);
        Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]).end();
        let snapshot = folder.read("snapshots/own/one.snap").replace("\"Ada\"", "\"Augusta\"");
        folder.write("snapshots/own/one.snap", &snapshot);
        let (expires, code) = if number.is_multiple_of(4) { ("2999-12-31", 0) } else { ("2001-12-31", 1) };
        let known = known("\"own/one\"", "\"accepted-outcome\"", &quoted(&payload), expires);
        folder.write("scimsnap.toml", &known);
        let run = ["run", "scenarios", "--update", "no", "--json", "out.json", "--junit", "out.xml"];
        let outcome = Scimsnap::new(folder.path(), &run).end();
        let outcome = if payload.is_empty() { outcome } else { outcome.exits(code) };
        streams_are_harmless(&format!("{payload:?}"), &outcome, false);
        files_are_harmless(&format!("{payload:?}"), &folder);
    }
}

#[test]
fn a_name_that_init_was_given_comes_back() {
    let served = Served::new(&[]);
    for payload in words() {
        let folder = Folder::new();
        let init = ["init", &served.scim, &format!("--name=x{payload}"), "--token-env", "T"];
        let outcome = Scimsnap::new(folder.path(), &init).env("T", &served.token).end().exits(0);
        streams_are_harmless("init", &outcome, false);
        let text = folder.read("scimsnap.toml");
        is_harmless("scimsnap.toml", &text, false);
        let file: toml::Table = toml::from_str(&text).unwrap();
        assert!(file["targets"].get(format!("x{payload}")).is_some(), "{payload:?}: {text}");
    }
}
