//! The profile `rfc`: RFC 7643 and RFC 7644 as they are.

use scimsnap::reference::{Defects, Knobs, Profile};
use serde_json::{Value, json};

use crate::reference::endpoint::{Endpoint, group_body, id};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

async fn plain() -> Endpoint {
    Endpoint::of(Profile::Rfc).await
}

fn user(name: &str) -> Value {
    json!({"schemas": [USER], "userName": name})
}

fn search(filter: &str) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter})
}

fn user_names(list: &Value) -> Vec<&str> {
    list["Resources"].as_array().unwrap().iter().map(|user| user["userName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_user_needs_a_name_and_a_schema_and_nothing_else() {
    let endpoint = plain().await;
    let made = endpoint.post("/Users", user("ada")).await.expect(201);
    assert_eq!(made["schemas"], json!([USER]));
    assert!(made["meta"]["version"].is_string());
    endpoint.post("/Users", json!({"schemas": [USER]})).await.refused(400, "invalidValue");
    endpoint.post("/Users", json!({"userName": "bob"})).await.refused(400, "invalidSyntax");
    endpoint.post("/Users", user("ADA")).await.refused(409, "uniqueness");
}

#[tokio::test]
async fn two_groups_may_bear_one_name() {
    let endpoint = plain().await;
    let first = endpoint.group("Acme", &[]).await;
    let second = endpoint.group("Acme", &[]).await;
    assert_ne!(first, second);
    let other = endpoint.group("Beta", &[]).await;
    let rename = json!([{"op": "replace", "path": "displayName", "value": "Acme"}]);
    endpoint.patch(&format!("/Groups/{other}"), rename).await.expect(200);
    let found = endpoint.get("/Groups?filter=displayName%20eq%20%22acme%22").await.expect(200);
    assert_eq!(found["totalResults"], 3);
}

#[tokio::test]
async fn members_may_be_groups_or_nobody_and_are_called_as_they_were_sent() {
    let endpoint = plain().await;
    let ada = id(&endpoint.post("/Users", user("ada")).await.expect(201));
    let inner = endpoint.group("Inner", &[]).await;
    let mut body = group_body("Outer", &[&inner, "nobody"]);
    body["members"].as_array_mut().unwrap().push(json!({"value": ada, "display": "Ada"}));
    let made = endpoint.post("/Groups", body).await.expect(201);
    let path = format!("/Groups/{}", id(&made));
    let member = |body: &Value, id: &str| {
        body["members"].as_array().unwrap().iter().find(|member| member["value"] == id).cloned()
    };
    assert_eq!(member(&made, &ada).unwrap()["display"], "Ada");
    assert_eq!(member(&made, &inner).unwrap()["type"], "Group");
    assert_eq!(member(&made, "nobody"), Some(json!({"value": "nobody"})));
    let remove = json!([{"op": "remove", "path": "members[value eq \"nobody\"]"}]);
    let left = endpoint.patch(&path, remove).await.expect(200);
    assert_eq!(left["members"].as_array().unwrap().len(), 2);
    endpoint.delete(&format!("/Groups/{inner}")).await.expect(204);
    assert_eq!(endpoint.members(path.trim_start_matches("/Groups/")).await, [ada]);
    let empty = endpoint.put(&path, group_body("Outer", &[])).await.expect(200);
    assert_eq!(empty["members"], json!([]));
}

#[tokio::test]
async fn a_version_guards_against_lost_updates() {
    let endpoint = plain().await;
    let made = endpoint.post("/Users", user("ada")).await;
    let first = made.header("etag").unwrap().to_owned();
    let made = made.expect(201);
    assert_eq!(made["meta"]["version"], first);
    let path = format!("/Users/{}", id(&made));
    let rename = || Some(json!({"schemas": [USER], "userName": "ada", "displayName": "Ada"}));

    let read = endpoint.scim_with("GET", &path, &[("If-None-Match", &first)], None).await;
    assert_eq!((read.status, read.text.as_str(), read.header("etag")), (304, "", Some(first.as_str())));
    endpoint.scim_with("PUT", &path, &[("If-Match", "W/\"other\"")], rename()).await.expect(412);
    let changed = endpoint.scim_with("PUT", &path, &[("If-Match", &first)], rename()).await;
    let second = changed.header("etag").unwrap().to_owned();
    changed.expect(200);
    assert_ne!(first, second);
    endpoint.scim_with("GET", &path, &[("If-None-Match", &first)], None).await.expect(200);
    endpoint.scim_with("DELETE", &path, &[("If-Match", &first)], None).await.expect(412);
    endpoint.scim_with("PATCH", &path, &[("If-Match", "junk")], rename()).await.expect(400);
    endpoint.scim_with("DELETE", &path, &[("If-Match", "*")], None).await.expect(204);
}

#[tokio::test]
async fn a_membership_changes_the_version_on_both_sides_and_nothing_twice() {
    let endpoint = plain().await;
    let ada = id(&endpoint.post("/Users", user("ada")).await.expect(201));
    let group = endpoint.group("Acme", &[]).await;
    let version = async |path: String| endpoint.get(&path).await.header("etag").unwrap().to_owned();
    let versions =
        async || [version(format!("/Users/{ada}")).await, version(format!("/Groups/{group}")).await];
    let add = json!([{"op": "add", "path": "members", "value": [{"value": ada}]}]);
    let before = versions().await;
    endpoint.patch(&format!("/Groups/{group}"), add.clone()).await.expect(200);
    let after = versions().await;
    assert!(before[0] != after[0] && before[1] != after[1], "{before:?} {after:?}");
    endpoint.patch(&format!("/Groups/{group}"), add).await.expect(200);
    assert_eq!(versions().await, after);
}

#[tokio::test]
async fn customers_have_no_versions() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    let path = format!("/Users/{ada}");
    let read = endpoint.scim_with("GET", &path, &[("If-None-Match", "*")], None).await;
    assert_eq!(read.header("etag"), None);
    assert_eq!(read.expect(200)["meta"].get("version"), None);
    endpoint.scim_with("DELETE", &path, &[("If-Match", "W/\"junk\"")], None).await.expect(204);
}

#[tokio::test]
async fn lists_are_sorted_filtered_and_searched() {
    let endpoint = plain().await;
    for name in ["bob", "Ada", "eve"] {
        endpoint.post("/Users", user(name)).await.expect(201);
    }
    endpoint.group("Crew", &[]).await;
    let sorted = endpoint.get("/Users?sortBy=userName&sortOrder=descending&count=2").await.expect(200);
    assert_eq!(user_names(&sorted), ["eve", "bob"]);
    assert_eq!(sorted["totalResults"], 3);
    let found = endpoint.get("/Users?filter=userName%20sw%20%22b%22%20or%20userName%20co%20%22V%22").await;
    assert_eq!(user_names(&found.expect(200)), ["bob", "eve"]);
    endpoint.get("/Users?filter=userName%20eq").await.refused(400, "invalidFilter");
    endpoint.get("/Users?sortBy=password").await.refused(400, "invalidPath");

    let mut query = search("userName pr");
    query["sortBy"] = json!("userName");
    query["attributes"] = json!(["userName"]);
    let found = endpoint.post("/Users/.search", query).await.expect(200);
    assert_eq!(user_names(&found), ["Ada", "bob", "eve"]);
    assert_eq!(found["Resources"][0].get("meta"), None);
    let everything = endpoint.post("/.search", search("meta.resourceType pr")).await.expect(200);
    assert_eq!(everything["totalResults"], 4);
    let groups = endpoint.post("/Groups/.search", search("displayName eq \"crew\"")).await.expect(200);
    assert_eq!(groups["totalResults"], 1);
    endpoint.get("/Users/.search").await.expect(405);
    let root = endpoint.get("/?startIndex=3&count=2").await.expect(200);
    let kinds: Vec<&str> = root["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["meta"]["resourceType"].as_str().unwrap())
        .collect();
    assert_eq!((root["totalResults"].as_u64(), kinds), (Some(4), vec!["User", "Group"]));
}

#[tokio::test]
async fn answers_to_writes_hold_the_attributes_that_are_asked_for() {
    let endpoint = plain().await;
    let made = endpoint.post("/Users?attributes=userName", user("ada")).await.expect(201);
    let names: Vec<&String> = made.as_object().unwrap().keys().collect();
    assert_eq!(names, ["schemas", "id", "userName"]);
    let path = format!("/Users/{}", id(&made));
    let put = endpoint.put(&format!("{path}?excludedAttributes=meta,active"), user("ada")).await.expect(200);
    assert!(put.get("meta").is_none() && put.get("active").is_none(), "{put}");
    let change = json!([{"op": "add", "path": "title", "value": "Countess"}]);
    let patched = endpoint.patch(&format!("{path}?attributes=title"), change).await.expect(200);
    assert_eq!((&patched["title"], patched.get("userName")), (&json!("Countess"), None));
    endpoint
        .get(&format!("{path}?attributes=title&excludedAttributes=meta"))
        .await
        .refused(400, "invalidValue");
}

#[tokio::test]
async fn a_patch_may_be_answered_without_a_body() {
    let mut knobs = Knobs::of(Profile::Rfc);
    knobs.set("patch_answer", "empty").unwrap();
    let endpoint = Endpoint::set_up(Profile::Rfc, knobs, Defects::default()).await;
    let path = format!("/Users/{}", id(&endpoint.post("/Users", user("ada")).await.expect(201)));
    let change = json!([{"op": "add", "path": "title", "value": "Countess"}]);
    let empty = endpoint.patch(&path, change.clone()).await;
    assert_eq!((empty.status, empty.text.as_str()), (204, ""));
    assert!(empty.header("etag").is_some());
    endpoint.patch(&format!("{path}?attributes=title"), change).await.expect(200);
}

#[tokio::test]
async fn requests_are_read_strictly() {
    let endpoint = plain().await;
    let mut odd = user("ada");
    odd["active"] = json!("True");
    endpoint.post("/Users", odd).await.refused(400, "invalidValue");
    let mut odd = user("ada");
    odd["shoeSize"] = json!(43);
    endpoint.post("/Users", odd).await.refused(400, "invalidSyntax");
    let path = format!("/Users/{}", id(&endpoint.post("/Users", user("ada")).await.expect(201)));
    let entra = json!([{"op": "Replace", "path": "active", "value": "False"}]);
    endpoint.patch(&path, entra).await.refused(400, "invalidSyntax");
}

#[tokio::test]
async fn errors_are_scim_errors_throughout() {
    let endpoint = plain().await;
    let path = format!("{}/Users", endpoint.access.scim_path);
    let wrong = endpoint.raw("GET", &path, &[("Authorization", "Bearer wrong")], "").await;
    assert!(wrong.header("www-authenticate").unwrap().contains("invalid_token"));
    assert_eq!(wrong.expect(401)["status"], "401");
    assert_eq!(endpoint.raw("GET", &path, &[], "").await.expect(401)["status"], "401");
    assert_eq!(endpoint.get("/Me").await.expect(501)["status"], "501");
    endpoint.patch("/Me", json!([])).await.expect(501);
}

#[tokio::test]
async fn discovery_says_what_there_is() {
    let endpoint = plain().await;
    let config = endpoint.get("/ServiceProviderConfig").await.expect(200);
    for feature in ["patch", "bulk", "filter", "sort", "etag"] {
        assert_eq!(config[feature]["supported"], true, "{feature}");
    }
    assert_eq!(config["changePassword"]["supported"], false);
    endpoint.get("/Schemas?filter=id%20pr").await.expect(403);
    let group = endpoint.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group").await.expect(200);
    assert_eq!(group["attributes"][0]["uniqueness"], "none");

    let customers = Endpoint::start().await;
    let group = customers.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group").await.expect(200);
    assert_eq!(group["attributes"][0]["uniqueness"], "server");
    let user = customers.get(&format!("/Schemas/{USER}")).await.expect(200);
    let emails = user["attributes"].as_array().unwrap().iter().find(|each| each["name"] == "emails").unwrap();
    assert_eq!(emails["required"], true);
    customers.reference.set_knob(&customers.access.site, "atlassian_schema", "true").unwrap();
    customers.get("/Schemas/urn:scim:schemas:extension:atlassian-external:1.0").await.expect(200);
    let kinds = customers.get("/ResourceTypes/User").await.expect(200);
    assert_eq!(kinds["schemaExtensions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn head_is_get_without_a_body_and_options_names_the_methods() {
    let endpoint = plain().await;
    let path = format!("/Users/{}", id(&endpoint.post("/Users", user("ada")).await.expect(201)));
    let (get, head) = (endpoint.get(&path).await, endpoint.scim("HEAD", &path, None).await);
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    for name in ["etag", "content-type", "content-length"] {
        assert!(get.header(name).is_some(), "{name}");
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    for (path, allow) in [
        ("/Users", "GET, HEAD, POST, OPTIONS"),
        (path.as_str(), "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        ("/Schemas", "GET, HEAD, OPTIONS"),
        ("/.search", "POST, OPTIONS"),
        ("/Bulk", "POST, OPTIONS"),
    ] {
        let options = endpoint.scim("OPTIONS", path, None).await;
        assert_eq!((options.status, options.header("allow")), (204, Some(allow)), "{path}");
    }
    endpoint.scim("OPTIONS", "/Users/nobody", None).await.expect(404);
    let rest = endpoint.rest("OPTIONS", "/organization", None).await;
    assert_eq!((rest.status, rest.header("allow")), (204, Some("GET, HEAD, POST, OPTIONS")));
}

#[tokio::test]
async fn a_list_is_read_by_cursor_while_others_come_and_go() {
    let endpoint = plain().await;
    for at in 0..7 {
        endpoint.post("/Users", user(&format!("user{at}"))).await.expect(201);
    }
    let first = endpoint.get("/Users?cursor&count=3").await.expect(200);
    assert_eq!(user_names(&first), ["user0", "user1", "user2"]);
    assert_eq!((first.get("startIndex"), &first["totalResults"]), (None, &json!(7)));
    let gone = first["Resources"][0]["id"].as_str().unwrap();
    endpoint.delete(&format!("/Users/{gone}")).await.expect(204);
    let next = |page: &Value| page["nextCursor"].as_str().unwrap().to_owned();
    let second = endpoint.get(&format!("/Users?cursor={}&count=3", next(&first))).await.expect(200);
    assert_eq!(user_names(&second), ["user3", "user4", "user5"]);
    let last = endpoint.get(&format!("/Users?cursor={}&count=3", next(&second))).await.expect(200);
    assert_eq!((user_names(&last), last.get("nextCursor")), (vec!["user6"], None));

    let stale = format!("/Users?cursor={}&count=3", next(&second));
    endpoint.get("/Users?cursor=junk&count=3").await.refused(400, "invalidCursor");
    endpoint.get(&stale.replace("count=3", "count=2")).await.refused(400, "invalidCursor");
    endpoint.get("/Users?cursor=&count=1000").await.refused(400, "invalidCount");
    endpoint.clock.advance(2 * 3600);
    endpoint.get(&stale).await.refused(400, "expiredCursor");

    let sorted = "/Users?sortBy=userName&sortOrder=descending&count=4&cursor=";
    let first = endpoint.get(sorted).await.expect(200);
    assert_eq!(user_names(&first), ["user6", "user5", "user4", "user3"]);
    let last = endpoint.get(&format!("{sorted}{}", next(&first))).await.expect(200);
    assert_eq!(user_names(&last), ["user2", "user1"]);
    let config = endpoint.get("/ServiceProviderConfig").await.expect(200);
    assert_eq!(
        (&config["pagination"]["cursor"], &config["pagination"]["index"]),
        (&json!(true), &json!(true))
    );
    let customers = Endpoint::start().await;
    assert!(customers.get("/Users?cursor=junk").await.expect(200)["startIndex"].is_number());
    assert_eq!(customers.get("/ServiceProviderConfig").await.expect(200).get("pagination"), None);
}

#[tokio::test]
async fn a_bulk_request_is_carried_out_as_its_operations_would_be() {
    let endpoint = plain().await;
    let ada = id(&endpoint.post("/Users", user("ada")).await.expect(201));
    let bulk = |operations: Value| json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations});
    let operations = json!([
        {"method": "POST", "path": "/Groups", "bulkId": "crew", "data": group_body("Crew", &["bulkId:bob"])},
        {"method": "POST", "path": "/Users", "bulkId": "bob", "data": user("bob")},
        {"method": "POST", "path": "/Users", "bulkId": "twin", "data": user("ADA")},
        {"method": "PATCH", "path": format!("/Users/{ada}"), "version": "W/\"9\"", "data": {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "add", "path": "title", "value": "Countess"}],
        }},
        {"method": "DELETE", "path": format!("/Users/{ada}")},
        {"method": "POST", "path": "/Bulk", "bulkId": "inner", "data": {}},
    ]);
    let answer = endpoint.post("/Bulk", bulk(operations)).await.expect(200);
    assert_eq!(answer["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]));
    let told: Vec<(&str, &str)> = answer["Operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (each["bulkId"].as_str().unwrap_or("-"), each["status"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("crew", "201"), ("bob", "201"), ("twin", "409"), ("-", "412"), ("-", "204"), ("inner", "404")]
    );
    let bob = answer["Operations"][1]["location"].as_str().unwrap().rsplit('/').next().unwrap();
    let crew = answer["Operations"][0]["location"].as_str().unwrap().rsplit('/').next().unwrap();
    assert_eq!(endpoint.members(crew).await, [bob]);
    assert_eq!(answer["Operations"][2]["response"]["scimType"], "uniqueness");
    assert!(answer["Operations"][1]["version"].is_string());
    endpoint.get(&format!("/Users/{ada}")).await.expect(404);
    endpoint.post("/Bulk", json!({"Operations": []})).await.refused(400, "invalidSyntax");
    endpoint.get("/Bulk").await.expect(405);
}
