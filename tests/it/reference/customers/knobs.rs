//! Knobs that only profiles turn elsewhere, each turned alone: what it says changes, and nothing else has to.

use scimsnap::reference::{Defects, Knobs, Profile};
use serde_json::{Value, json};

use crate::reference::endpoint::{Endpoint, group_body, id, user_body};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// Customer provisioning with one knob turned.
async fn with(name: &str, value: &str) -> Endpoint {
    Endpoint::with_knobs(&[(name, value)]).await
}

/// A plain endpoint with one knob turned.
async fn plain_with(name: &str, value: &str) -> Endpoint {
    let mut knobs = Knobs::of(Profile::Rfc);
    knobs.set(name, value).unwrap();
    Endpoint::set_up(Profile::Rfc, knobs, Defects::default()).await
}

#[tokio::test]
async fn paths_that_are_there_only_where_a_knob_has_them() {
    let search = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]});
    let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": []});
    for (knob, method, path, body, status) in [
        ("search", "POST", "/.search", Some(search.clone()), 200),
        ("search", "POST", "/Users/.search", Some(search), 200),
        ("search", "GET", "", None, 200),
        ("bulk", "POST", "/Bulk", Some(bulk), 200),
        ("me", "GET", "/Me", None, 501),
        ("version_in_path", "GET", "/v2/Users", None, 200),
    ] {
        let on = with(knob, "true").await.scim(method, path, body.clone()).await;
        assert_eq!(on.status, status, "{knob} {path}: {}", on.text);
        let off = plain_with(knob, "false").await.scim(method, path, body).await;
        assert!([404, 405].contains(&off.status), "{knob} {path}: {}", off.text);
    }
}

#[tokio::test]
async fn what_the_service_provider_says_of_itself_follows_the_knobs() {
    for (knob, feature) in [("bulk", "bulk"), ("sort", "sort"), ("etag", "etag")] {
        let supported = async |endpoint: Endpoint| {
            endpoint.get("/ServiceProviderConfig").await.expect(200)[feature]["supported"].clone()
        };
        assert_eq!(supported(with(knob, "true").await).await, true, "{knob}");
        assert_eq!(supported(plain_with(knob, "false").await).await, false, "{knob}");
    }
}

#[tokio::test]
async fn a_list_is_read_by_cursor_where_the_knob_has_that() {
    let endpoint = with("page.cursor", "true").await;
    for name in ["ada", "bob"] {
        endpoint.user(name).await;
    }
    let first = endpoint.get("/Users?cursor&count=1").await.expect(200);
    let next = first["nextCursor"].as_str().unwrap();
    let second = endpoint.get(&format!("/Users?cursor={next}&count=1")).await.expect(200);
    assert_ne!(first["Resources"][0]["id"], second["Resources"][0]["id"]);
    let off = plain_with("page.cursor", "false").await;
    assert_eq!(off.get("/Users?cursor=junk").await.expect(200)["startIndex"], 1);
}

#[tokio::test]
async fn a_wrong_key_is_answered_as_the_knob_says() {
    let status = async |endpoint: Endpoint| {
        let path = format!("{}/Users", endpoint.access.scim_path);
        endpoint.raw("GET", &path, &[("Authorization", "Bearer wrong")], "").await.status
    };
    assert_eq!(status(with("wrong_key", "401").await).await, 401);
    assert_eq!(status(plain_with("wrong_key", "403").await).await, 403);
}

#[tokio::test]
async fn requests_are_read_leniently_or_strictly_whatever_the_profile() {
    let mut odd = user_body("ada");
    odd["active"] = json!("True");
    with("requests", "strict").await.post("/Users", odd.clone()).await.refused(400, "invalidValue");
    let made = plain_with("requests", "lenient").await.post("/Users", odd).await.expect(201);
    assert_eq!(made["active"], true);
}

#[tokio::test]
async fn an_address_is_required_where_the_knob_says_so() {
    let body = json!({"schemas": [USER], "userName": "ada"});
    with("emails.required", "false").await.post("/Users", body.clone()).await.expect(201);
    plain_with("emails.required", "true").await.post("/Users", body).await.refused(400, "invalidValue");
}

#[tokio::test]
async fn names_of_groups_are_bounded_and_their_own_where_the_knobs_say_so() {
    let long = "x".repeat(201);
    let endpoint = with("group_name.max", "none").await;
    endpoint.group(&long, &[]).await;
    let endpoint = plain_with("group_name.max", "3").await;
    endpoint.group("abc", &[]).await;
    endpoint.post("/Groups", group_body("abcd", &[])).await.refused(400, "invalidValue");
    let endpoint = with("group_name.unique", "false").await;
    assert_ne!(endpoint.group("Acme", &[]).await, endpoint.group("Acme", &[]).await);
    let endpoint = plain_with("group_name.unique", "true").await;
    endpoint.group("Acme", &[]).await;
    endpoint.post("/Groups", group_body("acme", &[])).await.refused(409, "uniqueness");
}

#[tokio::test]
async fn default_groups_are_those_that_the_knob_names() {
    let endpoint = with("default_groups", "Everyone").await;
    let ada = endpoint.user("ada").await;
    endpoint.group("Everyone", &[&ada]).await;
    endpoint.group("Acme", &[&ada]).await;
    assert_eq!(endpoint.outcome().await, ["Acme (synced): ada", "ada"]);
}

#[tokio::test]
async fn what_users_and_members_show_of_themselves_is_a_knob() {
    let shown = async |endpoint: Endpoint| {
        let user = endpoint.post("/Users", user_body("ada")).await.expect(201);
        let mut body = group_body("Acme", &[]);
        body["members"] = json!([{"value": id(&user), "display": "the countess"}]);
        let group = endpoint.post("/Groups", body).await.expect(201);
        let extended = user.get("urn:scim:schemas:extension:atlassian-external:1.0").is_some();
        (extended, group["members"][0]["display"].as_str().unwrap_or_default().to_owned())
    };
    let own = || "ada@example.com".to_owned();
    let sent = || "the countess".to_owned();
    assert_eq!(shown(with("atlassian_extension", "false").await).await, (false, own()));
    assert_eq!(shown(plain_with("atlassian_extension", "true").await).await, (true, sent()));
    assert_eq!(shown(with("member_display", "as_sent").await).await, (true, sent()));
    assert_eq!(shown(plain_with("member_display", "userName").await).await, (false, own()));
}

#[tokio::test]
async fn an_unknown_member_is_refused_left_out_or_kept() {
    let members = async |value: &str| {
        let endpoint = with("unknown_member", value).await;
        let group = endpoint.group("Acme", &[]).await;
        let add = json!([{"op": "add", "path": "members", "value": [{"value": "nobody"}]}]);
        let answer = endpoint.patch(&format!("/Groups/{group}"), add).await;
        (answer.status, answer.json().get("members").cloned().unwrap_or_default())
    };
    assert_eq!(members("reject").await.0, 404);
    assert_eq!(members("ignore").await, (200, json!([])));
    let (status, kept) = members("keep").await;
    assert_eq!((status, &kept[0]["value"]), (200, &Value::from("nobody")));
}
