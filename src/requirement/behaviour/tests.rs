//! The lines of the behaviour card, each with what shows it and what says nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::OBSERVED;
use crate::idp::ClientName;
use crate::requirement::tests::story::{Story, error, group, list, user, user_with};
use crate::wire::{Answer, Method, Purpose, Response};

fn shown(story: &Story, behaviour: &str) -> Vec<String> {
    let all = story.checker.observed().iter();
    all.filter(|observed| observed.behaviour == behaviour).map(|observed| observed.shows.clone()).collect()
}

/// Ada is there, and a group that she is in.
fn story() -> Story {
    let mut story = Story::new(ClientName::Entra);
    story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
    story.post("/Groups", &group("", "Acme", &["1"]), 201, &group("g", "Acme", &["1"]));
    story
}

const BY_NAME: &str = "/Users?filter=userName%20eq%20%22ada@example.com%22";

#[test]
fn patch_answers() {
    let rows = [(204, None, "204"), (200, Some(user("1", "ada")), "200"), (200, None, "200 without a body")];
    for (status, answer, shows) in rows {
        let mut story = story();
        let sent = json!({"Operations": [{"op": "replace", "path": "active", "value": true}]});
        story.step(Method::Patch, "/Users/1", Some(&sent), status, answer.as_ref());
        assert_eq!(shown(&story, "patch-answer"), [shows]);
    }
    let mut refused = story();
    refused.refuse("/Users/1", &json!([{"op": "replace", "value": {"active": true}}]), 400);
    assert_eq!(shown(&refused, "patch-answer"), [""; 0]);
}

#[test]
fn members_in_answers_and_in_lists() {
    for (answer, shows) in [(group("g", "Acme", &["1"]), "shown"), (group("g", "Acme", &[]), "left out")] {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Groups", &group("", "Acme", &["1"]), 201, &answer);
        assert_eq!(shown(&story, "members-in-answers"), [shows]);
        story.get("/Groups?startIndex=1&count=10", 200, &list(std::slice::from_ref(&answer)));
        assert_eq!(shown(&story, "members-in-lists"), [shows]);
        // Where it was asked to leave them out, it says nothing.
        let mut story = self::story();
        story.get("/Groups?excludedAttributes=members", 200, &list(&[answer]));
        assert_eq!(shown(&story, "members-in-lists"), [""; 0]);
    }
}

#[test]
fn the_limit_of_a_page() {
    let page = |total: u64, held: usize| {
        let mut page = list(&vec![user("1", "ada"); held]);
        page["totalResults"] = json!(total);
        page
    };
    for (target, answer, shows) in [
        ("/Users?startIndex=1&count=200", page(500, 100), &["100"][..]),
        ("/Users?startIndex=401&count=200", page(500, 100), &[]),
        ("/Users?startIndex=1&count=100", page(500, 100), &[]),
        ("/Users?startIndex=1&count=200", page(3, 3), &[]),
        ("/Users", page(500, 20), &[]),
        ("/Users?startIndex=1&count=0", page(500, 0), &[]),
    ] {
        let mut story = story();
        story.get(target, 200, &answer);
        assert_eq!(shown(&story, "page-limit"), shows, "{target}");
    }
}

#[test]
fn versions() {
    for (header, meta, shows) in
        [(Some("W/\"1\""), None, "weak"), (None, Some("\"1\""), "strong"), (None, None, "none")]
    {
        let mut story = Story::new(ClientName::OktaOin);
        let body = user_with("meta", json!({"version": meta}));
        let exchange = Story::exchange(Method::Get, "/Users/1", None, 200, Some(&body));
        let mut exchange = Arc::unwrap_or_clone(exchange);
        let mut headers = vec![("Content-Type".to_owned(), "application/scim+json".to_owned())];
        headers.extend(header.map(|version| ("ETag".to_owned(), version.to_owned())));
        exchange.answer = Answer::Response(Response::new(200, headers, body.to_string()));
        story.observe(&Arc::new(exchange));
        assert_eq!(shown(&story, "etag"), [shows]);
    }
}

#[test]
fn filters_that_are_served_ignored_and_refused() {
    let mut story = story();
    story.get(BY_NAME, 200, &list(&[user("1", "ada")]));
    story.get("/Users?filter=USERNAME%20eq%20%22ada@example.com%22", 200, &list(&[user("1", "ada")]));
    story.get("/Users?filter=externalId%20eq%20%22x%22", 400, &error(400));
    story.get("/Users?filter=externalId%20eq%20%22x%22", 403, &error(403));
    story.get("/Groups?filter=displayName%20eq%20%22Bolt%22", 200, &list(&[group("g", "Acme", &[])]));
    assert_eq!(shown(&story, "filter"), ["users: userName eq", "groups: displayName eq, ignored"]);
    assert_eq!(shown(&story, "filter-refused"), ["users: externalId eq 400"]);
    let first = story.checker.observed().iter().find(|observed| observed.behaviour == "filter").unwrap();
    assert_eq!(first.request, "GET /Users?… → 200");
}

#[test]
fn a_lookup_of_somebody_inactive() {
    for (answer, shows) in [(list(&[user_with("active", json!(false))]), "found"), (list(&[]), "not found")] {
        let mut story = story();
        story.get(BY_NAME, 200, &list(&[user("1", "ada")]));
        assert_eq!(shown(&story, "lookup-of-inactive"), [""; 0]);
        story.patch("/Users/1", &json!([{"op": "replace", "path": "active", "value": false}]));
        story.get(BY_NAME, 200, &answer);
        assert_eq!(shown(&story, "lookup-of-inactive"), [shows]);
    }
}

#[test]
fn the_case_of_names() {
    let other_case = "/Users?filter=userName%20eq%20%22ADA@example.com%22";
    for (answer, shows) in
        [(list(&[user("1", "ada")]), "users: any case (lookup)"), (list(&[]), "users: exact (lookup)")]
    {
        let mut story = story();
        story.get(other_case, 200, &answer);
        assert_eq!(shown(&story, "name-case"), [shows]);
    }
    for (status, answer, shows) in [
        (409, error(409), "groups: any case (creation)"),
        (201, group("h", "ACME", &[]), "groups: exact (creation)"),
        // It is the group that was there.
        (201, group("g", "ACME", &[]), "groups: any case (creation)"),
        (200, group("g", "Acme", &["1"]), "groups: any case (creation)"),
    ] {
        let mut story = story();
        story.post("/Groups", &group("", "ACME", &[]), status, &answer);
        assert_eq!(shown(&story, "name-case"), [shows]);
    }
    // Something else of it is taken.
    let mut story = story();
    let with_id = |id: &str, name: &str| {
        let mut group = group(id, name, &[]);
        group["externalId"] = json!("x-1");
        group
    };
    story.post("/Groups", &with_id("", "Bolt"), 201, &with_id("b", "Bolt"));
    story.post("/Groups", &with_id("", "BOLT"), 409, &error(409));
    assert_eq!(shown(&story, "name-case"), [""; 0]);
    // The same name, and one that differs by more than case, say nothing.
    for name in ["Acme", "Acme "] {
        let mut story = self::story();
        story.post("/Groups", &group("", name, &[]), 409, &error(409));
        assert_eq!(shown(&story, "name-case"), [""; 0], "{name}");
    }
}

#[test]
fn a_read_after_a_deletion() {
    for (status, answer, shows) in [
        (404, error(404), "404"),
        (200, user_with("active", json!(false)), "200, inactive"),
        (200, user("1", "ada"), "200"),
    ] {
        let mut story = story();
        story.get("/Users/1", 200, &user("1", "ada"));
        story.delete("/Users/1", 204);
        story.get("/Users/1", status, &answer);
        assert_eq!(shown(&story, "after-deletion"), [shows]);
    }
}

#[test]
fn what_cleans_up_is_nobodys_behaviour() {
    let mut story = Story::new(ClientName::OktaOin);
    story.purpose = Purpose::Cleanup;
    story.get(BY_NAME, 200, &list(&[]));
    assert!(story.checker.observed().is_empty());
}

/// The list is what cards can show, no more and no less.
#[test]
fn the_list_is_whole() {
    let mut story = story();
    story.get("/Groups?startIndex=1&count=10", 200, &list(&[group("g", "Acme", &["1"])]));
    let mut page = list(&[user("1", "ada")]);
    page["totalResults"] = json!(500);
    story.get("/Users?startIndex=1&count=200", 200, &page);
    story.get("/Users?filter=externalId%20eq%20%22x%22", 400, &error(400));
    story.get("/Users?filter=userName%20eq%20%22ADA@example.com%22", 200, &list(&[]));
    story.patch("/Users/1", &json!([{"op": "replace", "path": "active", "value": false}]));
    story.get(BY_NAME, 200, &list(&[user_with("active", json!(false))]));
    story.delete("/Users/1", 204);
    story.get("/Users/1", 404, &error(404));
    let seen: BTreeSet<&str> = story.checker.observed().iter().map(|observed| observed.behaviour).collect();
    assert_eq!(seen, OBSERVED.iter().map(|(behaviour, _)| *behaviour).collect());
}
