//! What somebody writes out themselves leads to strangers: requests in scenarios, and ledgers.

use serde_json::json;

use super::upsert::{echo, of, of_both, whole};
use super::{Way, lookup, untouched};
use crate::safety::aftermath::run_of;
use crate::safety::endpoint::{Tenant, honest};
use crate::safety::process::ended;
use crate::safety::scene::Conduct;
use crate::support::{Folder, Served};

const HEAD: &str = "\
title: Requests that are written out
evidence: {mark: inferred, source: nowhere}
idps: [okta-oin, entra]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
steps:
";

/// Changes and deletes whatever has an id that was kept, also by way of a bulk request.
const WRITES: &str = r#"
  - request:
      send: PATCH /Users/{{ kept.id }}
      json: |
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}
  - request:
      send: PUT /Users/{{ kept.id }}
      json: |
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{{ people.ada.userName }}","emails":[{"value":"{{ people.ada.email }}","primary":true}]}
  - request:
      send: POST /Bulk
      json: |
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"DELETE","path":"/Users/{{ kept.id }}"}]}
  - request:
      send: DELETE /Users/{{ kept.id }}
"#;

const CREATES: &str = r#"
  - request:
      send: POST /Users
      json: |
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{{ people.ada.userName }}","emails":[{"value":"{{ people.ada.email }}","primary":true}],"active":true}
      keep: {id: /id}
"#;

/// A request for a user or a group whose name is that of somebody else.
const NAMES: &str = r#"
  - request:
      send: POST /Users
      text: '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"outsider3@elsewhere.example","emails":[{"value":"outsider3@elsewhere.example","primary":true}]}'
  - request:
      send: POST /Groups
      text: '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Outsiders 1"}'
"#;

/// Plays a scenario against a tenant that behaves in some way.
fn play(conduct: &Conduct, steps: &str) -> Tenant {
    let steps = steps.trim_start_matches('\n');
    let folder = Folder::with_scenario(&format!("{HEAD}{steps}  - checkpoint: done\n"));
    let tenant = Tenant::with(Served::new(&[]), 5, 2, conduct);
    let words = ["run", "scenarios", "--read-lag", "0", "--max-wait", "1", "--jobs", "1"];
    let outcome = ended(tenant.scimsnap(folder.path(), &words));
    assert!([1, 4, 5, 6].contains(&outcome.code), "{}\n{}{}", outcome.code, outcome.stdout, outcome.stderr);
    tenant.assert_untouched();
    tenant
}

#[test]
fn a_request_that_is_written_out_reaches_no_stranger_whom_a_creation_was_answered_with() {
    assert!(play(&of("Users", whole), &format!("{CREATES}{WRITES}")).lies() > 0);
}

#[test]
fn a_request_that_is_written_out_reaches_no_stranger_whose_id_our_name_was_answered_with() {
    assert!(play(&of("Users", echo), &format!("{CREATES}{WRITES}")).lies() > 0);
}

#[test]
fn a_request_that_is_written_out_reaches_nobody_who_was_only_found() {
    let find = "
  - request:
      send: GET /Users?startIndex=1&count=1
      keep: {id: /Resources/0/id}
";
    play(&honest(), &format!("{find}{WRITES}"));
}

#[test]
fn a_request_that_is_written_out_reaches_what_it_created() {
    let tenant = play(&honest(), &format!("{CREATES}{WRITES}"));
    let reached =
        tenant.proxy.calls().iter().filter(|call| ["PATCH", "DELETE"].contains(&&*call.method)).count();
    assert!(reached >= 4, "{reached}");
    assert!(tenant.left().is_empty(), "{:?}", tenant.left());
}

#[test]
fn whoever_has_the_name_that_is_written_out_is_not_taken_for_ours_where_the_creation_was_cut() {
    play(&lookup::cut(), NAMES);
}

#[test]
fn whoever_has_the_name_that_is_written_out_is_not_taken_for_ours_where_the_endpoint_merges() {
    play(&of_both(whole), NAMES);
}

#[test]
fn whoever_has_the_name_that_is_written_out_is_not_touched_where_it_is_refused() {
    let tenant = play(&honest(), NAMES);
    // Nobody could tell afterwards whose it is, so it is not even asked for.
    let posts = tenant.proxy.calls().iter().filter(|call| call.method == "POST").count();
    assert_eq!(posts, 0);
}

/// A run that kept what it created, at a tenant that behaves; and how to clean up after it.
fn kept() -> (Tenant, Folder, String) {
    let (tenant, folder) = (Tenant::with(Served::new(&[]), 5, 2, &honest()), Folder::new());
    let words = ["run", "groups/new-group-becomes-organization", "--keep", "--read-lag", "0"];
    ended(tenant.scimsnap(folder.path(), &words)).exits(0);
    let ledger = folder.ledgers().pop().unwrap();
    (tenant, folder, ledger)
}

fn clean(tenant: &Tenant, folder: &Folder, ledger: &str) {
    let cleaned = ended(tenant.with_product(folder.path(), &["clean", "--run", &run_of(ledger)]));
    assert!([0, 4].contains(&cleaned.code), "{}\n{}{}", cleaned.code, cleaned.stdout, cleaned.stderr);
}

#[test]
fn clean_removes_nobody_who_has_our_ids_by_now() {
    let (tenant, folder, ledger) = kept();
    let created: Vec<String> = tenant.scene.memory.lock().unwrap().created.keys().cloned().collect();
    assert!(created.len() >= 3);
    for id in created {
        let kind = if tenant.user(&id)["userName"].is_string() { "Users" } else { "Groups" };
        tenant.scene.give_away(kind, &id);
    }
    clean(&tenant, &folder, &ledger);
    untouched(&Way::new(honest()), &tenant);
}

#[test]
fn clean_removes_nobody_whom_somebody_wrote_into_the_ledger() {
    let (tenant, folder, ledger) = kept();
    let strangers = &tenant.scene.strangers;
    let theirs = [
        ("user", &strangers.users),
        ("group", &strangers.groups),
        ("organization", &strangers.organizations),
        ("customer", &strangers.accounts),
    ];
    let lines = theirs.map(|(kind, ids)| json!({"created": {"kind": kind, "id": ids[0]}}).to_string());
    let names = [
        ("user", "outsider3@elsewhere.example"),
        ("group", "Outsiders 1"),
        ("organization", "Made by hand 1"),
    ];
    let names = names.map(|(kind, name)| json!({"intent": {"kind": kind, "name": name}}).to_string());
    let text = format!("{}{}\n{}\n", folder.read(&ledger), lines.join("\n"), names.join("\n"));
    folder.write(&ledger, &text);
    clean(&tenant, &folder, &ledger);
    tenant.assert_untouched();
    // What is ours is removed all the same.
    assert!(tenant.left().is_empty(), "{:?}", tenant.left());
}
