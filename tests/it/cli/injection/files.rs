//! Files: their names, what stands in them, and what is wrong with them.

use super::oracle::{files_are_harmless, holds, is_harmless, streams_are_harmless};
use super::payloads::{quoted, words};
use crate::support::{Folder, ONE_USER, Outcome, Scimsnap, program};

fn call(folder: &Folder, words: &[&str]) -> Outcome {
    let outcome = Scimsnap::new(folder.path(), words).end();
    streams_are_harmless(&format!("{words:?}"), &outcome, false);
    outcome
}

/// A scenario for each payload, which is in its file's name, its title, its source and a person's name.
fn project() -> Folder {
    let folder = Folder::new();
    for (number, payload) in words().iter().enumerate() {
        let text = ONE_USER
            .replace("One user", &quoted(payload))
            .replace("nowhere", &quoted(payload))
            .replace("idps: [okta, entra]", "idps: [entra]")
            .replace("givenName: Ada", &format!("givenName: {}", quoted(payload)))
            .replace("ada@example.com", &quoted(&format!("ada{number}@example.com")));
        folder.write(&format!("scenarios/own/{number}{payload}.yaml"), &text);
    }
    folder
}

#[test]
fn names_and_titles_of_scenarios_and_snapshots() {
    let folder = project();
    call(&folder, &["list", "scenarios"]).exits(0).says("\\u{202e}");
    call(&folder, &["check", "scenarios"]).exits(0);
    call(&folder, &["run", "scenarios", "--plan"]).exits(0);
    let outputs = ["-v", "--json", "out.json", "--junit", "out.xml"];
    let run = [&["run", "scenarios", "--transcript", "--update", "new"][..], &outputs].concat();
    call(&folder, &run).exits(5).says("\\u{202e}").says("review      scimsnap snapshots diff");
    files_are_harmless("own scenarios", &folder);
    let report = crate::cli::reports::valid(&folder);
    for payload in words() {
        assert!(holds(&report, &payload), "{payload:?} is not in the report");
    }
    call(&folder, &["snapshots", "list"]).exits(0).says("\\u{202e}");
    call(&folder, &["snapshots", "diff"]).exits(0).says("\\u{202e}");
    call(&folder, &["snapshots", "accept"]).exits(0).says("\\u{202e}");
    files_are_harmless("accepted snapshots", &folder);
    // What was accepted is what was seen, to the character.
    call(&folder, &run).exits(0);
    let coloured = Scimsnap::new(folder.path(), &["run", "scenarios"]).env("CLICOLOR_FORCE", "1").end();
    streams_are_harmless("in colour", &coloured, true);
    call(&folder, &["snapshots", "reject"]).exits(0);
}

#[test]
fn a_changed_outcome_and_the_printed_commands() {
    let folder = project();
    call(&folder, &["run", "scenarios", "--update", "always"]).exits(5);
    for (path, contents) in folder.files() {
        if path.extension().is_some_and(|end| end == "snap") {
            let text =
                String::from_utf8(contents).unwrap().replace("Byron", r"By\u202er\u001b[2Jon\n::error::x");
            std::fs::write(folder.path().join(path), text).unwrap();
        }
    }
    for colour in [false, true] {
        let mut run =
            Scimsnap::new(folder.path(), &["run", "scenarios", "--json", "out.json", "--junit", "out.xml"]);
        if colour {
            run = run.env("CLICOLOR_FORCE", "1");
        }
        let outcome = run.end().exits(1);
        streams_are_harmless("changed", &outcome, colour);
        assert!(outcome.stdout.contains("By\\u{202e}r\\u{1b}[2Jon\\n::error::x"), "{}", outcome.stdout);
    }
    files_are_harmless("changed", &folder);
    call(&folder, &["snapshots", "diff"]).exits(0).says("By\\u{202e}r");
    #[cfg(unix)]
    commands_lead_back(&folder);
}

/// What a person copies out of the report plays that one scenario, whatever its file is called.
#[cfg(unix)]
fn commands_lead_back(folder: &Folder) {
    use std::os::unix::fs::symlink;
    let outcome = Scimsnap::new(folder.path(), &["run", "scenarios", "-v"]).end();
    let bin = folder.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    symlink(program(), bin.join("scimsnap")).unwrap();
    let commands = outcome.stdout.lines().filter_map(|line| line.strip_prefix("  accept   "));
    let commands: Vec<&str> = commands.collect();
    assert_eq!(commands.len(), words().len(), "{}", outcome.stdout);
    // A name that ends with a line break stands on two lines, and `lines` tears it.
    let whole = |command: &&str| command.matches('\'').count().is_multiple_of(2);
    for command in commands.into_iter().filter(whole).step_by(3) {
        let output = std::process::Command::new("sh")
            .args(["-c", command])
            .current_dir(folder.path())
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.starts_with("accepted ") && said.lines().count() == 1, "{command}: {said}");
        is_harmless(command, &said, false);
    }
    assert!(!folder.path().join("FORGED").exists());
}

#[test]
fn scenarios_that_cannot_be_read() {
    for (number, payload) in words().into_iter().enumerate() {
        let folder = Folder::new();
        let name = format!("scenarios/own/x{payload}.yaml");
        let texts = [
            payload.clone(),
            format!("title: {payload}\nevidence: [\n"),
            ONE_USER.replace("One user", &payload),
            ONE_USER.replace("assign: ada", &format!("assign: {}", quoted(&payload))),
            ONE_USER.replace("idps: [okta, entra]", &format!("idps: [{}]", quoted(&payload))),
            format!("{ONE_USER}{}: 1\n", quoted(&payload)),
        ];
        // Every way of being wrong meets many payloads.
        for text in texts.iter().skip(number % 3).step_by(3) {
            folder.write(&name, text);
            let words = ["check", "scenarios"];
            streams_are_harmless(&format!("{payload:?}"), &Scimsnap::new(folder.path(), &words).end(), false);
        }
        folder.write(&name, ONE_USER);
        folder.write(&format!("snapshots/own/x{payload}.snap"), &format!("---\nsource: x\n---\n{{{payload}"));
        let words = ["run", "scenarios"];
        let outcome = Scimsnap::new(folder.path(), &words).end().exits(3);
        streams_are_harmless(&format!("{payload:?}"), &outcome, false);
    }
}
