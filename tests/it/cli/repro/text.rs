//! Whatever a scenario or an endpoint says, it is text in a script and nothing that is run. No secret stands in it.

use super::{Reader, script, written};
use crate::support::{Folder, Outcome, Scimsnap, Served};

/// Names in which a shell would find something to do.
const NAMES: [&str; 8] = [
    "a'b; touch pwned; '",
    "a$(touch pwned)",
    "a`touch pwned`",
    "a\\\"; touch pwned; \\\"",
    "a${HOME}b",
    "a\\\\b!",
    "a\\ntouch pwned\\n",
    "-a é %s",
];

/// A scenario whose group has that name, and that expects what nobody answers.
fn scenario(name: &str) -> String {
    format!(
        "title: A name\nevidence: {{mark: inferred, source: nowhere}}\nidps: [okta-oin]\nsteps:\n  - request:\n      \
         send: POST /Groups\n      json: |\n        {{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\
         \"displayName\":\"{name}\"}}\n      expect: {{status: [418]}}\n  - checkpoint: created\n"
    )
}

#[test]
fn names_are_text_whoever_ran_the_scenario() {
    let served = Served::new(&[]);
    for name in NAMES {
        // The embedded endpoint knows names as they are; the script makes them its own.
        let folder = Folder::with_scenario(&scenario(name));
        Scimsnap::new(
            folder.path(),
            &["run", "scenarios/own/one.yaml", "--update", "no", "--json", "out.json"],
        )
        .end()
        .exits(1);
        let report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
        let id = report["causes"][0]["id"].as_str().unwrap();
        let path = written(&folder, id).unwrap_or_else(|| panic!("{report:#}"));
        for reader in [Reader::Any, Reader::Sed] {
            let mut command = script(&path, &folder, reader);
            command.env("SCIM_URL", &served.scim).env("SCIM_TOKEN", &served.token).env("KEEP", "1");
            Outcome::from(command.output().unwrap()).exits(1).says("STILL THERE");
            let wanted: String = serde_json::from_str(&format!("\"{name}\"")).unwrap();
            let names: Vec<String> = served
                .resources("/Groups")
                .iter()
                .map(|group| group["displayName"].as_str().unwrap().to_owned())
                .collect();
            let is_it = |name: &String| {
                name.split_once('-').is_some_and(|(token, name)| token.len() == 8 && name == wanted)
            };
            assert!(names.iter().any(is_it), "{wanted:?} is not in {names:?}");
        }
        assert!(!folder.path().join("pwned").exists(), "{name}");
    }
}

#[test]
fn no_secret_stands_in_a_script() {
    let (folder, served) =
        (Folder::new(), Served::with_token("canary-token-0815", &["--defect", "password-echoed"]));
    let report = super::run(&folder, &served, "users/new-user-becomes-customer");
    for cause in super::causes(&report, "must") {
        let path = written(&folder, cause).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("canary-token-0815"), "{text}");
        // The password is made anew, and never said; the one mask is what prints with.
        assert!(text.matches("***").count() == 1 && text.contains("\"$password\""), "{text}");
        let outcome = super::play(&path, &folder, &served, Reader::Sed).exits(1);
        assert!(!outcome.stdout.contains("canary-token-0815"));
    }
}
