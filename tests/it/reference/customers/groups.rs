//! Groups and their members: G-01 to G-14 of docs/jira-service-management.md#group-cases.

use serde_json::{Value, json};

use crate::reference::endpoint::{Endpoint, group_body, sorted};

/// A group Acme with the members ada and bob; their ids and the group's.
async fn acme(endpoint: &Endpoint) -> (String, String, String) {
    let ada = endpoint.user("ada").await;
    let bob = endpoint.user("bob").await;
    let group = endpoint.group("Acme", &[&ada, &bob]).await;
    (ada, bob, group)
}

#[tokio::test]
async fn g01_an_empty_group_is_an_organization() {
    let endpoint = Endpoint::start().await;
    let answer = endpoint.post("/Groups", group_body("Acme", &[])).await;
    let group = answer.expect(201);
    assert_eq!(answer.header("location"), group["meta"]["location"].as_str());
    assert_eq!(group["members"], json!([]));
    assert_eq!(group["meta"]["resourceType"], "Group");
    assert_eq!(endpoint.outcome().await, ["Acme (synced):"]);
}

#[tokio::test]
async fn g02_members_are_added_in_every_form_that_providers_send() {
    let forms = |id: &str| {
        [
            json!([{"op": "add", "path": "members", "value": [{"value": id}]}]),
            json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": id}]}]),
            json!([{"op": "add", "path": "members", "value": {"value": id}}]),
            json!([{"op": "Add", "path": "members", "value": id}]),
            json!([{"op": "add", "path": "members", "value": [id]}]),
            json!([{"op": "add", "value": {"members": [{"value": id, "display": null}]}}]),
            json!([{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:Group:members", "value": [{"value": id}]}]),
        ]
    };
    for form in 0..forms("").len() {
        let endpoint = Endpoint::start().await;
        let (ada, bob, group) = acme(&endpoint).await;
        let carl = endpoint.user("carl").await;
        let operations = forms(&carl)[form].clone();
        let answer = endpoint.patch(&format!("/Groups/{group}"), operations.clone()).await.expect(200);
        assert_eq!(answer["members"].as_array().unwrap().len(), 3, "{operations}");
        assert_eq!(endpoint.members(&group).await, sorted(&[&ada, &bob, &carl]));
        assert_eq!(endpoint.outcome().await[0], "Acme (synced): ada bob carl");
    }
}

#[tokio::test]
async fn g02_an_unknown_member_is_404_on_patch_and_400_on_put() {
    let endpoint = Endpoint::start().await;
    let (ada, bob, group) = acme(&endpoint).await;
    let carl = endpoint.user("carl").await;
    let add = json!([
        {"op": "add", "path": "members", "value": [{"value": carl}]},
        {"op": "add", "path": "members", "value": [{"value": "nobody"}]},
    ]);
    endpoint.patch(&format!("/Groups/{group}"), add).await.expect(404);
    let answer = endpoint.put(&format!("/Groups/{group}"), group_body("Other", &[&carl, "nobody"])).await;
    let bean = answer.expect(400);
    for field in [
        "responseStatus",
        "scimErrorType",
        "message",
        "localizedMessage",
        "cause",
        "stackTrace",
        "suppressed",
    ] {
        assert!(bean.get(field).is_some(), "{field}");
    }
    assert_eq!(endpoint.members(&group).await, sorted(&[&ada, &bob]));
    assert_eq!(endpoint.outcome().await[0], "Acme (synced): ada bob");
}

#[tokio::test]
async fn g02_what_a_put_with_an_unknown_member_gets_is_a_knob() {
    let endpoint = Endpoint::with_knobs(&[("put_group_unknown_member", "scim")]).await;
    let (ada, _, group) = acme(&endpoint).await;
    let body = group_body("Acme", &[&ada, "nobody"]);
    endpoint.put(&format!("/Groups/{group}"), body.clone()).await.refused(400, "invalidValue");
    let site = &endpoint.access.site;
    endpoint.reference.set_knob(site, "put_group_unknown_member", "ignore").unwrap();
    endpoint.put(&format!("/Groups/{group}"), body).await.expect(200);
    assert_eq!(endpoint.members(&group).await, [ada]);
}

#[tokio::test]
async fn g03_one_member_is_removed_in_every_form_that_providers_send() {
    let forms = |id: &str| {
        [
            json!([{"op": "remove", "path": format!("members[value eq \"{id}\"]")}]),
            json!([{"op": "Remove", "path": "members", "value": [{"value": id}]}]),
            json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": id}]}]),
            json!([{"op": "remove", "path": "members", "value": id}]),
            json!([{"op": "remove", "path": format!("members[value eq \"{id}\" and type eq \"User\"]")}]),
        ]
    };
    for form in 0..forms("").len() {
        let endpoint = Endpoint::start().await;
        let (ada, bob, group) = acme(&endpoint).await;
        let operations = forms(&ada)[form].clone();
        endpoint.patch(&format!("/Groups/{group}"), operations.clone()).await.expect(200);
        assert_eq!(endpoint.members(&group).await, [bob], "{operations}");
        assert_eq!(endpoint.outcome().await, ["Acme (synced): bob", "ada", "bob"]);
    }
}

#[tokio::test]
async fn removing_who_is_not_there_is_no_error() {
    let endpoint = Endpoint::start().await;
    let (ada, bob, group) = acme(&endpoint).await;
    let carl = endpoint.user("carl").await;
    let remove = json!([
        {"op": "remove", "path": format!("members[value eq \"{carl}\"]")},
        {"op": "remove", "path": "members", "value": [{"value": "nobody"}]},
    ]);
    endpoint.patch(&format!("/Groups/{group}"), remove).await.expect(200);
    assert_eq!(endpoint.members(&group).await, sorted(&[&ada, &bob]));
}

#[tokio::test]
async fn all_members_are_removed_by_a_removal_without_value_and_by_an_empty_replacement() {
    for operations in [
        json!([{"op": "remove", "path": "members"}]),
        json!([{"op": "replace", "path": "members", "value": []}]),
    ] {
        let endpoint = Endpoint::start().await;
        let (_, _, group) = acme(&endpoint).await;
        endpoint.patch(&format!("/Groups/{group}"), operations).await.expect(200);
        assert_eq!(endpoint.outcome().await, ["Acme (synced):", "ada", "bob"]);
    }
}

#[tokio::test]
async fn removals_and_additions_of_one_request_happen_in_their_order() {
    let endpoint = Endpoint::start().await;
    let (ada, bob, group) = acme(&endpoint).await;
    let carl = endpoint.user("carl").await;
    let operations = json!([
        {"op": "remove", "path": format!("members[value eq \"{ada}\"]")},
        {"op": "add", "path": "members", "value": [{"value": ada}, {"value": carl}]},
        {"op": "remove", "path": format!("members[value eq \"{bob}\"]")},
    ]);
    endpoint.patch(&format!("/Groups/{group}"), operations).await.expect(200);
    assert_eq!(endpoint.members(&group).await, sorted(&[&ada, &carl]));
    let operations = json!([
        {"op": "remove", "path": "members"},
        {"op": "add", "path": "members", "value": [{"value": bob}]},
    ]);
    endpoint.patch(&format!("/Groups/{group}"), operations).await.expect(200);
    assert_eq!(endpoint.members(&group).await, [bob]);
}

#[tokio::test]
async fn g04_one_person_may_be_in_two_organizations() {
    let endpoint = Endpoint::start().await;
    let (ada, _, _) = acme(&endpoint).await;
    endpoint.group("Beta", &[&ada]).await;
    let user = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
    let groups: Vec<&Value> =
        user["groups"].as_array().unwrap().iter().map(|group| &group["display"]).collect();
    assert_eq!(groups, ["Acme", "Beta"]);
    assert_eq!(endpoint.outcome().await, ["Acme (synced): ada bob", "Beta (synced): ada", "ada", "bob"]);
}

#[tokio::test]
async fn a_member_is_told_a_groups_new_name_and_nothing_of_one_that_is_gone() {
    let endpoint = Endpoint::start().await;
    let (ada, _, acme) = acme(&endpoint).await;
    let beta = endpoint.group("Beta", &[&ada]).await;
    let rename = json!([{"op": "replace", "value": {"id": acme, "displayName": "Acme \"Europe\""}}]);
    endpoint.patch(&format!("/Groups/{acme}"), rename).await.expect(200);
    endpoint.delete(&format!("/Groups/{beta}")).await.expect(204);
    let user = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
    assert_eq!(user["groups"].as_array().unwrap().len(), 1, "{user}");
    let group = &user["groups"][0];
    assert_eq!((&group["value"], &group["display"]), (&json!(acme), &json!("Acme \"Europe\"")));
    assert!(group["$ref"].as_str().unwrap().ends_with(&format!("/Groups/{acme}")), "{group}");
}

#[tokio::test]
async fn g05_deleting_a_group_deletes_the_organization_and_no_customer() {
    for (knob, expected) in [("delete_org", None), ("unlink_org", Some("Acme (manual): ada bob"))] {
        let endpoint = Endpoint::with_knobs(&[("delete_group", knob)]).await;
        let (_, _, group) = acme(&endpoint).await;
        endpoint.delete(&format!("/Groups/{group}")).await.expect(204);
        endpoint.get(&format!("/Groups/{group}")).await.expect(404);
        let expected: Vec<&str> = expected.into_iter().chain(["ada", "bob"]).collect();
        assert_eq!(endpoint.outcome().await, expected);
    }
}

#[tokio::test]
async fn g06_a_group_as_member_is_left_out_or_refused_and_never_flattened() {
    let endpoint = Endpoint::start().await;
    let (_, _, child) = acme(&endpoint).await;
    let parent = endpoint.group("Parent", &[]).await;
    let add = json!([{"op": "add", "path": "members", "value": [{"value": child, "type": "Group"}]}]);
    endpoint.patch(&format!("/Groups/{parent}"), add.clone()).await.expect(200);
    assert_eq!(endpoint.outcome().await[1], "Parent (synced):");
    let site = &endpoint.access.site;
    endpoint.reference.set_knob(site, "nested_group_member", "reject").unwrap();
    endpoint.patch(&format!("/Groups/{parent}"), add).await.refused(400, "invalidValue");
}

#[tokio::test]
async fn g07_a_put_makes_the_members_exactly_these() {
    let endpoint = Endpoint::start().await;
    let (_, bob, group) = acme(&endpoint).await;
    let carl = endpoint.user("carl").await;
    endpoint.put(&format!("/Groups/{group}"), group_body("Acme", &[&bob, &carl])).await.expect(200);
    assert_eq!(endpoint.members(&group).await, sorted(&[&bob, &carl]));
    assert_eq!(endpoint.outcome().await[0], "Acme (synced): bob carl");
}

#[tokio::test]
async fn g07_a_put_without_members_keeps_or_clears_them_as_the_knob_says() {
    for (knob, expected) in [("keep", "Beta (synced): ada bob"), ("clear", "Beta (synced):")] {
        let endpoint = Endpoint::with_knobs(&[("put_group_absent_members", knob)]).await;
        let (_, _, group) = acme(&endpoint).await;
        endpoint.put(&format!("/Groups/{group}"), json!({"displayName": "Beta"})).await.expect(200);
        assert_eq!(endpoint.outcome().await[0], expected);
    }
}

#[tokio::test]
async fn g08_a_replacement_of_members_makes_them_exactly_these() {
    for pathless in [false, true] {
        let endpoint = Endpoint::start().await;
        let (_, bob, group) = acme(&endpoint).await;
        let carl = endpoint.user("carl").await;
        let members = json!([{"value": bob}, {"value": carl}]);
        let operations = if pathless {
            json!([{"op": "replace", "value": {"id": group, "displayName": "Acme", "members": members}}])
        } else {
            json!([{"op": "Replace", "path": "members", "value": members}])
        };
        endpoint.patch(&format!("/Groups/{group}"), operations).await.expect(200);
        assert_eq!(endpoint.members(&group).await, sorted(&[&bob, &carl]));
        assert_eq!(endpoint.outcome().await[0], "Acme (synced): bob carl");
    }
}

#[tokio::test]
async fn g09_a_rename_keeps_organization_and_members() {
    let forms = |id: &str| {
        [
            json!([{"op": "replace", "value": {"id": id, "displayName": "Beta"}}]),
            json!([{"op": "Replace", "path": "displayName", "value": "Beta"}]),
        ]
    };
    for form in 0..forms("").len() {
        let endpoint = Endpoint::start().await;
        let (ada, bob, group) = acme(&endpoint).await;
        let before = endpoint.values("/organization").await;
        let answer = endpoint.patch(&format!("/Groups/{group}"), forms(&group)[form].clone()).await;
        assert_eq!(answer.expect(200)["displayName"], "Beta");
        assert_eq!(endpoint.members(&group).await, sorted(&[&ada, &bob]));
        let after = endpoint.values("/organization").await;
        assert_eq!((&before[0]["id"], &before[0]["uuid"]), (&after[0]["id"], &after[0]["uuid"]));
        assert_eq!(endpoint.outcome().await[0], "Beta (synced): ada bob");
        assert_eq!(
            endpoint.get("/Groups?filter=displayName+eq+%22Acme%22").await.expect(200)["totalResults"],
            0
        );
        endpoint.group("Acme", &[]).await;
    }
}

#[tokio::test]
async fn g10_a_rename_to_the_own_name_in_any_case_succeeds() {
    let endpoint = Endpoint::start().await;
    let (_, _, group) = acme(&endpoint).await;
    for name in ["Acme", "ACME"] {
        let rename = json!([{"op": "replace", "path": "displayName", "value": name}]);
        endpoint.patch(&format!("/Groups/{group}"), rename).await.expect(200);
        assert_eq!(endpoint.outcome().await[0], format!("{name} (synced): ada bob"));
    }
}

#[tokio::test]
async fn g12_a_deactivated_member_is_still_listed() {
    let endpoint = Endpoint::start().await;
    let (ada, bob, group) = acme(&endpoint).await;
    let off = json!([{"op": "replace", "value": {"active": false}}]);
    endpoint.patch(&format!("/Users/{ada}"), off).await.expect(200);
    endpoint.put(&format!("/Groups/{group}"), group_body("Acme", &[&ada, &bob])).await.expect(200);
    assert_eq!(endpoint.outcome().await, ["Acme (synced): ada bob", "ada (deactivated)", "bob"]);
}

#[tokio::test]
async fn g13_a_name_has_1_to_200_characters() {
    let endpoint = Endpoint::start().await;
    endpoint.post("/Groups", group_body(&"ä".repeat(201), &[])).await.refused(400, "invalidValue");
    endpoint.post("/Groups", group_body("", &[])).await.refused(400, "invalidValue");
    endpoint.post("/Groups", json!({"members": []})).await.refused(400, "invalidValue");
    endpoint.post("/Groups", group_body(&"ä".repeat(200), &[])).await.expect(201);
}

#[tokio::test]
async fn g14_adding_a_member_again_changes_nothing() {
    let endpoint = Endpoint::start().await;
    let (ada, bob, group) = acme(&endpoint).await;
    let before = endpoint.get(&format!("/Groups/{group}")).await.expect(200);
    endpoint.clock.advance(60);
    let add =
        json!([{"op": "add", "path": "members", "value": [{"value": ada}, {"value": ada}, {"value": bob}]}]);
    let after = endpoint.patch(&format!("/Groups/{group}"), add).await.expect(200);
    assert_eq!(before, after);
    assert_eq!(endpoint.outcome().await[0], "Acme (synced): ada bob");
}

#[tokio::test]
async fn a_patch_without_operations_changes_nothing() {
    let endpoint = Endpoint::start().await;
    let (_, _, group) = acme(&endpoint).await;
    let before = endpoint.get(&format!("/Groups/{group}")).await.expect(200);
    assert_eq!(endpoint.patch(&format!("/Groups/{group}"), json!([])).await.expect(200), before);
}
