//! Every requirement of the registry in a table of two columns: what fires it, and answers next to that which the RFC or
//! the provider also allows, on which it stays silent. The rules' own tests have more rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::idp::ClientName;
use crate::wire::{Answer, Created, Method, NotNew, Response, TransportError};

use super::story::{Story, error, group, list, patch_op, user, user_with};
use crate::requirement::rules;

type Act = fn(&mut Story);

/// A requirement, the client that plays, what fires it, and what does not.
type Row = (&'static str, ClientName, Act, &'static [Act]);

const ENTRA: ClientName = ClientName::Entra;
const OKTA: ClientName = ClientName::OktaOin;
const RFC: ClientName = ClientName::Rfc;

const BY_NAME: &str = "/Users?filter=userName+eq+%22ada%40example.com%22";
const BY_OTHER_CASE: &str = "/Users?filter=userName+eq+%22ADA%40example.com%22";

/// Ada is created, as `1`.
fn ada(story: &mut Story) {
    story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
}

/// The group `g` is created with these members.
fn acme(story: &mut Story, members: &[&str]) {
    story.post("/Groups", &group("", "Acme", members), 201, &group("g", "Acme", members));
}

fn read_acme(story: &mut Story, members: &[&str]) {
    story.get("/Groups/g", 200, &group("g", "Acme", members));
}

/// Ada is to be created, and the answer is about somebody whom an earlier one showed.
fn answered_with_a_stranger(story: &mut Story) {
    let answer = user("7", "ada");
    let exchange = Story::exchange(Method::Post, "/Users", Some(&user("", "ada")), 201, Some(&answer));
    let mut exchange = Arc::unwrap_or_clone(exchange);
    if let Answer::Response(response) = &mut exchange.answer {
        response.not_new = Some(NotNew::ShownBefore { kind: Created::User, id: "7".to_owned() });
    }
    story.observe(&Arc::new(exchange));
}

fn inactive() -> Value {
    user_with("active", json!(false))
}

/// Ada gets another address of type work, and is read with these.
fn mailed_again(story: &mut Story, addresses: &[&str]) {
    ada(story);
    story.patch(
        "/Users/1",
        &json!([{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "new@example.com"}]),
    );
    let emails: Vec<Value> = addresses.iter().map(|value| json!({"type": "work", "value": value})).collect();
    story.get("/Users/1", 200, &user_with("emails", json!(emails)));
}

/// Ada, who has a title, is deactivated, and read with this one.
fn titled_and_disabled(story: &mut Story, title: Value) {
    ada(story);
    story.get("/Users/1", 200, &user_with("title", json!("Countess")));
    story.patch("/Users/1", &json!([{"op": "replace", "path": "active", "value": false}]));
    let mut read = inactive();
    read["title"] = title;
    story.get("/Users/1", 200, &read);
}

fn deactivate(story: &mut Story, value: &Value) {
    ada(story);
    story.patch("/Users/1", &json!([{"op": "Replace", "path": "active", "value": value}]));
}

fn disable_without_path(story: &mut Story) {
    ada(story);
    story.patch("/Users/1", &json!([{"op": "replace", "value": {"active": false}}]));
}

fn add(id: &str) -> Value {
    json!([{"op": "add", "path": "members", "value": [{"value": id}]}])
}

fn remove(id: &str) -> Value {
    json!([{"op": "remove", "path": format!("members[value eq \"{id}\"]")}])
}

fn rename() -> Value {
    json!([{"op": "replace", "path": "displayName", "value": "Acme"}])
}

/// An answer with these headers and no others.
fn answered(
    story: &mut Story,
    method: Method,
    target: &str,
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) {
    let sent = match method {
        Method::Post => Some(user("", "ada")),
        Method::Patch => Some(patch_op(&json!([{"op": "replace", "path": "title", "value": "x"}]))),
        _ => None,
    };
    let exchange = Story::exchange(method, target, sent.as_ref(), status, None);
    let mut exchange = Arc::unwrap_or_clone(exchange);
    let (answers, asks): (Vec<_>, Vec<_>) = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .partition(|(name, _)| name != "If-Match" && name != "Accept");
    exchange.request.headers.extend(asks);
    exchange.answer = Answer::Response(Response::new(status, answers, body.to_owned()));
    story.observe(&Arc::new(exchange));
}

const SCIM: (&str, &str) = ("Content-Type", "application/scim+json");

fn read_with(story: &mut Story, etag: &str, body: &Value) {
    answered(story, Method::Get, "/Users/1", 200, &[SCIM, ("ETag", etag)], &body.to_string());
}

fn versioned_write(story: &mut Story, if_match: &str) {
    story.get("/ServiceProviderConfig", 200, &json!({"etag": {"supported": true}}));
    read_with(story, "\"7\"", &user("1", "ada"));
    let headers = [SCIM, ("ETag", "\"8\""), ("If-Match", if_match)];
    answered(story, Method::Patch, "/Users/1", 200, &headers, &user("1", "ada").to_string());
}

fn created_at(story: &mut Story, location: Option<&str>) {
    let mut headers = vec![SCIM];
    headers.extend(location.map(|location| ("Location", location)));
    answered(story, Method::Post, "/Users", 201, &headers, &user("1", "ada").to_string());
}

fn listed_as(story: &mut Story, content_type: &str, accept: &str) {
    let headers = [("Content-Type", content_type), ("Accept", accept)];
    answered(story, Method::Get, "/Users", 200, &headers, &list(&[]).to_string());
}

fn refused_creation(story: &mut Story, status: u16, key: &str, value: Value) {
    let mut body = error(status);
    body[key] = value;
    story.post("/Users", &user("", "ada"), status, &body);
}

fn odd_page(total: u64, ids: &[&str]) -> Value {
    let resources: Vec<Value> = ids.iter().map(|id| user(id, id)).collect();
    let mut page = list(&resources);
    page["totalResults"] = json!(total);
    page
}

fn stamped(members: &[&str], version: &str) -> Value {
    let mut body = group("g", "Acme", members);
    body["meta"] = json!({"version": version});
    body
}

fn added_again(story: &mut Story, version: &str) {
    story.get("/Groups/g", 200, &stamped(&["1"], "W/\"1\""));
    story.patch("/Groups/g", &add("1"));
    story.get("/Groups/g", 200, &stamped(&["1"], version));
}

fn own_schema(story: &mut Story, kind: &str) {
    let attributes = json!([{"name": "nickName", "type": kind}]);
    let schema = json!({"id": "urn:ietf:params:scim:schemas:core:2.0:User", "attributes": attributes});
    story.get("/Schemas", 200, &list(&[schema]));
    story.get("/Users/1", 200, &user_with("nickName", json!("a")));
}

/// Ada is read with this `meta`, changed while time passes for somebody else, and read with that one.
fn changed_over_time(story: &mut Story, meta: &Value, then: &Value) {
    let with = |meta: &Value, title: &str| {
        let mut ada = user_with("title", json!(title));
        ada["meta"] = meta.clone();
        ada
    };
    story.get("/Users/1", 200, &with(meta, "Countess"));
    let mut bob = user("2", "bob");
    bob["meta"] = json!({"lastModified": "2026-02-01T00:00:00Z"});
    story.get("/Users/2", 200, &bob);
    story.patch("/Users/1", &json!([{"op": "replace", "path": "title", "value": "Dr"}]));
    story.get("/Users/1", 200, &with(then, "Dr"));
}

fn at(name: &str, month: u8) -> Value {
    json!({name: format!("2026-{month:02}-01T00:00:00Z")})
}

/// A list that was to be sorted by name, where that is said to be supported.
fn sorted(story: &mut Story, names: &[&str]) {
    story.get("/ServiceProviderConfig", 200, &json!({"sort": {"supported": true}}));
    let users: Vec<Value> = names.iter().map(|name| user(name, name)).collect();
    story.get("/Users?sortBy=userName", 200, &list(&users));
}

/// Two pages by cursor, with a resource on each.
fn paged(story: &mut Story, ids: [&str; 2]) {
    story.get("/ServiceProviderConfig", 200, &json!({"pagination": {"cursor": true}}));
    let mut first = list(&[user(ids[0], "ada")]);
    first["nextCursor"] = json!("c");
    story.get("/Users?cursor=&count=1", 200, &first);
    story.get("/Users?cursor=c&count=1", 200, &list(&[user(ids[1], "bob")]));
}

/// Ada, who has these addresses, is replaced with the first of them only, and read.
fn replaced(story: &mut Story, after: &[&str]) {
    let mailed = |addresses: &[&str]| {
        user_with("emails", addresses.iter().map(|value| json!({"value": value})).collect())
    };
    story.get("/Users/1", 200, &mailed(&["a", "b"]));
    story.put("/Users/1", &mailed(&["a"]), 200, &json!({"id": "1", "schemas": []}));
    story.get("/Users/1", 200, &mailed(after));
}

fn extended(story: &mut Story, schemas: &[&str]) {
    let mut ada = user_with("urn:example:2.0:User", json!({"badge": 7}));
    ada["schemas"] = json!(schemas);
    story.get("/Users/1", 200, &ada);
}

fn refused_rename(story: &mut Story, read: &str) {
    acme(story, &[]);
    let globex = json!([{"op": "Replace", "path": "displayName", "value": "Globex"}]);
    story.refuse("/Groups/g", &globex, 409);
    story.get("/Groups/g", 200, &group("g", read, &[]));
}

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("accepted-payload", ENTRA, |s| s.refuse("/Groups/g", &rename(), 400),
        &[|s| s.refuse("/Groups/g", &rename(), 409), |s| s.refuse("/Groups/g", &rename(), 429)]),
    ("add-keeps-members", OKTA, |s| { acme(s, &["1"]); read_acme(s, &["1"]); s.patch("/Groups/g", &add("2")); read_acme(s, &["2"]); },
        &[|s| { acme(s, &["1"]); read_acme(s, &["1"]); s.patch("/Groups/g", &add("2")); read_acme(s, &["2", "1"]); }]),
    ("attribute-kept", OKTA, |s| { ada(s); s.get("/Users/1", 200, &user_with("externalId", Value::Null)); },
        &[|s| { ada(s); s.get("/Users/1", 200, &user("1", "ada")); }, |s| { ada(s); s.get("/Users/1?attributes=userName", 200, &json!({"id": "1", "userName": "ada@example.com"})); }]),
    ("boolean-type", ENTRA, |s| s.get("/Users/1", 200, &user_with("active", json!("True"))),
        &[|s| s.get("/Users/1", 200, &inactive()), |s| s.get("/Users/1", 200, &user_with("active", Value::Null))]),
    ("attributes-heeded", RFC, |s| s.get("/Users/1?attributes=userName", 200, &user("1", "ada")),
        &[|s| s.get("/Users/1?attributes=title", 200, &json!({"id": "1", "schemas": [], "userName": "a"})), |s| s.get("/Users/1", 200, &user("1", "ada"))]),
    ("challenge", RFC, |s| answered(s, Method::Get, "/Users", 401, &[SCIM], &error(401).to_string()),
        &[|s| answered(s, Method::Get, "/Users", 401, &[SCIM, ("WWW-Authenticate", "Bearer")], &error(401).to_string()), |s| s.get("/Users", 403, &error(403))]),
    ("conflict-justified", OKTA, |s| { ada(s); s.step(Method::Put, "/Users/1", Some(&user("1", "ada")), 409, Some(&error(409))); },
        &[|s| { ada(s); s.post("/Users", &user("", "ada"), 409, &error(409)); }, |s| { ada(s); s.checker.forget(); s.post("/Users", &user("", "eve"), 409, &error(409)); }]),
    ("conflict-keyword", OKTA, |s| refused_creation(s, 409, "scimType", Value::Null),
        &[|s| refused_creation(s, 409, "detail", json!("taken"))]),
    ("content-type", OKTA, |s| listed_as(s, "text/html", "*/*"),
        &[|s| listed_as(s, "Application/SCIM+JSON; charset=UTF-8", "*/*"), |s| answered(s, Method::Patch, "/Users/1", 204, &[], "")]),
    ("content-type-scim", OKTA, |s| listed_as(s, "application/json", "application/scim+json"),
        &[|s| listed_as(s, "application/json", "application/json"), |s| listed_as(s, "application/scim+json", "*/*")]),
    ("create-status", OKTA, |s| s.post("/Users", &user("", "ada"), 200, &user("1", "ada")), &[ada]),
    ("created-id", OKTA, |s| s.post("/Users", &user("", "ada"), 201, &user_with("id", json!(7))),
        &[ada, |s| s.post("/Users", &user("", "ada"), 409, &error(409))]),
    ("created-is-new", OKTA, answered_with_a_stranger, &[ada]),
    ("delete-status", OKTA, |s| s.delete("/Users/1", 200), &[|s| s.delete("/Users/1", 204), |s| s.delete("/Users/1", 404)]),
    ("deleted-is-gone", ENTRA, |s| { ada(s); s.delete("/Users/1", 204); s.get("/Users/1", 200, &user("1", "ada")); },
        &[|s| { ada(s); s.delete("/Users/1", 204); s.get("/Users/1", 404, &error(404)); }, |s| { ada(s); s.delete("/Users/1", 403); s.get("/Users/1", 200, &user("1", "ada")); }]),
    ("discovery-answers", ENTRA, |s| s.get("/Schemas", 404, &error(404)), &[|s| s.get("/Schemas", 401, &error(401)), |s| s.get("/Schemas", 429, &error(429))]),
    ("discovery-truth", ENTRA, |s| { s.get("/ServiceProviderConfig", 200, &json!({"patch": {"supported": false}})); s.patch("/Users/1", &rename()); },
        &[|s| { s.get("/ServiceProviderConfig", 200, &json!({"patch": {"supported": true}})); s.patch("/Users/1", &rename()); },
          |s| { s.get("/ServiceProviderConfig", 200, &json!({"patch": {"supported": false}})); s.refuse("/Users/1", &rename(), 405); }]),
    ("error-body", OKTA, |s| refused_creation(s, 400, "status", json!("404")),
        &[|s| refused_creation(s, 400, "scimType", json!("invalidValue")), |s| s.delete("/Users/1", 404)]),
    ("error-body-gateway", OKTA, |s| s.post("/Users", &user("", "ada"), 403, &json!({"error": "Not authorized"})),
        &[|s| s.post("/Users", &user("", "ada"), 403, &error(403))]),
    ("error-status", OKTA, |s| s.post("/Users", &user("", "ada"), 200, &error(409)),
        &[|s| s.post("/Users", &user("", "ada"), 409, &error(409)), |s| s.post("/Users", &user("", "ada"), 201, &user("1", "ada"))]),
    ("error-detail", OKTA, |s| refused_creation(s, 400, "detail", json!("")),
        &[|s| s.post("/Users", &user("", "ada"), 400, &error(400)), |s| refused_creation(s, 404, "detail", json!(""))]),
    ("etag-honest", OKTA, |s| { read_with(s, "\"1\"", &user("1", "ada")); read_with(s, "\"1\"", &user("1", "eve")); },
        &[|s| { read_with(s, "\"1\"", &user("1", "ada")); read_with(s, "\"2\"", &user("1", "eve")); }, |s| { read_with(s, "\"1\"", &user("1", "ada")); read_with(s, "\"2\"", &user("1", "ada")); }]),
    ("excluded-attributes", ENTRA, |s| s.get("/Groups/g?excludedAttributes=members", 200, &group("g", "Acme", &["1"])),
        &[|s| s.get("/Groups/g?excludedAttributes=members", 200, &group("g", "Acme", &[])), |s| read_acme(s, &["1"])]),
    ("filter-filters", ENTRA, |s| s.get(BY_NAME, 200, &list(&[user("2", "bob")])),
        &[|s| s.get(BY_NAME, 200, &list(&[user("1", "ada")])), |s| s.get(BY_OTHER_CASE, 200, &list(&[user("1", "ada")])), |s| s.get(BY_NAME, 200, &list(&[]))]),
    ("formatted-name", OKTA, |s| { ada(s); s.get("/Users/1", 200, &user_with("name", json!({"givenName": "Ada", "familyName": "Byron", "formatted": "Eve King"}))); },
        &[|s| { ada(s); s.get("/Users/1", 200, &user("1", "ada")); }, |s| { ada(s); s.get("/Users/1", 200, &user_with("name", json!({"givenName": "Ada", "familyName": "Byron", "formatted": "Byron, A."}))); }]),
    ("group-name-unique", OKTA, |s| { acme(s, &[]); s.post("/Groups", &group("", "Acme", &[]), 201, &group("h", "Acme", &[])); },
        &[|s| { acme(s, &[]); s.post("/Groups", &group("", "Acme", &[]), 409, &error(409)); }, |s| { acme(s, &[]); s.post("/Groups", &group("", "Bolt", &[]), 201, &group("h", "Bolt", &[])); }]),
    ("group-name-unique-entra", ENTRA, |s| { acme(s, &[]); s.post("/Groups", &group("", "acme", &[]), 201, &group("h", "acme", &[])); },
        &[|s| { acme(s, &[]); s.post("/Groups", &group("", "Acme", &[]), 409, &error(409)); }]),
    ("id-stable", ENTRA, |s| { ada(s); s.get("/Users/1", 200, &user("2", "ada")); },
        &[|s| { ada(s); s.get("/Users/1", 200, &user("1", "ada")); }, |s| { ada(s); s.delete("/Users/1", 204); s.post("/Users", &user("", "ada"), 201, &user("2", "ada")); }]),
    ("inactive-still-found", ENTRA, |s| { deactivate(s, &json!("False")); s.get(BY_NAME, 200, &list(&[])); },
        &[|s| { deactivate(s, &json!("False")); s.get(BY_NAME, 200, &list(&[inactive()])); }]),
    ("list-envelope", OKTA, |s| { let mut page = list(&[]); page["totalResults"] = json!("0"); s.get("/Users", 200, &page); },
        &[|s| s.get("/Users", 200, &list(&[])), |s| s.get("/Users?count=0", 200, &odd_page(7, &[]))]),
    ("location", ENTRA, |s| created_at(s, None), &[|s| created_at(s, Some("http://a.example/Users/1")), |s| created_at(s, Some("/Users/1"))]),
    ("lookup-finds", ENTRA, |s| { ada(s); s.get(BY_NAME, 200, &list(&[])); },
        &[|s| { ada(s); s.get(BY_NAME, 200, &list(&[user("1", "ada")])); }, |s| s.get(BY_NAME, 200, &list(&[]))]),
    ("lookup-ignores-case", ENTRA, |s| { ada(s); s.get(BY_OTHER_CASE, 200, &list(&[])); }, &[|s| { ada(s); s.get(BY_OTHER_CASE, 200, &list(&[user("1", "ada")])); }]),
    ("lookup-miss", ENTRA, |s| s.get(BY_NAME, 404, &error(404)), &[|s| s.get(BY_NAME, 200, &list(&[])), |s| s.get("/Groups?startIndex=1&count=100", 404, &error(404))]),
    ("lookup-total", OKTA, |s| { let mut answer = list(&[user("1", "ada")]); answer["totalResults"] = json!(4); s.get(BY_NAME, 200, &answer); },
        &[|s| s.get(BY_NAME, 200, &list(&[user("1", "ada")])), |s| s.get("/Users?startIndex=1&count=1", 200, &odd_page(3, &["a"]))]),
    ("member-not-doubled", OKTA, |s| read_acme(s, &["1", "1"]), &[|s| read_acme(s, &["1", "2"])]),
    ("members-stored", OKTA, |s| { acme(s, &["1", "2"]); read_acme(s, &["1"]); },
        &[|s| { acme(s, &["1", "2"]); read_acme(s, &["2", "1"]); }, |s| { acme(s, &["1"]); read_acme(s, &["1", "9"]); }]),
    ("one-removed-member", ENTRA, |s| { acme(s, &["1", "2"]); s.patch("/Groups/g", &remove("1")); read_acme(s, &[]); },
        &[|s| { acme(s, &["1", "2"]); s.patch("/Groups/g", &remove("1")); read_acme(s, &["2"]); }, |s| { acme(s, &["1"]); s.refuse("/Groups/g", &remove("1"), 404); read_acme(s, &["1"]); }]),
    ("one-element", ENTRA, |s| mailed_again(s, &["ada@example.com", "new@example.com"]),
        &[|s| mailed_again(s, &["new@example.com"]), |s| { ada(s); s.get("/Users/1", 200, &user_with("emails", json!([{"type": "work", "value": "a"}, {"type": "work", "value": "b"}]))); }]),
    ("created-kept", RFC, |s| changed_over_time(s, &at("created", 1), &at("created", 2)),
        &[|s| changed_over_time(s, &at("created", 1), &at("created", 1)), |s| changed_over_time(s, &at("created", 1), &json!({}))]),
    ("cursor-walk", RFC, |s| paged(s, ["1", "1"]), &[|s| paged(s, ["1", "2"])]),
    ("extension-listed", RFC, |s| extended(s, &["urn:ietf:params:scim:schemas:core:2.0:User"]),
        &[|s| extended(s, &["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:2.0:User"])]),
    ("last-modified", RFC, |s| changed_over_time(s, &at("lastModified", 1), &at("lastModified", 1)),
        &[|s| changed_over_time(s, &at("lastModified", 1), &at("lastModified", 3)), |s| changed_over_time(s, &at("lastModified", 3), &at("lastModified", 3))]),
    ("put-replaces", RFC, |s| replaced(s, &["a", "b"]), &[|s| replaced(s, &["a"])]),
    ("resource-type", RFC, |s| s.get("/Users/1", 200, &user_with("meta", json!({"resourceType": "Users"}))),
        &[|s| s.get("/Users/1", 200, &user_with("meta", json!({"resourceType": "User"}))), |s| s.get("/Users/1", 200, &user("1", "ada"))]),
    ("single-primary", RFC, |s| s.get("/Users/1", 200, &user_with("emails", json!([{"value": "a", "primary": true}, {"value": "b", "primary": true}]))),
        &[|s| s.get("/Users/1", 200, &user_with("emails", json!([{"value": "a", "primary": true}, {"value": "b", "primary": false}])))]),
    ("sorted", RFC, |s| sorted(s, &["bob", "ada"]), &[|s| sorted(s, &["ada", "bob"]), |s| s.get("/Users?sortBy=userName", 200, &list(&[user("2", "bob"), user("1", "ada")]))]),
    ("own-schema", ENTRA, |s| own_schema(s, "complex"), &[|s| own_schema(s, "string"), |s| own_schema(s, "of-nobody")]),
    ("paging", OKTA, |s| s.get("/Users?startIndex=1&count=2", 200, &odd_page(3, &["a", "b", "c"])),
        &[|s| s.get("/Users?startIndex=1&count=2", 200, &odd_page(3, &["a", "b"])), |s| s.get("/Users?startIndex=1&count=200", 200, &odd_page(3, &["a"]))]),
    ("password-returned", OKTA, |s| s.get("/Users/1", 200, &user_with("password", json!("x7!kQ2pz"))),
        &[|s| s.post("/Users", &user_with("password", json!("x7!kQ2pz")), 201, &user("1", "ada")), |s| s.get("/Users/1", 200, &user_with("password", Value::Null))]),
    ("pathless-active", OKTA, |s| { disable_without_path(s); s.get("/Users/1", 200, &user("1", "ada")); },
        &[|s| { disable_without_path(s); s.get("/Users/1", 200, &inactive()); }]),
    ("precondition-heeded", OKTA, |s| versioned_write(s, "\"6\""), &[|s| versioned_write(s, "\"7\""), |s| versioned_write(s, "W/\"7\""), |s| versioned_write(s, "*")]),
    ("read-back", OKTA, |s| { ada(s); s.get("/Users/1", 200, &inactive()); },
        &[|s| { ada(s); s.get("/Users/1", 200, &user("1", "ada")); }, |s| { ada(s); s.get("/Users/1", 200, &user_with("nickName", json!("a"))); }]),
    ("read-back-profile", OKTA, |s| { ada(s); s.get("/Users/1", 200, &user_with("externalId", json!("x"))); }, &[|s| { ada(s); s.get("/Users/1", 200, &user("1", "ada")); }]),
    ("refused-changes-nothing", OKTA, |s| refused_rename(s, "Globex"), &[|s| refused_rename(s, "Acme")]),
    ("rename-keeps-members", OKTA, |s| { acme(s, &["1"]); read_acme(s, &["1"]); s.patch("/Groups/g", &rename()); read_acme(s, &[]); },
        &[|s| { acme(s, &["1"]); read_acme(s, &["1"]); s.patch("/Groups/g", &rename()); read_acme(s, &["1"]); }]),
    ("repeat-taken", OKTA, |s| { s.patch("/Groups/g", &add("1")); s.refuse("/Groups/g", &add("1"), 400); },
        &[|s| { s.patch("/Groups/g", &add("1")); s.patch("/Groups/g", &add("1")); }, |s| { s.patch("/Groups/g", &add("1")); s.refuse("/Groups/g", &add("1"), 404); }]),
    ("resource-id", ENTRA, |s| s.get("/Users/1", 200, &user_with("id", json!(""))), &[|s| s.get("/Users/1", 200, &user("1", "ada"))]),
    ("resource-schema", ENTRA, |s| s.get("/Users/1", 200, &user_with("title", json!(7))),
        &[|s| s.get("/Users/1", 200, &user_with("title", Value::Null)), |s| s.get("/Users/1", 200, &user_with("favouriteColour", json!(7))), |s| s.get("/Users?count=2", 200, &list(&[user_with("title", json!(7))]))]),
    ("resource-schemas", ENTRA, |s| s.get("/Users/1", 200, &user_with("schemas", json!([]))),
        &[|s| s.get("/Users/1", 200, &user("1", "ada")), |s| s.get("/Users/1?attributes=userName", 200, &json!({"id": "1", "userName": "a"}))]),
    ("string-boolean", ENTRA, |s| { deactivate(s, &json!("False")); s.get("/Users/1", 200, &user("1", "ada")); },
        &[|s| { deactivate(s, &json!("False")); s.get("/Users/1", 200, &inactive()); }, |s| { deactivate(s, &json!(false)); s.get("/Users/1", 200, &inactive()); }]),
    ("unnamed-kept", ENTRA, |s| titled_and_disabled(s, Value::Null),
        &[|s| titled_and_disabled(s, json!("Countess")), |s| { ada(s); s.get("/Users/1", 200, &user_with("title", json!("Countess"))); s.patch("/Users/1", &json!([{"op": "remove", "path": "title"}])); s.get("/Users/1", 200, &user("1", "ada")); }]),
    ("user-groups", OKTA, |s| { ada(s); acme(s, &["1"]); s.get("/Users/1", 200, &user_with("groups", json!([]))); read_acme(s, &["1"]); },
        &[|s| { ada(s); acme(s, &["1"]); s.get("/Users/1", 200, &user("1", "ada")); read_acme(s, &["1"]); }, |s| { ada(s); acme(s, &["1"]); s.get("/Users/1", 200, &user_with("groups", json!([{"value": "g"}]))); read_acme(s, &["1"]); }]),
    ("user-name-unique", OKTA, |s| { ada(s); s.post("/Users", &user("", "ada"), 201, &user("2", "ada")); },
        &[|s| { ada(s); s.post("/Users", &user("", "ada"), 409, &error(409)); }, |s| { ada(s); s.delete("/Users/1", 204); s.post("/Users", &user("", "ada"), 201, &user("2", "ada")); }]),
    ("version-kept", OKTA, |s| added_again(s, "W/\"2\""), &[|s| added_again(s, "W/\"1\"")]),
    ("whole-answer", OKTA, |s| s.timeout(Method::Get, "/Users"), &[|s| s.broken(Method::Get, "/Users", Answer::Failed(TransportError::Connect("refused".to_owned())))]),
    ("write-answer", OKTA, |s| { s.post("/Users", &user("", "ada"), 201, &inactive()); s.get("/Users/1", 200, &user("1", "ada")); },
        &[|s| { ada(s); s.get("/Users/1", 200, &user("1", "ada")); }, |s| { s.post("/Users", &user("", "ada"), 201, &json!({"id": "1", "schemas": []})); s.get("/Users/1", 200, &user("1", "ada")); },
          |s| { s.post("/Users", &user("", "ada"), 201, &user_with("title", Value::Null)); s.get("/Users/1", 200, &user_with("locale", json!("en"))); }]),
    ("write-status", OKTA, |s| s.step(Method::Put, "/Users/1", Some(&user("1", "ada")), 204, None),
        &[|s| s.patch("/Users/1", &rename()), |s| s.put("/Users/1", &user("1", "ada"), 200, &user("1", "ada"))]),
];

#[test]
fn every_requirement_has_both_columns() {
    let rows: BTreeSet<&str> = TABLE.iter().map(|(id, ..)| *id).collect();
    let rules = rules::all();
    let all: BTreeSet<&str> =
        rules.iter().flat_map(|rule| rule.requirements()).map(|requirement| requirement.id).collect();
    assert_eq!(rows, all, "a new rule has to be shown to fire, and to stay silent");
    assert!(TABLE.iter().all(|(_, _, _, silent)| !silent.is_empty()));
}

#[test]
fn each_fires_and_stays_silent() {
    let play = |client: ClientName, act: Act| {
        let mut story = Story::new(client);
        act(&mut story);
        story
    };
    for (id, client, fires, silent) in TABLE {
        let story = play(*client, *fires);
        assert_eq!(story.raised(id).len(), 1, "{id}: {:?}", story.said());
        for (number, act) in silent.iter().enumerate() {
            let story = play(*client, *act);
            assert!(story.raised(id).is_empty(), "{id}, answer {}: {:?}", number + 1, story.said());
        }
    }
}
