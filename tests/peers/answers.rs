//! Three SCIM servers that other people wrote, started by `.ci/run`: `scim2-server`, a small app on `scimmy-routers`, and a
//! small project on `django-scim2`.
//!
//! The tests hold `docs/peers.md` against the servers themselves. Where they differ from each other is what an identity
//! provider meets in practice; if a new version answers differently, this says so before any verdict on it changes.
//!
//! The servers keep what they are sent and the tests run side by side, so each test makes its own names.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test fails by panicking, as the test does"
)]

mod http;

use serde_json::{Value, json};

use crate::http::{Answer, GROUP, Peer, USER};

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

fn scim2_server() -> Peer {
    Peer::named("SCIMSNAP_PEER_SCIM2_SERVER")
}

fn scimmy() -> Peer {
    Peer::named("SCIMSNAP_PEER_SCIMMY")
}

fn django_scim2() -> Peer {
    Peer::named("SCIMSNAP_PEER_DJANGO_SCIM2")
}

fn both() -> [(&'static str, Peer); 2] {
    [("scim2-server", scim2_server()), ("scimmy", scimmy())]
}

fn unique(what: &str) -> String {
    format!("{what}-{}", uuid::Uuid::new_v4().simple())
}

/// A user as Okta creates it.
fn okta_user(user_name: &str) -> Value {
    json!({
        "schemas": [USER], "userName": user_name, "name": {"givenName": "Ada", "familyName": "Byron"},
        "emails": [{"primary": true, "value": user_name, "type": "work"}], "displayName": "Ada Byron",
        "locale": "en-US", "externalId": "00u1a2b3c4D5E6F7G8h9", "groups": [], "password": "x7!kQ2pz", "active": true
    })
}

/// A user as Google creates it: a SCIM 1.1 URN beside the 2.0 one.
fn google_user(user_name: &str) -> Value {
    json!({
        "schemas": ["urn:scim:schemas:core:1.0", USER], "userName": user_name,
        "emails": [{"primary": true, "value": user_name, "type": "work"}], "displayName": "Grace Hopper",
        "name": {"givenName": "Grace", "familyName": "Hopper"}, "active": true
    })
}

fn create(peer: &Peer, path: &str, body: &Value) -> String {
    let created = peer.write("POST", path, body);
    assert_eq!(created.status, 201, "{created:?}");
    created.id()
}

/// A name that is an address, as django-scim2 wants it.
fn address() -> String {
    format!("{}@example.com", unique("ada"))
}

/// A new user and its id.
fn ada(peer: &Peer) -> String {
    create(peer, "/Users", &okta_user(&address()))
}

/// A new group with these members, as Okta creates it.
fn group(peer: &Peer, members: &[&str]) -> String {
    let members: Vec<Value> = members.iter().map(|id| member(id)).collect();
    let body = json!({"schemas": [GROUP], "displayName": unique("Acme"), "members": members});
    create(peer, "/Groups", &body)
}

fn member(id: &str) -> Value {
    json!({"value": id, "display": "ada@example.com"})
}

fn patch(peer: &Peer, path: &str, operation: &Value) -> Answer {
    let body = json!({"schemas": [PATCH_OP], "Operations": [operation]});
    peer.write("PATCH", path, &body)
}

/// The ids of a group's members, in the server's order, duplicates and all.
fn members(peer: &Peer, id: &str) -> Vec<String> {
    let group = peer.get(&format!("/Groups/{id}"));
    assert_eq!(group.status, 200, "{group:?}");
    let listed = group.body["members"].as_array().cloned().unwrap_or_default();
    let id_of = |member: &Value| member["value"].as_str().unwrap_or_default().to_owned();
    listed.iter().map(id_of).collect()
}

fn active(peer: &Peer, id: &str) -> Value {
    peer.get(&format!("/Users/{id}")).body["active"].clone()
}

/// How many users a lookup by userName finds.
fn found(peer: &Peer, user_name: &str) -> Value {
    let answer = peer.get(&format!("/Users?filter=userName+eq+%22{user_name}%22"));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["totalResults"].clone()
}

fn assert_error(answer: &Answer, status: u16, scim_type: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.body["schemas"], json!([ERROR]), "{answer:?}");
    assert_eq!(answer.body["status"], status.to_string(), "{answer:?}");
    assert_eq!(answer.body["scimType"], scim_type, "{answer:?}");
}

#[test]
fn a_lookup_of_a_random_guid_finds_nothing() {
    for (name, peer) in both() {
        let guid = uuid::Uuid::new_v4();
        let answer = peer.get(&format!("/Users?filter=userName+eq+%22{guid}%22"));
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
        assert_eq!(answer.body["totalResults"], 0, "{name}: {answer:?}");
        assert_eq!(answer.body["Resources"], json!([]), "{name}: {answer:?}");
        let content_type = answer.header("content-type").unwrap_or_default();
        assert!(content_type.starts_with("application/scim+json"), "{name}: {answer:?}");
    }
}

#[test]
fn no_token_is_401_with_an_error_body() {
    for (name, peer) in both() {
        let answer = peer.without_token().get("/Users");
        assert_eq!(answer.status, 401, "{name}: {answer:?}");
        assert_eq!(answer.body["schemas"], json!([ERROR]), "{name}: {answer:?}");
        assert_eq!(answer.body["status"], "401", "{name}: {answer:?}");
        let challenged = answer.header("www-authenticate").is_some();
        assert_eq!(challenged, name == "scim2-server", "{name}: {answer:?}");
    }
}

#[test]
fn a_user_name_is_taken_whatever_its_case() {
    for (_, peer) in both() {
        let user_name = unique("ada");
        create(&peer, "/Users", &okta_user(&user_name));
        let again = peer.write("POST", "/Users", &okta_user(&user_name.to_uppercase()));
        assert_error(&again, 409, "uniqueness");
    }
}

#[test]
fn a_second_group_of_the_same_name_is_another_group() {
    for (name, peer) in both() {
        let body = json!({"schemas": [GROUP], "displayName": unique("Acme"), "members": []});
        let (first, second) = (create(&peer, "/Groups", &body), create(&peer, "/Groups", &body));
        assert_ne!(first, second, "{name}");
    }
}

#[test]
fn okta_can_deactivate_without_a_path() {
    for (name, peer) in both() {
        let id = ada(&peer);
        let answer =
            patch(&peer, &format!("/Users/{id}"), &json!({"op": "replace", "value": {"active": false}}));
        assert_eq!(answer.status, if name == "scim2-server" { 204 } else { 200 }, "{name}: {answer:?}");
        assert_eq!(active(&peer, &id), false, "{name}");
    }
}

#[test]
fn a_deleted_user_stays_a_member() {
    for (name, peer) in both() {
        let id = ada(&peer);
        let acme = group(&peer, &[&id]);
        assert_eq!(peer.delete(&format!("/Users/{id}")).status, 204, "{name}");
        assert_eq!(peer.get(&format!("/Users/{id}")).status, 404, "{name}");
        assert_eq!(members(&peer, &acme), [id], "{name}");
    }
}

#[test]
fn scim2_server_takes_a_string_for_a_boolean() {
    let peer = scim2_server();
    let id = ada(&peer);
    let disable = json!({"op": "Replace", "path": "active", "value": "False"});
    assert_eq!(patch(&peer, &format!("/Users/{id}"), &disable).status, 204);
    assert_eq!(active(&peer, &id), false);
}

#[test]
fn scimmy_refuses_a_string_for_a_boolean() {
    let peer = scimmy();
    let id = ada(&peer);
    let disable = json!({"op": "Replace", "path": "active", "value": "False"});
    assert_error(&patch(&peer, &format!("/Users/{id}"), &disable), 400, "invalidValue");
    assert_eq!(active(&peer, &id), true);
}

#[test]
fn scim2_server_refuses_the_removal_of_a_member_by_value_list() {
    let peer = scim2_server();
    let id = ada(&peer);
    let acme = group(&peer, &[&id]);
    let remove = json!({"op": "Remove", "path": "members", "value": [{"value": id}]});
    assert_error(&patch(&peer, &format!("/Groups/{acme}"), &remove), 400, "invalidValue");
    assert_eq!(members(&peer, &acme), [id]);
}

#[test]
fn scimmy_removes_only_the_member_in_the_value_list() {
    let peer = scimmy();
    let (first, second) = (ada(&peer), ada(&peer));
    let acme = group(&peer, &[&first, &second]);
    let remove = json!({"op": "Remove", "path": "members", "value": [{"$ref": null, "value": first}]});
    assert_eq!(patch(&peer, &format!("/Groups/{acme}"), &remove).status, 200);
    assert_eq!(members(&peer, &acme), [second]);
}

#[test]
fn both_remove_only_the_member_in_the_path_filter() {
    for (name, peer) in both() {
        let (first, second) = (ada(&peer), ada(&peer));
        let acme = group(&peer, &[&first, &second]);
        let remove = json!({"op": "remove", "path": format!("members[value eq \"{first}\"]")});
        let answer = patch(&peer, &format!("/Groups/{acme}"), &remove);
        assert!(matches!(answer.status, 200 | 204), "{name}: {answer:?}");
        assert_eq!(members(&peer, &acme), [second], "{name}");
    }
}

#[test]
fn scim2_server_stores_a_member_twice_only_if_the_copies_differ() {
    let peer = scim2_server();
    let id = ada(&peer);
    let acme = group(&peer, &[&id]);
    let add = |value: Value| json!({"op": "add", "path": "members", "value": [value]});
    patch(&peer, &format!("/Groups/{acme}"), &add(member(&id)));
    assert_eq!(members(&peer, &acme), std::slice::from_ref(&id));
    patch(&peer, &format!("/Groups/{acme}"), &add(json!({"value": id})));
    assert_eq!(members(&peer, &acme), [id.clone(), id]);
}

#[test]
fn scimmy_stores_a_member_twice() {
    let peer = scimmy();
    let id = ada(&peer);
    let acme = group(&peer, &[&id]);
    let again = json!({"op": "add", "path": "members", "value": [member(&id)]});
    assert_eq!(patch(&peer, &format!("/Groups/{acme}"), &again).status, 200);
    assert_eq!(members(&peer, &acme), [id.clone(), id]);
}

#[test]
fn scim2_server_refuses_the_urn_that_google_adds() {
    let body = google_user(&unique("grace"));
    let answer = scim2_server().send("POST", "/Users", "application/json", Some(&body));
    assert_error(&answer, 400, "invalidSyntax");
}

#[test]
fn scimmy_takes_the_urn_that_google_adds() {
    let body = google_user(&unique("grace"));
    let answer = scimmy().send("POST", "/Users", "application/json", Some(&body));
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.body["schemas"], json!([USER, "urn:scim:schemas:core:1.0"]));
}

#[test]
fn only_scim2_server_finds_a_user_name_in_other_case() {
    for (name, peer) in both() {
        let user_name = unique("ada");
        create(&peer, "/Users", &okta_user(&user_name));
        assert_eq!(found(&peer, &user_name), 1, "{name}");
        let in_other_case = u8::from(name == "scim2-server");
        assert_eq!(found(&peer, &user_name.to_uppercase()), in_other_case, "{name}");
    }
}

#[test]
fn only_scim2_server_pages() {
    for (name, peer) in both() {
        ada(&peer);
        ada(&peer);
        let page = peer.get("/Users?startIndex=2&count=1").body;
        let listed = page["Resources"].as_array().map_or(0, Vec::len);
        if name == "scim2-server" {
            assert_eq!((listed, &page["startIndex"]), (1, &json!(2)), "{page}");
        } else {
            assert!(listed > 1, "{page}");
            assert_eq!(page["startIndex"], 1, "{page}");
        }
    }
}

#[test]
fn only_scim2_server_empties_a_group_that_is_renamed_without_members() {
    for (name, peer) in both() {
        let id = ada(&peer);
        let acme = group(&peer, &[&id]);
        let renamed = unique("Acme");
        let rename = json!({"op": "replace", "value": {"members": [], "id": acme, "displayName": renamed}});
        patch(&peer, &format!("/Groups/{acme}"), &rename);
        assert_eq!(peer.get(&format!("/Groups/{acme}")).body["displayName"], renamed, "{name}");
        let left = if name == "scim2-server" { vec![] } else { vec![id] };
        assert_eq!(members(&peer, &acme), left, "{name}");
    }
}

#[test]
fn only_scim2_server_names_the_location_of_what_it_created() {
    for (name, peer) in both() {
        let created = peer.write("POST", "/Users", &okta_user(&unique("ada")));
        let location = created.body["meta"]["location"].as_str().unwrap_or_default();
        if name == "scim2-server" {
            assert_eq!(created.header("location"), Some(location), "{created:?}");
            assert!(location.starts_with("http://127.0.0.1:"), "{created:?}");
        } else {
            assert_eq!(created.header("location"), None, "{created:?}");
            assert_eq!(location, format!("/scim/v2/Users/{}", created.id()));
        }
    }
}

#[test]
fn django_scim2_finds_no_group_by_its_name() {
    let peer = django_scim2();
    let acme = group(&peer, &[]);
    let name = peer.get(&format!("/Groups/{acme}")).body["displayName"].clone();
    let name = name.as_str().unwrap_or_default();
    let answer = peer.get(&format!("/Groups?filter=displayName+eq+%22{name}%22"));
    assert_eq!((answer.status, &answer.body["totalResults"]), (200, &json!(0)), "{answer:?}");
}

#[test]
fn django_scim2_leaves_out_the_members_of_a_post_and_of_a_put() {
    let peer = django_scim2();
    let id = ada(&peer);
    let acme = group(&peer, &[&id]);
    assert_eq!(members(&peer, &acme), [""; 0]);
    let body = json!({"schemas": [GROUP], "displayName": unique("Acme"), "members": [member(&id)]});
    assert_eq!(peer.write("PUT", &format!("/Groups/{acme}"), &body).status, 200);
    assert_eq!(members(&peer, &acme), [""; 0]);
}

#[test]
fn django_scim2_adds_and_removes_members_by_lists_only() {
    let peer = django_scim2();
    let id = ada(&peer);
    let acme = group(&peer, &[]);
    let path = format!("/Groups/{acme}");
    let add = json!({"op": "Add", "path": "members", "value": [{"value": id}]});
    assert_eq!(patch(&peer, &path, &add).status, 200);
    assert_eq!(patch(&peer, &path, &add).status, 200);
    assert_eq!(members(&peer, &acme), std::slice::from_ref(&id), "stored once");
    let by_filter = json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")});
    assert_eq!(patch(&peer, &path, &by_filter).status, 501);
    let by_list = json!({"op": "Remove", "path": "members", "value": [{"value": id}]});
    assert_eq!(patch(&peer, &path, &by_list).status, 200);
    assert_eq!(members(&peer, &acme), [""; 0]);
}

#[test]
fn django_scim2_renames_no_group() {
    let peer = django_scim2();
    let acme = group(&peer, &[]);
    for operation in [
        json!({"op": "replace", "value": {"id": acme, "displayName": "Globex"}}),
        json!({"op": "Replace", "path": "displayName", "value": "Globex"}),
    ] {
        assert_eq!(patch(&peer, &format!("/Groups/{acme}"), &operation).status, 501);
    }
}

#[test]
fn django_scim2_says_the_status_of_an_error_as_a_number() {
    let peer = django_scim2();
    let missing = peer.get("/Users/0");
    assert_eq!((missing.status, &missing.body["status"]), (404, &json!(404)), "{missing:?}");
    let user_name = address();
    create(&peer, "/Users", &okta_user(&user_name));
    let again = peer.write("POST", "/Users", &okta_user(&user_name));
    assert_eq!((again.status, &again.body["scimType"]), (409, &Value::Null), "{again:?}");
    // The user model compares with case.
    create(&peer, "/Users", &okta_user(&user_name.to_uppercase()));
}

#[test]
fn django_scim2_refuses_a_string_for_a_boolean() {
    let peer = django_scim2();
    let id = ada(&peer);
    let disable = json!({"op": "Replace", "path": "active", "value": "False"});
    assert_eq!(patch(&peer, &format!("/Users/{id}"), &disable).status, 400);
    assert_eq!(active(&peer, &id), true);
    let pathless = json!({"op": "replace", "value": {"active": false}});
    assert_eq!(patch(&peer, &format!("/Users/{id}"), &pathless).status, 200);
    assert_eq!(active(&peer, &id), false);
}

#[test]
fn django_scim2_shows_members_that_are_excluded() {
    let peer = django_scim2();
    let acme = group(&peer, &[]);
    let answer = peer.get(&format!("/Groups/{acme}?excludedAttributes=members"));
    assert!(answer.body["members"].is_array(), "{answer:?}");
}

#[test]
fn django_scim2_counts_neither_resource_types_nor_schemas() {
    for page in ["/ResourceTypes", "/Schemas"] {
        let answer = django_scim2().get(page);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.body["totalResults"], Value::Null, "{page}");
    }
}
