//! What is refused, and with which `scimType` (RFC 7644 §3.12, table 9; RFC 9865 §2.1), by the profile `rfc`.

use scimsnap::reference::Profile;
use serde_json::{Value, json};

use crate::reference::endpoint::{Endpoint, group_body, id, user_body};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// An endpoint with a user and a group of that one, and the paths of both.
async fn plain() -> (Endpoint, String, String) {
    let endpoint = Endpoint::of(Profile::Rfc).await;
    let user = endpoint.user("ada").await;
    let group = endpoint.group("Acme", &[&user]).await;
    (endpoint, format!("/Users/{user}"), format!("/Groups/{group}"))
}

async fn state(endpoint: &Endpoint) -> Value {
    json!([endpoint.get("/Users").await.expect(200), endpoint.get("/Groups").await.expect(200)])
}

#[tokio::test]
async fn a_secret_may_not_stand_in_a_url_and_cannot_be_searched_for() {
    let (endpoint, ..) = plain().await;
    for filter in [
        "password%20eq%20%22secret%22",
        "PASSWORD%20pr",
        "userName%20eq%20%22ada%22%20or%20not%20(password%20sw%20%22s%22)",
        "urn:ietf:params:scim:schemas:core:2.0:User:password%20pr",
    ] {
        for path in ["/Users", "/"] {
            endpoint.get(&format!("{path}?filter={filter}")).await.refused(403, "sensitive");
        }
    }
    let search = json!({"schemas": [SEARCH], "filter": "password eq \"secret\""});
    endpoint.post("/Users/.search", search).await.refused(400, "invalidFilter");
    assert_eq!(endpoint.get("/Groups?filter=password%20pr").await.expect(200)["totalResults"], 0);
    let customers = Endpoint::start().await;
    customers.get("/Users?filter=password%20pr").await.refused(400, "invalidFilter");
}

#[tokio::test]
async fn a_filter_that_finds_too_much_is_refused_where_the_knob_says_how_much_that_is() {
    let (endpoint, ..) = plain().await;
    endpoint.user("bob").await;
    endpoint.reference.set_knob(&endpoint.access.site, "filter_max", "1").unwrap();
    endpoint.get("/Users?filter=userName%20pr&count=1").await.refused(400, "tooMany");
    endpoint.get("/?filter=id%20pr").await.refused(400, "tooMany");
    let one = endpoint.get("/Users?filter=userName%20sw%20%22ada%22").await.expect(200);
    assert_eq!(one["totalResults"], 1);
    assert_eq!(endpoint.get("/Users").await.expect(200)["totalResults"], 2);
}

#[tokio::test]
async fn the_protocols_version_may_stand_in_the_path_and_another_one_is_refused() {
    let (endpoint, user, _) = plain().await;
    let read = endpoint.get(&format!("/v2{user}")).await.expect(200);
    let location = read["meta"]["location"].as_str().unwrap();
    assert_eq!(location, format!("{}{}/v2{user}", endpoint.origin(), endpoint.access.scim_path));
    let made = endpoint.post("/v2/Users", user_body("bob")).await;
    assert_eq!(
        made.header("location").map(str::to_owned),
        made.expect(201)["meta"]["location"].as_str().map(str::to_owned)
    );
    endpoint.get("/v2/ServiceProviderConfig").await.expect(200);
    let before = state(&endpoint).await;
    for version in ["v1", "v3", "v2.0", "v1.1"] {
        endpoint.get(&format!("/{version}/Users")).await.refused(400, "invalidVers");
        endpoint.post(&format!("/{version}/Users"), user_body("eve")).await.refused(400, "invalidVers");
        endpoint.delete(&format!("/{version}{user}")).await.refused(400, "invalidVers");
    }
    for path in ["/V2/Users", "/v/Users", "/v2/v2/Users", "/vtwo/Users", "/v2"] {
        assert_ne!(endpoint.get(path).await.status, 400, "{path}");
    }
    assert_eq!(state(&endpoint).await, before);
    let customers = Endpoint::start().await;
    for version in ["v1", "v2"] {
        customers.get(&format!("/{version}/Users")).await.expect(404);
    }
}

#[tokio::test]
async fn what_cannot_be_compared_is_an_invalid_filter() {
    let (endpoint, ..) = plain().await;
    for filter in [
        "active gt true",
        "active eq \"true\"",
        "userName gt null",
        "x509Certificates.value ge \"aGk=\"",
        "meta.created gt \"yesterday\"",
        "meta.lastModified eq \"\"",
    ] {
        let filter = filter.replace(' ', "%20").replace('"', "%22");
        endpoint.get(&format!("/Users?filter={filter}")).await.refused(400, "invalidFilter");
    }
    for filter in [
        "meta.created gt \"2020-01-01T00:00:00%2B02:00\"",
        "meta.created ge \"2020-01-01\"",
        "meta.created sw \"20\"",
        "meta.created le \"2999-01-01T00:00:00\"",
    ] {
        let filter = filter.replace(' ', "%20").replace('"', "%22");
        let found = endpoint.get(&format!("/Users?filter={filter}")).await.expect(200);
        assert_eq!(found["totalResults"], 1, "{filter}");
    }
}

#[tokio::test]
async fn values_that_no_schema_allows_are_refused() {
    let (endpoint, user, group) = plain().await;
    let before = state(&endpoint).await;
    let certificate = |value: &str| {
        let mut body = user_body("bob");
        body["x509Certificates"] = json!([{"value": value}]);
        body
    };
    endpoint.post("/Users", certificate("no base64!")).await.refused(400, "invalidValue");
    for path in [&user, &group] {
        for op in ["add", "replace"] {
            let operation = json!([{"op": op, "path": "schemas", "value": ["urn:example:nothing"]}]);
            endpoint.patch(path, operation).await.refused(400, "invalidValue");
        }
    }
    assert_eq!(state(&endpoint).await, before);
    endpoint.post("/Users", certificate("aGk=")).await.expect(201);
}

#[tokio::test]
async fn a_body_may_name_schemas_that_the_kind_has_not() {
    let (endpoint, user, group) = plain().await;
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let naming = |mut body: Value| {
        let more = [json!("urn:scim:schemas:core:1.0"), json!(enterprise), json!("nonsense")];
        body["schemas"].as_array_mut().unwrap().extend(more);
        Some(body)
    };
    for (method, path, body, listed) in [
        ("POST", "/Users", user_body("bob"), vec![USER, enterprise]),
        ("PUT", user.as_str(), user_body("ada"), vec![USER, enterprise]),
        ("POST", "/Groups", group_body("Beta", &[]), vec![GROUP]),
        ("PUT", group.as_str(), group_body("Acme", &[]), vec![GROUP]),
    ] {
        let answer = endpoint.scim(method, path, naming(body)).await;
        assert_eq!(answer.json()["schemas"], json!(listed), "{}", answer.text);
    }
    // Read leniently, what no schema knows is kept.
    let customers = Endpoint::start().await;
    let made = customers.scim("POST", "/Users", naming(user_body("bob"))).await.expect(201);
    assert!(made["schemas"].as_array().unwrap().contains(&json!("nonsense")), "{made}");
}

#[tokio::test]
async fn a_member_is_added_and_removed_and_not_changed() {
    let (endpoint, user, group) = plain().await;
    let ada = user.trim_start_matches("/Users/");
    let before = state(&endpoint).await;
    let selected = format!("members[value eq \"{ada}\"]");
    for (operation, scim_type) in [
        (json!({"op": "replace", "path": format!("{selected}.value"), "value": "x"}), "mutability"),
        (json!({"op": "add", "path": format!("{selected}.display"), "value": "x"}), "mutability"),
        (json!({"op": "replace", "path": "members.type", "value": "Group"}), "mutability"),
        (json!({"op": "replace", "path": format!("{selected}.shoe"), "value": "x"}), "invalidPath"),
        (json!({"op": "remove", "path": "members", "value": [{"value": ada}]}), "invalidSyntax"),
        (json!({"op": "add", "path": "members", "value": [ada]}), "invalidValue"),
        (json!({"op": "add", "path": "members", "value": [{"display": "x"}]}), "invalidValue"),
    ] {
        endpoint.patch(&group, json!([operation])).await.refused(400, scim_type);
    }
    let mut body = group_body("Beta", &[]);
    body["members"] = json!([ada]);
    endpoint.post("/Groups", body.clone()).await.refused(400, "invalidValue");
    assert_eq!(state(&endpoint).await, before);
    let customers = Endpoint::start().await;
    body["members"] = json!([customers.user("ada").await]);
    customers.post("/Groups", body).await.expect(201);
}

#[tokio::test]
async fn nothing_of_discovery_is_filtered() {
    let (endpoint, ..) = plain().await;
    for path in ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas"] {
        let refused = endpoint.get(&format!("{path}?filter=id%20pr")).await;
        assert_eq!(refused.expect(403)["status"], "403", "{path}");
        // RFC 7644 §4: other parameters are ignored.
        let whole = endpoint.get(path).await.expect(200);
        let asked = endpoint.get(&format!("{path}?attributes=id&startIndex=2&count=1&sortBy=id")).await;
        assert_eq!(asked.expect(200), whole, "{path}");
    }
}

#[tokio::test]
async fn what_only_the_service_provider_says_is_ignored_in_a_body() {
    let (endpoint, user, _) = plain().await;
    let mut body = user_body("bob");
    body["id"] = json!("mine");
    body["groups"] = json!([{"value": "mine"}]);
    body["meta"] = json!({"created": "1999-01-01T00:00:00Z", "version": "mine", "location": "mine"});
    body["password"] = json!("secret");
    let made = endpoint.post("/Users", body.clone()).await.expect(201);
    assert_ne!(made["id"], "mine");
    assert_eq!(made["groups"], json!([]));
    assert!(!made.to_string().contains("mine") && made.get("password").is_none(), "{made}");
    let path = format!("/Users/{}", id(&made));
    let put = endpoint.put(&path, body).await.expect(200);
    assert_eq!((&put["id"], &put["meta"]["created"]), (&made["id"], &made["meta"]["created"]));
    for (at, value) in [("id", json!("x")), ("meta.version", json!("x")), ("groups", json!([]))] {
        let operation = json!([{"op": "replace", "path": at, "value": value}]);
        endpoint.patch(&user, operation).await.refused(400, "mutability");
    }
}

#[tokio::test]
async fn a_bulk_operation_that_cannot_be_read_fails_alone() {
    let (endpoint, user, _) = plain().await;
    let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
        {"method": "GET", "path": user},
        {"method": "TRACE", "path": user},
        {"method": "POST", "path": "/Users", "data": user_body("nameless")},
        {"method": "PATCH", "path": user},
        {"path": "/Users", "bulkId": "a", "data": user_body("methodless")},
        17,
        {"method": "POST", "path": "/Users", "bulkId": "b", "data": user_body("bob")},
    ]});
    let answer = endpoint.post("/Bulk", bulk).await.expect(200);
    let operations = answer["Operations"].as_array().unwrap();
    let refused = |operation: &Value| {
        operation["status"] == "400" && operation["response"]["scimType"] == "invalidSyntax"
    };
    assert_eq!(operations.len(), 7);
    assert!(operations[..6].iter().all(refused), "{answer}");
    assert_eq!(operations[6]["status"], "201");
    let names = endpoint.get("/Users?attributes=userName&sortBy=userName").await.expect(200);
    assert_eq!(names["totalResults"], 2);
    assert_eq!(names["Resources"][1]["userName"], user_body("bob")["userName"]);
    assert_eq!(names["Resources"][0]["schemas"], json!([USER]));
}
