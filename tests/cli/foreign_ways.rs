//! Another endpoint may answer otherwise than the reference endpoint where the RFC leaves that open: nobody is blamed for
//! it, and what follows from one thing is told once.

use serde_json::Value;

use super::support::{Call, Folder, Proxy, Reply, Scimsnap, Served, send};

const SCENARIO: &str = r#"title: A name is replaced
evidence: {mark: documented, source: "RFC 7644, section 3.5.2"}
idps: [entra]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
steps:
  - assign: ada
  - request:
      send: PATCH /Users/{{ people.ada.id }}
      json: |
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"name.familyName","value":"King"}]}
      expect: STATUS
      keep: {name: /name/familyName}
  - request:
      send: GET /Users/{{ people.ada.id }}
      expect: {status: [200], body: {/name/familyName: {equals: King}}}
  - checkpoint: replaced
"#;

const ERROR: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidPath","detail":"no"}"#;

/// The findings of a run, its report and what it printed, where every PATCH is refused.
fn refused(status: &str) -> (Vec<String>, Value, String) {
    let folder = Folder::with_scenario(&SCENARIO.replace("STATUS", status));
    Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]).end().exits(5);
    let served = Served::new(&[]);
    let origin = served.origin.clone();
    let answer = move |_, call: &Call| {
        let patch = call.method == "PATCH";
        let refusal = || Reply::new(400, ERROR).header("Content-Type", "application/scim+json");
        Some(if patch { refusal() } else { send(&origin, call) })
    };
    let proxy = Proxy::new(answer);
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["run", "scenarios", "--update", "no", "--json", "out.json"];
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, &served.token).end();
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let pair = report["scenarios"][0].clone();
    let findings = pair["findings"].as_array().unwrap().iter();
    let findings = findings.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect();
    (findings, pair, outcome.stdout)
}

#[test]
fn a_refusal_that_is_right_is_nobodys_mistake_and_what_it_left_is_compared_with_nothing() {
    let (findings, pair, said) = refused("{status: [200, 204, 400], reference: {status: [200, 204]}}");
    assert_eq!(findings, [""; 0]);
    assert_eq!(pair["status"], "passed", "{pair}");
    assert!(said.contains("line 8 was answered 400, which is right"), "{said}");
    assert_eq!(pair["checkpoints"].as_array().map(Vec::len), Some(0), "{pair}");
}

#[test]
fn a_refusal_that_is_wrong_is_told_once_and_not_with_all_that_follows() {
    let (findings, pair, _) = refused("{status: [200, 204]}");
    let [only] = &findings[..] else { panic!("{findings:?}") };
    assert!(only.contains("was answered 400") && only.contains("expected 200 or 204"), "{only}");
    assert_eq!(pair["status"], "failed", "{pair}");
}
