//! The profile `atlassian-employees` (docs/jira-service-management.md#employees).

use scimsnap::reference::{AdminError, Profile};
use serde_json::json;

use crate::reference::endpoint::{Endpoint, group_body, user_body};

async fn employees() -> Endpoint {
    Endpoint::of(Profile::AtlassianEmployees).await
}

#[tokio::test]
async fn a_group_cannot_be_renamed() {
    let endpoint = employees().await;
    let group = endpoint.group("Acme", &[]).await;
    let rename = json!([{"op": "replace", "value": {"displayName": "Beta"}}]);
    endpoint.patch(&format!("/Groups/{group}"), rename).await.refused(400, "mutability");
    endpoint.put(&format!("/Groups/{group}"), group_body("Beta", &[])).await.refused(400, "mutability");
    assert_eq!(endpoint.outcome().await, ["Acme (synced):"]);
    let schema = endpoint.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group").await.expect(200);
    assert_eq!(schema["attributes"][0]["mutability"], "immutable");
}

#[tokio::test]
async fn a_conflicting_group_waits_until_it_is_accepted() {
    let endpoint = employees().await;
    let bob = endpoint.manual_customer("bob").await;
    endpoint.manual_organization("Acme", &[&bob]).await;
    let ada = endpoint.user("ada").await;
    let group = endpoint.group("Acme", &[]).await;
    let add = json!([{"op": "add", "path": "members", "value": [{"value": ada}]}]);
    endpoint.patch(&format!("/Groups/{group}"), add).await.expect(200);
    assert_eq!(endpoint.outcome().await, ["Acme (manual): bob", "bob", "ada"]);

    let held = endpoint.admin("GET", "/held-groups", None).await.expect(200);
    let expected =
        json!([{"id": group, "name": "Acme", "added": ["ada@example.com"], "removed": ["bob@example.com"]}]);
    assert_eq!(held["heldGroups"], expected);
    endpoint.admin("POST", "/held-groups/nobody/accept", None).await.expect(404);
    endpoint.admin("POST", &format!("/held-groups/{group}/accept"), None).await.expect(204);
    assert_eq!(endpoint.outcome().await, ["Acme (synced): ada", "bob", "ada"]);
    assert_eq!(endpoint.reference.held_groups(&endpoint.access.site), []);

    let remove = json!([{"op": "remove", "path": "members"}]);
    endpoint.patch(&format!("/Groups/{group}"), remove).await.expect(200);
    assert_eq!(endpoint.outcome().await[0], "Acme (synced):");
    let again = endpoint.reference.accept_group(&endpoint.access.site, &group);
    assert_eq!(again, Err(AdminError::NotHeld(group)));
}

#[tokio::test]
async fn all_groups_are_accepted_at_once_and_one_whose_organization_is_gone_makes_its_own() {
    let endpoint = employees().await;
    let gone = endpoint.manual_organization("Gone", &[]).await;
    endpoint.manual_organization("Acme", &[]).await;
    for name in ["Gone", "Acme"] {
        endpoint.group(name, &[]).await;
    }
    endpoint.rest("DELETE", &format!("/organization/{gone}"), None).await.expect(204);
    let accepted = endpoint.admin("POST", "/held-groups/accept", None).await.expect(200);
    assert_eq!(accepted["accepted"], 2);
    assert_eq!(endpoint.outcome().await, ["Acme (synced):", "Gone (synced):"]);
    endpoint.admin("GET", "/held-groups/accept", None).await.expect(405);
}

#[tokio::test]
async fn a_default_group_is_answered_with_success_and_never_synced() {
    let endpoint = employees().await;
    let ada = endpoint.user("ada").await;
    let group = endpoint.group("Site-Admins", &[&ada]).await;
    assert_eq!(endpoint.members(&group).await, [ada]);
    assert_eq!(endpoint.outcome().await, ["ada"]);
    assert_eq!(endpoint.reference.held_groups(&endpoint.access.site), []);
    endpoint.delete(&format!("/Groups/{group}")).await.expect(204);
}

#[tokio::test]
async fn a_new_address_makes_a_new_account_that_is_in_no_group() {
    let endpoint = employees().await;
    let ada = endpoint.user("ada").await;
    let group = endpoint.group("Acme", &[&ada]).await;
    let mut moved = user_body("ada");
    moved["emails"][0]["value"] = json!("byron@example.com");
    endpoint.put(&format!("/Users/{ada}"), moved).await.expect(200);
    assert_eq!(endpoint.members(&group).await, Vec::<String>::new());
    assert_eq!(endpoint.outcome().await, ["Acme (synced):", "ada", "byron"]);
}

#[tokio::test]
async fn the_directory_takes_so_many_users_and_no_more() {
    let endpoint = employees().await;
    endpoint.reference.set_knob(&endpoint.access.site, "user_limit", "1").unwrap();
    let ada = endpoint.user("ada").await;
    endpoint.post("/Users", user_body("bob")).await.refused(400, "tooMany");
    endpoint.put(&format!("/Users/{ada}"), user_body("ada")).await.expect(200);
    assert_eq!(endpoint.outcome().await, ["ada"]);
}
