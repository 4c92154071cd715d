//! Answers that a scenario has somebody in between give: what was never sent, what took effect, and where it is told.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Folder, Proxy, Scimsnap, Served, send};

const SOME: [&str; 2] = ["users/rate-limits-are-waited-out", "users/gateway-answers-with-a-page"];

/// Everything that is sent passes by.
fn watched(served: &Served) -> (Proxy, String) {
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| Some(send(&origin, call)));
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url)
}

#[test]
fn what_is_answered_in_between_is_not_sent_not_waited_for_and_told() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (proxy, url) = watched(&served);
    let started = Instant::now();
    let words = [&["run"][..], &SOME, &["--idp", "okta-oin,entra", "--jobs", "1", "--json", "out.json"]];
    Scimsnap::new(folder.path(), &words.concat()).target(&url, &served.token).end().exits(0);
    // Several minutes of patience were asked for.
    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());

    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let scenarios = report["scenarios"].as_array().unwrap();
    let exchanges = || scenarios.iter().flat_map(|scenario| scenario["exchanges"].as_array().unwrap());
    let posts = |kept_back: Option<&str>| {
        let of =
            |exchange: &&Value| exchange["method"] == "POST" && exchange["intercepted"].as_str() == kept_back;
        exchanges().filter(of).count()
    };
    assert_eq!((posts(Some("request")), posts(Some("answer"))), (3 * 5, 3));
    let arrived = proxy.calls().iter().filter(|call| call.method == "POST").count();
    assert_eq!(arrived, posts(None) + posts(Some("answer")));
    assert!(scenarios.iter().all(|scenario| scenario["findings"].as_array().unwrap().is_empty()));
    // What took effect behind the gateway's back is cleaned up too.
    assert!(served.resources("/Users").is_empty());
}

#[test]
fn a_transcript_says_what_was_staged() {
    let folder = Folder::new();
    let words = [&["run"][..], &SOME, &["--idp", "okta-oin", "--transcript", "--update", "new"]];
    Scimsnap::new(folder.path(), &words.concat()).end().exits(5);
    let text = folder.read("snapshots/users/gateway-answers-with-a-page+okta-oin.transcript.snap.new");
    for said in [
        "502 text/html  (staged: the request never arrived)",
        "502 text/html  (staged: in place of the endpoint's answer)",
    ] {
        assert!(text.contains(said), "{said} is not in\n{text}");
    }
    let text = folder.read("snapshots/users/rate-limits-are-waited-out+okta-oin.transcript.snap.new");
    assert_eq!(
        text.matches("  429  (staged").count() + text.matches("  429 text/html  (staged").count(),
        4,
        "{text}"
    );
}

#[test]
fn a_failure_says_what_was_staged() {
    const FILE: &str = r"title: A gateway answers
evidence: {mark: inferred, source: the test}
idps: [okta-oin]
people: {ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}}
steps:
  - assign: ada
  - checkpoint: assigned
";
    let folder = Folder::with_scenario(FILE);
    Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]).end();
    let gateway = "steps:\n  - intercept: {request: POST /Users, status: 503, text: <html>later</html>}";
    folder.write("scenarios/own/one.yaml", &FILE.replace("steps:", gateway));
    let outcome = Scimsnap::new(folder.path(), &["run", "scenarios", "-v", "--update", "no"]).end();
    outcome.exits(1).says("received  503 text/html, staged: the request never reached the endpoint");
}
