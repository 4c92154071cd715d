//! The vendors' suites under both profiles, and what a scenario says when an answer is not what it expects.

use crate::support::{Folder, Outcome, Scimsnap};

fn play(folder: &Folder, words: &[&str]) -> Outcome {
    Scimsnap::new(folder.path(), &[&["run", "suites", "--update", "no"], words].concat()).end()
}

#[test]
fn the_suites_pass_under_the_profile_that_they_name_and_under_rfc() {
    let folder = Folder::new();
    play(&folder, &[]).exits(0);
    play(&folder, &["--profile", "rfc"]).exits(0);
}

#[test]
fn what_customer_provisioning_does_not_give_is_nobodys_mistake_where_the_rfc_leaves_it_open() {
    let folder = Folder::new();
    // It knows no filter but `eq` and wants an address of everybody. That a gateway answers whoever has no key breaks what
    // Okta asks for, which the list says.
    play(&folder, &["--profile", "jsm-customers"]).exits(1).says("suites/okta-spec/07-wrong-token-is-401");
    folder.write("scimsnap.toml", include_str!("../../../known/jsm-customers.toml"));
    let outcome = play(&folder, &["--profile", "jsm-customers"]).exits(0).says("known");
    assert!(!outcome.stdout.contains("FAIL"), "{}", outcome.stdout);
    let scenario =
        include_str!("../../../../scenarios/suites/microsoft-validator/25-add-attributes-verbosely.yaml");
    let line = 1 + scenario.lines().position(|line| line.contains("request:")).unwrap();
    outcome.says(&format!("line {line} returned 400, which is legal"));
    // The list is about that profile: under another nobody sees what it lists.
    play(&folder, &["--profile", "rfc"]).exits(1).says("no longer occurs");
}

#[test]
fn an_answer_that_is_not_as_expected_is_pointed_at() {
    let folder = Folder::new();
    folder.write("scenarios/own/expecting.yaml", EXPECTING);
    let run = |words: &[&str]| Scimsnap::new(folder.path(), words).end();
    run(&["run", "scenarios", "-v", "--update", "no"])
        .exits(1)
        .says("`/name/givenName` of the response is \"Ada\", expected \"Augusta\"")
        .says("scenarios/own/expecting.yaml:15:28")
        .says("`/totalResults` of the response is 1, expected at least 2")
        .says("the response has no X-Answer, expected `yes`")
        .says("the response has no value at `/nobody` to keep")
        .says("line 26 was not reached: no response had a value for `keep: nobody`");
}

const EXPECTING: &str = r#"title: What an answer is held against
evidence: {mark: inferred, source: nowhere}
idps: [okta-oin]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
steps:
  - assign: ada
  - request:
      send: GET /Users/{{ people.ada.id }}
      expect:
        status: [200]
        headers: {Content-Type: application/scim+json, X-Answer: "yes"}
        body:
          /userName: {equals: "{{ people.ada.userName }}"}
          /name/givenName: {equals: Augusta}
          /active: {equals: true}
      keep: {ada: /id, nobody: /nobody}
  - request:
      send: GET /Users?filter=userName%20eq%20%22{{ people.ada.userName | upper }}%22
      expect:
        body:
          /Resources/0/id: {equals: "{{ kept.ada }}"}
          /Resources: {has: '{"userName":"{{ people.ada.userName }}"}'}
          /totalResults: {at-least: 2}
          /detail: absent
  - request: {send: "GET /Users/{{ kept.nobody }}"}
  - checkpoint: assigned
"#;
