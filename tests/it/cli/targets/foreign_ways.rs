//! Another endpoint may answer otherwise than the reference endpoint where the RFC leaves that open: nobody is blamed for
//! it, and what follows from one thing is told once.

use serde_json::Value;

use crate::support::{Call, Folder, Proxy, Reply, Scimsnap, Served, send};

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

/// A project whose snapshot is what the reference endpoint leaves.
fn accepted(scenario: &str) -> Folder {
    let folder = Folder::with_scenario(scenario);
    Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]).end().exits(5);
    folder
}

/// What is printed and reported of a run against an endpoint that refuses every PATCH.
fn without_patch(folder: &Folder, update: &str) -> (String, Value) {
    let served = Served::new(&[]);
    let origin = served.origin.clone();
    let answer = move |_, call: &Call| {
        let patch = call.method == "PATCH";
        let refusal = || Reply::new(400, ERROR).header("Content-Type", "application/scim+json");
        Some(if patch { refusal() } else { send(&origin, call) })
    };
    let proxy = Proxy::new(answer);
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["run", "scenarios", "--update", update, "--json", "out.json"];
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, &served.token).end();
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    (outcome.stdout, report["scenarios"][0].clone())
}

/// The findings of a run, its report and what it printed, where every PATCH is refused.
fn refused(status: &str) -> (Vec<String>, Value, String) {
    let folder = accepted(&SCENARIO.replace("STATUS", status));
    let (said, pair) = without_patch(&folder, "no");
    let findings = pair["findings"].as_array().unwrap().iter();
    let findings = findings.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect();
    (findings, pair, said)
}

#[test]
fn a_refusal_that_is_right_is_nobodys_mistake_and_what_it_left_is_compared_with_nothing() {
    let (findings, pair, said) = refused("{status: [200, 204, 400], reference: {status: [200, 204]}}");
    assert_eq!(findings, [""; 0]);
    assert_eq!(pair["status"], "passed", "{pair}");
    assert!(said.contains("line 8 returned 400, which is legal"), "{said}");
    assert_eq!(pair["checkpoints"].as_array().map(Vec::len), Some(0), "{pair}");
}

#[test]
fn a_refusal_that_is_wrong_is_told_once_and_not_with_all_that_follows() {
    let (findings, pair, _) = refused("{status: [200, 204]}");
    let [only] = &findings[..] else { panic!("{findings:?}") };
    assert!(only.contains("returned 400") && only.contains("expected 200 or 204"), "{only}");
    assert_eq!(pair["status"], "failed", "{pair}");
}

#[test]
fn what_was_left_on_the_way_to_a_right_refusal_is_offered_to_nobody() {
    // Accepting the one checkpoint that was reached would drop the one behind it.
    let steps = "  - assign: ada\n";
    let status = "{status: [200, 204, 400], reference: {status: [200, 204]}}";
    let scenario =
        SCENARIO.replace("STATUS", status).replace(steps, &format!("{steps}  - checkpoint: assigned\n"));
    let folder = accepted(&scenario);
    let snapshot = folder.names("snapshots").pop().unwrap();
    let whole = folder.read(&snapshot);
    folder.write(&snapshot, &whole.replacen("ada@example.com", "augusta@example.com", 1));
    let (said, pair) = without_patch(&folder, "new");
    assert_eq!(pair["status"], "failed", "{pair}");
    assert!(said.contains("augusta@example.com"), "{said}");
    assert_eq!(folder.names("snapshots"), [snapshot]);
}
