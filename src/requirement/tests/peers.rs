//! Whole sequences: of an endpoint without faults, about which nothing is said, and of the two servers in
//! `docs/peers.md`, about which exactly what stands there is said.

use serde_json::{Value, json};

use crate::idp::ClientName;
use crate::scim::urn;
use crate::wire::{Answer, Method, Purpose, Response};

use super::story::{Story, error, group, list, patch_op, user};

const BY_NAME: &str = "/Users?filter=userName+eq+%22ada%40example.com%22";
const BY_GUID: &str = "/Users?filter=userName+eq+%22c0ffee00-0000-4000-8000-000000000000%22";
const GROUP: &str = "/Groups?excludedAttributes=members&filter=displayName+eq+%22Acme%22";

fn refusal(status: u16, scim_type: &str, detail: &str) -> Value {
    let mut body = error(status);
    body["scimType"] = json!(scim_type);
    body["detail"] = json!(detail);
    body
}

/// An exchange as a server that sends no `Location` answers it.
fn bare(story: &mut Story, method: Method, target: &str, sent: Option<&Value>, status: u16, answer: &Value) {
    let exchange = Story::exchange(method, target, sent, status, None);
    let mut exchange = std::sync::Arc::unwrap_or_clone(exchange);
    let headers = vec![("Content-Type".to_owned(), "application/scim+json; charset=utf-8".to_owned())];
    exchange.answer = Answer::Response(Response::new(status, headers, answer.to_string()));
    story.observe(&std::sync::Arc::new(exchange));
}

fn inactive(id: &str) -> Value {
    let mut body = user(id, "ada");
    body["active"] = json!(false);
    body
}

#[test]
fn nothing_is_said_of_a_faultless_endpoint_that_okta_meets() {
    let mut story = Story::new(ClientName::OktaOin);
    story.get("/Users?startIndex=1&count=2", 200, &list(&[]));
    story.get(
        "/Users?filter=userName%20eq%20%22ada%40example.com%22&startIndex=1&count=100",
        200,
        &list(&[]),
    );
    let mut sent = user("", "ada");
    sent.as_object_mut().unwrap().shift_remove("id");
    sent["password"] = json!("x7!kQ2pz");
    story.post("/Users", &sent, 201, &user("1", "ada"));
    let members = json!([{"value": "1", "display": "ada@example.com"}]);
    let pushed = json!({"schemas": [urn::GROUP], "displayName": "Acme", "members": members});
    story.get("/Groups?filter=displayName%20eq%20%22Acme%22&startIndex=1&count=100", 200, &list(&[]));
    story.post("/Groups", &pushed, 201, &group("g", "Acme", &["1"]));
    story.patch("/Groups/g", &json!([{"op": "add", "path": "members", "value": members}]));
    story.patch("/Groups/g", &json!([{"op": "replace", "value": {"id": "g", "displayName": "Acme"}}]));
    story.purpose = Purpose::Read;
    story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
    story.purpose = Purpose::Provider;
    story.patch("/Users/1", &json!([{"op": "replace", "value": {"active": false}}]));
    story.get("/Users/1", 200, &inactive("1"));
    story.get(
        "/Users?filter=userName%20eq%20%22ada%40example.com%22&startIndex=1&count=100",
        200,
        &list(&[inactive("1")]),
    );
    story.patch("/Users/1", &json!([{"op": "replace", "value": {"active": true}}]));
    story.put("/Users/1", &user("1", "ada.king"), 200, &user("1", "ada.king"));
    story.get("/Users/1", 200, &user("1", "ada.king"));
    story.patch("/Groups/g", &json!([{"op": "remove", "path": "members[value eq \"1\"]"}]));
    story.purpose = Purpose::Cleanup;
    story.delete("/Groups/g", 204);
    story.delete("/Users/1", 204);
    story.get("/Users/1", 404, &error(404));
    assert_eq!(story.said(), [""; 0]);
}

#[test]
fn nothing_is_said_of_a_faultless_endpoint_that_entra_meets() {
    let mut story = Story::new(ClientName::Entra);
    story.get(BY_GUID, 200, &list(&[]));
    story.get(BY_NAME, 200, &list(&[]));
    story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
    story.get(GROUP, 200, &list(&[]));
    story.post("/Groups", &group("", "Acme", &[]), 201, &group("g", "Acme", &[]));
    let one = json!([{"$ref": null, "value": "1"}]);
    story.patch("/Groups/g", &json!([{"op": "Add", "path": "members", "value": one}]));
    story.get(
        "/Groups/g?excludedAttributes=members",
        200,
        &json!({"schemas": [urn::GROUP], "id": "g", "displayName": "Acme"}),
    );
    story.patch("/Users/1", &json!([
        {"op": "Replace", "path": "displayName", "value": "Ada King"},
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "king@example.com"},
        {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "R&D"}
    ]));
    story.patch("/Users/1", &json!([{"op": "Replace", "path": "active", "value": "False"}]));
    let mut read = inactive("1");
    read["displayName"] = json!("Ada King");
    read["emails"][0]["value"] = json!("king@example.com");
    story.get(BY_NAME, 200, &list(&[read.clone()]));
    story.get("/Users/1", 200, &read);
    story.patch("/Groups/g", &json!([{"op": "Remove", "path": "members", "value": one}]));
    story.get("/Groups/g", 200, &group("g", "Acme", &[]));
    story.delete("/Groups/g", 204);
    assert_eq!(story.said(), [""; 0]);
}

#[test]
fn scim2_server() {
    let mut story = Story::new(ClientName::Entra);
    story.get(BY_GUID, 200, &list(&[]));
    story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
    story.post("/Users", &user("", "ADA"), 409, &error(409));
    story.get("/Users?filter=userName+eq+%22ADA%40EXAMPLE.COM%22", 200, &list(&[user("1", "ada")]));
    story.post("/Groups", &group("", "Acme", &[]), 201, &group("g", "Acme", &[]));
    story.post("/Groups", &group("", "Acme", &[]), 201, &group("h", "Acme", &[]));
    story.patch("/Groups/g", &json!([{"op": "Add", "path": "members", "value": [{"value": "1"}]}]));
    let by_list = patch_op(&json!([{"op": "Remove", "path": "members", "value": [{"value": "1"}]}]));
    let unchanged = refusal(400, "invalidValue", "a remove operation carries no value");
    bare(&mut story, Method::Patch, "/Groups/g", Some(&by_list), 400, &unchanged);
    story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
    story.patch("/Users/1", &json!([{"op": "Replace", "path": "active", "value": "False"}]));
    story.get("/Users/1", 200, &inactive("1"));
    // A deleted user stays a member.
    story.delete("/Users/1", 204);
    story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
    assert_eq!(
        story.said(),
        [
            "group-name-unique-entra: a POST with the displayName \"Acme\", which another group has, returned 201",
            "accepted-payload: the removal of members listed in `value` failed with 400 (invalidValue: a remove operation carries no value)"
        ]
    );
}

#[test]
fn scim2_server_and_okta() {
    let mut story = Story::new(ClientName::OktaOin);
    story.post("/Groups", &group("", "Acme", &["1"]), 201, &group("g", "Acme", &["1"]));
    story.patch(
        "/Groups/g",
        &json!([{"op": "replace", "value": {"id": "g", "displayName": "Globex", "members": []}}]),
    );
    // It takes the empty list at its word.
    story.get("/Groups/g", 200, &group("g", "Globex", &[]));
    assert_eq!(story.said(), [""; 0]);
}

#[test]
fn scimmy() {
    let mut story = Story::new(ClientName::Entra);
    let mut nobody = list(&[]);
    nobody["itemsPerPage"] = json!(20);
    story.get(BY_GUID, 200, &nobody);
    let mut created = user("1", "ada");
    created["meta"] = json!({"resourceType": "User", "location": "/scim/v2/Users/1"});
    bare(&mut story, Method::Post, "/Users", Some(&user("", "ada")), 201, &created);
    story.get("/Users?filter=userName+eq+%22ADA%40example.com%22", 200, &nobody);
    bare(&mut story, Method::Post, "/Users", Some(&user("", "ADA")), 409, &error(409));
    let disable = patch_op(&json!([{"op": "Replace", "path": "active", "value": "False"}]));
    let boolean = refusal(
        400,
        "invalidValue",
        "Attribute 'active' expected value type 'boolean' but found type 'string'",
    );
    bare(&mut story, Method::Patch, "/Users/1", Some(&disable), 400, &boolean);
    story.get("/Users/1", 200, &user("1", "ada"));
    story.post("/Groups", &group("", "Acme", &[]), 201, &group("g", "Acme", &[]));
    for _ in 0..2 {
        story.patch("/Groups/g", &json!([{"op": "Add", "path": "members", "value": [{"value": "1"}]}]));
    }
    story.get("/Groups/g", 200, &group("g", "Acme", &["1", "1"]));
    story.patch("/Groups/g", &json!([{"op": "Remove", "path": "members", "value": [{"value": "1"}]}]));
    story.get("/Groups/g", 200, &json!({"schemas": [urn::GROUP], "id": "g", "displayName": "Acme"}));
    // `startIndex` and `count` are ignored: always everything.
    let all: Vec<Value> =
        ["1", "2", "3"].iter().map(|id| user(id, if *id == "1" { "ada" } else { id })).collect();
    for start in [1, 3] {
        story.get(&format!("/Users?startIndex={start}&count=2"), 200, &list(&all));
    }
    assert_eq!(
        story.said(),
        [
            "location: a 201 has no `Location`",
            "lookup-ignores-case: the lookup for userName \"ADA@example.com\" does not find \"ada@example.com\"",
            "string-boolean: `active` as a string failed with 400 (invalidValue: Attribute 'active' expected value type 'boolean' but found type 'string')",
            "member-not-doubled: a group with 1 member has 2 entries in `members`",
            "paging: a page has more resources than `count`",
            "paging: a later page repeats resources of an earlier one",
        ]
    );
}
