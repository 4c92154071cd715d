//! Ids of any form stay in their place, and what an endpoint says back stays harmless.

use crate::app::{App, Bug, KEY};
use crate::support::{Folder, Outcome, Proxy, Reply, Scimsnap, Served, send};

use super::{Reader, play, script, written};

const WIPED: &str = "one-removed-member/wiped";

#[test]
fn an_id_that_has_to_be_encoded_is_the_scripts_own() {
    for (prefix, reader) in [("auth0|", Reader::Any), ("urn:uuid:", Reader::Sed), ("a/b+c=", Reader::Any)] {
        let folder = Folder::new();
        let url = App::with_ids(&[Bug::RemovalEmptiesTheGroup], prefix);
        let words = ["run", "groups/member-removed", "--keep", "--update", "no", "--read-lag", "0"];
        let words = [&words[..], &["--json", "out.json"]].concat();
        Scimsnap::new(folder.path(), &words).target(&url, KEY).end().exits(1);
        let path = written(&folder, WIPED).expect("a script");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut commands = text.lines().filter(|line| !line.starts_with('#'));
        assert!(
            commands.all(|line| !line.contains("-0000-4000-8000-")),
            "{prefix}: an id of the run is in it\n{text}"
        );
        let mut command = script(&path, &folder, reader);
        let outcome: Outcome = command.env("SCIM_URL", &url).env("SCIM_TOKEN", KEY).output().unwrap().into();
        outcome.exits(1).says("STILL THERE");
    }
}

#[test]
fn an_id_does_not_leave_its_segment() {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "remove-one-removes-all"]));
    super::run(&folder, &served, "groups/member-removed");
    let path = written(&folder, WIPED).expect("a script");
    for id in ["../Users/somebody", "..", "."] {
        let proxy = Proxy::new(move |_, call| {
            let made = serde_json::json!({"id": id, "displayName": call.json()["displayName"], "userName": call.json()["userName"]});
            Some(Reply::new(if call.method == "POST" { 201 } else { 200 }, &made.to_string()))
        });
        let mut command = script(&path, &folder, Reader::Any);
        let outcome: Outcome =
            command.env("SCIM_URL", &proxy.origin).env("SCIM_TOKEN", "k").output().unwrap().into();
        assert_eq!(outcome.code, 2, "{id}: {}", outcome.stdout);
        assert!(proxy.calls().iter().all(|call| !call.target.contains("..")), "{id}: {:?}", proxy.calls());
    }
}

#[test]
fn a_token_that_is_said_back_and_a_command_for_a_ci_system_are_not_printed() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (origin, token) = (served.origin.clone(), served.token.clone());
    let proxy = Proxy::new(move |_, call| {
        if call.method != "PATCH" {
            return Some(send(&origin, call));
        }
        let detail = format!(
            "{} ##vso[task.setvariable variable=x]y",
            call.header("authorization").unwrap_or_default()
        );
        let body = serde_json::json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400", "detail": detail});
        Some(Reply::new(400, &body.to_string()))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    let words = [
        "run",
        "groups/member-joins",
        "--idp",
        "entra",
        "--update",
        "no",
        "--read-lag",
        "0",
        "--json",
        "out.json",
    ];
    Scimsnap::new(folder.path(), &words).target(&url, &token).end().exits(1);
    let report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let path = super::causes(&report, "must")
        .into_iter()
        .find_map(|cause| written(&folder, cause))
        .expect("a script");
    // The one masks it, and the other, without `awk`, leaves the line out.
    for (reader, is_masked) in [(Reader::Any, true), (Reader::Sed, false)] {
        let mut command = script(&path, &folder, reader);
        let outcome: Outcome =
            command.env("SCIM_URL", &url).env("SCIM_TOKEN", &token).output().unwrap().into();
        let mut answer = outcome.stdout.lines().filter(|line| line.starts_with("     |"));
        assert_eq!(answer.any(|line| line.contains("Bearer ***")), is_masked, "{}", outcome.stdout);
        assert!(outcome.stdout.contains("STILL THERE"), "{outcome:?}");
        for text in [&outcome.stdout, &outcome.stderr] {
            assert!(!text.contains(&token) && !text.contains("##"), "{text}");
        }
    }
    // It is the same for an endpoint that says nothing back.
    play(&path, &folder, &served, Reader::Any).exits(0);
}
