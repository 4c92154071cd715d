//! Whole runs in the providers' own words: O, E and Go of docs/jira-service-management.md#provider-cases, payloads as in docs/providers.

use serde_json::{Value, json};

use crate::reference::endpoint::{Endpoint, id, sorted};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn okta_user(name: &str) -> Value {
    let address = format!("{name}@example.com");
    json!({
        "schemas": [CORE],
        "userName": address,
        "name": {"givenName": name, "familyName": "Byron"},
        "emails": [{"primary": true, "value": address, "type": "work"}],
        "displayName": format!("{name} Byron"),
        "locale": "en-US",
        "externalId": format!("00u{name}"),
        "groups": [],
        "password": "x7!kQ2pz",
        "active": true,
    })
}

fn entra_user(name: &str) -> Value {
    let address = format!("{name}@example.com");
    json!({
        "schemas": [CORE, ENTERPRISE],
        "externalId": format!("0a21f0f2-{name}"),
        "userName": address,
        "active": true,
        "emails": [{"primary": true, "type": "work", "value": address}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": format!("{name} Byron"), "familyName": "Byron", "givenName": name},
        "roles": [],
    })
}

async fn members_of_acme(endpoint: &Endpoint) -> String {
    endpoint.outcome().await.remove(0)
}

#[tokio::test]
async fn okta_assigns_pushes_renames_and_unassigns() {
    let endpoint = Endpoint::start().await;
    let ada = id(&endpoint.post("/Users", okta_user("ada")).await.expect(201));
    let bob = id(&endpoint.post("/Users", okta_user("bob")).await.expect(201));
    let push = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Acme",
        "members": [{"value": ada, "display": "ada@example.com"}],
    });
    let group = id(&endpoint.post("/Groups", push).await.expect(201));
    let path = format!("/Groups/{group}");
    let again =
        json!([{"op": "add", "path": "members", "value": [{"value": ada, "display": "ada@example.com"}]}]);
    endpoint.patch(&path, again).await.expect(200);
    let change = json!([
        {"op": "remove", "path": format!("members[value eq \"{ada}\"]")},
        {"op": "add", "path": "members", "value": [{"value": bob, "display": "bob@example.com"}]},
    ]);
    endpoint.patch(&path, change).await.expect(200);
    assert_eq!(members_of_acme(&endpoint).await, "Acme (synced): bob");
    let rename = json!([{"op": "replace", "value": {"id": group, "displayName": "Acme EU"}}]);
    endpoint.patch(&path, rename).await.expect(200);
    let push_now = json!([{"op": "replace", "path": "members", "value": [{"value": ada}, {"value": bob}]}]);
    endpoint.patch(&path, push_now).await.expect(200);
    endpoint
        .patch(&format!("/Users/{ada}"), json!([{"op": "replace", "value": {"active": false}}]))
        .await
        .expect(200);
    assert_eq!(endpoint.outcome().await, ["Acme EU (synced): ada bob", "ada (deactivated)", "bob"]);
    // Reassigning: the lookup must find the inactive user.
    let found =
        endpoint.get("/Users?filter=userName%20eq%20%22ada@example.com%22&startIndex=1&count=100").await;
    let mut merged = found.expect(200)["Resources"][0].clone();
    assert_eq!(id(&merged), ada);
    merged["active"] = json!(true);
    endpoint.put(&format!("/Users/{ada}"), merged).await.expect(200);
    assert_eq!(endpoint.outcome().await, ["Acme EU (synced): ada bob", "ada", "bob"]);
}

#[tokio::test]
async fn okta_echoes_groups_in_a_put_and_no_membership_changes() {
    let endpoint = Endpoint::start().await;
    let ada = id(&endpoint.post("/Users", okta_user("ada")).await.expect(201));
    endpoint.group("Acme", &[&ada]).await;
    let mut echo = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
    echo["groups"] = json!([]);
    echo["title"] = json!("Countess");
    echo[ENTERPRISE] = json!({"department": "Engines"});
    let after = endpoint.put(&format!("/Users/{ada}"), echo).await.expect(200);
    assert_eq!(after["groups"][0]["display"], "Acme");
    assert_eq!(after[ENTERPRISE]["department"], "Engines");
    assert!(after["schemas"].as_array().unwrap().contains(&json!(ENTERPRISE)));
    assert_eq!(members_of_acme(&endpoint).await, "Acme (synced): ada");
}

#[tokio::test]
async fn entra_creates_empty_groups_and_adds_members_one_by_one() {
    let endpoint = Endpoint::start().await;
    let ada = id(&endpoint.post("/Users", entra_user("ada")).await.expect(201));
    let bob = id(&endpoint.post("/Users", entra_user("bob")).await.expect(201));
    let body = json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:Group",
            "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
        ],
        "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
        "displayName": "Acme",
        "meta": {"resourceType": "Group"},
    });
    let created = endpoint.post("/Groups", body).await.expect(201);
    assert_eq!(created["externalId"], "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159");
    let group = id(&created);
    for member in [&ada, &bob] {
        let add = json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": member}]}]);
        endpoint.patch(&format!("/Groups/{group}"), add).await.expect(200);
    }
    assert_eq!(endpoint.members(&group).await, sorted(&[&ada, &bob]));
    let remove = json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": ada}]}]);
    endpoint.patch(&format!("/Groups/{group}"), remove).await.expect(200);
    assert_eq!(members_of_acme(&endpoint).await, "Acme (synced): bob");
}

#[tokio::test]
async fn entra_updates_several_attributes_in_both_dialects() {
    let work = "emails[type eq \"work\"].value";
    let legacy = json!([
        {"op": "Replace", "path": "displayName", "value": "Ada King"},
        {"op": "Replace", "path": "name.familyName", "value": "King"},
        {"op": "Replace", "path": work, "value": "king@example.com"},
        {"op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Engines"},
    ]);
    let flag = json!([
        {"op": "replace", "path": work, "value": "king@example.com"},
        {"op": "replace", "value": {
            "displayName": "Ada King",
            "name.familyName": "King",
            format!("{ENTERPRISE}:department"): "Engines",
        }},
    ]);
    for operations in [legacy, flag] {
        let endpoint = Endpoint::start().await;
        let ada = id(&endpoint.post("/Users", entra_user("ada")).await.expect(201));
        let user = endpoint.patch(&format!("/Users/{ada}"), operations).await.expect(200);
        assert_eq!(user["displayName"], "Ada King");
        assert_eq!(user["name"]["familyName"], "King");
        assert_eq!(user["emails"][0]["value"], "king@example.com");
        assert_eq!(user["emails"][0]["primary"], true);
        assert_eq!(user[ENTERPRISE]["department"], "Engines");
        assert_eq!(endpoint.outcome().await, ["king"]);
    }
}

#[tokio::test]
async fn entra_deletes_softly_and_then_for_good() {
    let endpoint = Endpoint::start().await;
    let ada = id(&endpoint.post("/Users", entra_user("ada")).await.expect(201));
    let soft = json!([{"op": "Replace", "path": "active", "value": "False"}]);
    let user = endpoint.patch(&format!("/Users/{ada}"), soft).await.expect(200);
    assert_eq!(user["active"], json!(false));
    endpoint.clock.advance(30 * 24 * 3600);
    endpoint.delete(&format!("/Users/{ada}")).await.expect(204);
    assert_eq!(endpoint.outcome().await, ["ada (deactivated)"]);
}

#[tokio::test]
async fn nulls_and_unknown_urns_of_older_samples_are_taken() {
    let endpoint = Endpoint::start().await;
    let mut body = entra_user("ada");
    body["schemas"] = json!([CORE, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"]);
    body["displayName"] = Value::Null;
    body["addresses"] = Value::Null;
    let user = endpoint.post("/Users", body).await.expect(201);
    assert_eq!(user.get("addresses"), None);
    assert_eq!(user.get("displayName"), None);
}

#[tokio::test]
async fn google_creates_users_with_its_old_schema_and_no_external_id() {
    let endpoint = Endpoint::start().await;
    let body = |name: &str| {
        let address = format!("{name}@example.com");
        json!({
            "schemas": ["urn:scim:schemas:core:1.0", CORE],
            "userName": address,
            "emails": [{"primary": true, "value": address, "type": "work"}],
            "displayName": name,
            "name": {"givenName": name, "familyName": "Byron"},
            "active": true,
        })
    };
    let lookup = "/Users?filter=userName%20eq%20%22ada%40example.com%22&startIndex=1";
    assert_eq!(endpoint.get(lookup).await.expect(200)["totalResults"], 0);
    endpoint.post("/Users", body("ada")).await.expect(201);
    endpoint.post("/Users", body("bob")).await.expect(201);
    assert_eq!(endpoint.get(lookup).await.expect(200)["totalResults"], 1);
    assert_eq!(endpoint.outcome().await, ["ada", "bob"]);
}
