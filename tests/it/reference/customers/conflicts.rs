//! Group-name conflicts: C-01 to C-12 of docs/jira-service-management.md#conflict-cases.

use serde_json::json;

use crate::reference::endpoint::{Endpoint, group_body, id};

const SKIP: (&str, &str) = ("conflict.setting", "skip");
const ACCEPT: (&str, &str) = ("conflict.skip_response", "accept_unprojected");

/// A manual organization Acme with the customers x and y, and a provisioned user z.
async fn acme(endpoint: &Endpoint) -> (String, String) {
    let x = endpoint.manual_customer("x").await;
    let y = endpoint.manual_customer("y").await;
    let organization = endpoint.manual_organization("Acme", &[&x, &y]).await;
    (organization, endpoint.user("z").await)
}

#[tokio::test]
async fn c01_sync_makes_the_organization_match_the_group() {
    let endpoint = Endpoint::start().await;
    let (organization, z) = acme(&endpoint).await;
    let x = endpoint.user("x").await;
    let group = endpoint.group("Acme", &[]).await;
    let add = json!([{"op": "add", "path": "members", "value": [{"value": x}, {"value": z}]}]);
    endpoint.patch(&format!("/Groups/{group}"), add).await.expect(200);
    assert_eq!(endpoint.outcome().await, ["Acme (synced): x z", "x", "y", "z"]);
    let kept = endpoint.rest("GET", &format!("/organization/{organization}"), None).await.expect(200);
    assert_eq!(kept["scimManaged"], true);
}

#[tokio::test]
async fn c01_extra_members_stay_where_the_knob_says_so() {
    let endpoint = Endpoint::with_knobs(&[("adopt.removes_extra_members", "false")]).await;
    let (_, z) = acme(&endpoint).await;
    endpoint.group("Acme", &[&z]).await;
    assert_eq!(endpoint.outcome().await[0], "Acme (synced): x y z");
}

#[tokio::test]
async fn c02_skip_refuses_the_group_and_leaves_the_organization() {
    let endpoint = Endpoint::with_knobs(&[SKIP]).await;
    let (_, z) = acme(&endpoint).await;
    let answer = endpoint.post("/Groups", group_body("Acme", &[&z])).await;
    let detail = answer.refused(409, "uniqueness");
    assert_eq!(detail, "Resource [GROUP]: with displayName[Acme] already exists.");
    assert_eq!(endpoint.outcome().await, ["Acme (manual): x y", "x", "y", "z"]);
    assert_eq!(endpoint.get("/Groups").await.expect(200)["totalResults"], 0);
}

#[tokio::test]
async fn c02_skip_may_accept_the_group_and_still_leave_the_organization() {
    let endpoint = Endpoint::with_knobs(&[SKIP, ACCEPT]).await;
    let (_, z) = acme(&endpoint).await;
    let group = endpoint.group("Acme", &[&z]).await;
    assert_eq!(endpoint.outcome().await[0], "Acme (manual): x y");
    assert_eq!(endpoint.members(&group).await, [z]);
}

#[tokio::test]
async fn c03_patches_of_a_skipped_group_do_not_reach_the_organization() {
    let endpoint = Endpoint::with_knobs(&[SKIP, ACCEPT]).await;
    let (_, z) = acme(&endpoint).await;
    let group = endpoint.group("Acme", &[]).await;
    let add = json!([{"op": "add", "path": "members", "value": [{"value": z}]}]);
    endpoint.patch(&format!("/Groups/{group}"), add).await.expect(200);
    assert_eq!(endpoint.outcome().await[0], "Acme (manual): x y");
}

#[tokio::test]
async fn c04_a_rename_onto_a_manual_organization_is_refused_under_both_settings() {
    for setting in ["sync", "skip"] {
        let endpoint = Endpoint::with_knobs(&[("conflict.setting", setting)]).await;
        let (_, z) = acme(&endpoint).await;
        let group = endpoint.group("Old", &[&z]).await;
        let rename = json!([{"op": "replace", "value": {"id": group, "displayName": "Acme"}}]);
        let answer = endpoint.patch(&format!("/Groups/{group}"), rename).await;
        let detail = answer.refused(409, "uniqueness");
        assert_eq!(detail, "Resource [GROUP]: with displayName[Acme] already exists.");
        let answer = endpoint.put(&format!("/Groups/{group}"), group_body("Acme", &[])).await;
        answer.refused(409, "uniqueness");
        assert_eq!(endpoint.outcome().await[..2], ["Acme (manual): x y", "Old (synced): z"]);
    }
}

#[tokio::test]
async fn c04_the_status_of_the_refusal_is_a_knob() {
    let endpoint = Endpoint::with_knobs(&[("rename.conflict_status", "400")]).await;
    acme(&endpoint).await;
    let group = endpoint.group("Old", &[]).await;
    let rename = json!([{"op": "replace", "path": "displayName", "value": "Acme"}]);
    endpoint.patch(&format!("/Groups/{group}"), rename).await.refused(400, "invalidValue");
}

#[tokio::test]
async fn c05_a_rename_onto_a_synced_organization_is_refused() {
    let endpoint = Endpoint::start().await;
    endpoint.group("Acme", &[]).await;
    let group = endpoint.group("Old", &[]).await;
    let rename = json!([{"op": "Replace", "path": "displayName", "value": "ACME"}]);
    endpoint.patch(&format!("/Groups/{group}"), rename).await.refused(409, "uniqueness");
    assert_eq!(endpoint.outcome().await, ["Acme (synced):", "Old (synced):"]);
}

#[tokio::test]
async fn c06_a_second_group_of_one_name_is_refused() {
    for setting in ["sync", "skip"] {
        let endpoint = Endpoint::with_knobs(&[("conflict.setting", setting)]).await;
        endpoint.group("Acme", &[]).await;
        let answer = endpoint.post("/Groups", group_body("Acme", &[])).await;
        let detail = answer.refused(409, "uniqueness");
        assert_eq!(detail, "Resource [GROUP]: with displayName[Acme] already exists.");
    }
}

#[tokio::test]
async fn c07_case_and_space_make_a_conflict_as_the_knob_says() {
    for name in ["acme", "Acme ", " ACME"] {
        let endpoint = Endpoint::start().await;
        endpoint.group("Acme", &[]).await;
        endpoint.post("/Groups", group_body(name, &[])).await.refused(409, "uniqueness");
        let endpoint = Endpoint::with_knobs(&[("org_name_match", "exact")]).await;
        endpoint.group("Acme", &[]).await;
        endpoint.group(name, &[]).await;
    }
}

#[tokio::test]
async fn c07_the_adopted_organization_takes_the_groups_spelling() {
    let endpoint = Endpoint::start().await;
    acme(&endpoint).await;
    endpoint.group("ACME", &[]).await;
    assert_eq!(endpoint.outcome().await[0], "ACME (synced):");
}

#[tokio::test]
async fn c08_a_skipped_group_stays_skipped_when_the_setting_changes() {
    let endpoint = Endpoint::with_knobs(&[SKIP, ACCEPT]).await;
    let (_, z) = acme(&endpoint).await;
    let group = endpoint.group("Acme", &[]).await;
    endpoint.reference.set_knob(&endpoint.access.site, "conflict.setting", "sync").unwrap();
    let add = json!([{"op": "add", "path": "members", "value": [{"value": z}]}]);
    endpoint.patch(&format!("/Groups/{group}"), add).await.expect(200);
    assert_eq!(endpoint.outcome().await[0], "Acme (manual): x y");
    endpoint.delete(&format!("/Groups/{group}")).await.expect(204);
    assert_eq!(endpoint.outcome().await[0], "Acme (manual): x y");
    endpoint.group("Acme", &[&z]).await;
    assert_eq!(endpoint.outcome().await[0], "Acme (synced): z");
}

#[tokio::test]
async fn c09_an_adopted_organization_stays_synced_when_the_setting_changes() {
    let endpoint = Endpoint::start().await;
    let (_, z) = acme(&endpoint).await;
    let group = endpoint.group("Acme", &[]).await;
    endpoint.reference.set_knob(&endpoint.access.site, "conflict.setting", "skip").unwrap();
    let add = json!([{"op": "add", "path": "members", "value": [{"value": z}]}]);
    endpoint.patch(&format!("/Groups/{group}"), add).await.expect(200);
    assert_eq!(endpoint.outcome().await[0], "Acme (synced): z");
}

#[tokio::test]
async fn c10_a_manual_organization_of_a_synced_ones_name_is_that_one() {
    let endpoint = Endpoint::start().await;
    endpoint.group("Acme", &[]).await;
    endpoint.manual_organization("acme", &[]).await;
    assert_eq!(endpoint.outcome().await, ["Acme (synced):"]);
}

#[tokio::test]
async fn c11_the_group_syncs_once_the_organization_was_deleted_by_hand() {
    let endpoint = Endpoint::with_knobs(&[SKIP]).await;
    let (organization, z) = acme(&endpoint).await;
    endpoint.post("/Groups", group_body("Acme", &[&z])).await.expect(409);
    endpoint.rest("DELETE", &format!("/organization/{organization}"), None).await.expect(204);
    endpoint.group("Acme", &[&z]).await;
    assert_eq!(endpoint.outcome().await[0], "Acme (synced): z");
}

#[tokio::test]
async fn c12_members_in_the_creation_end_as_members_added_later() {
    let endpoint = Endpoint::start().await;
    let (organization, z) = acme(&endpoint).await;
    endpoint.group("Acme", &[&z]).await;
    assert_eq!(endpoint.outcome().await, ["Acme (synced): z", "x", "y", "z"]);
    endpoint.rest("GET", &format!("/organization/{organization}"), None).await.expect(200);
}

#[tokio::test]
async fn renames_can_be_unsupported_as_on_the_employees_side() {
    let endpoint = Endpoint::with_knobs(&[("rename.supported", "false")]).await;
    let group = endpoint.group("Acme", &[]).await;
    let rename = json!([{"op": "replace", "path": "displayName", "value": "Other"}]);
    endpoint.patch(&format!("/Groups/{group}"), rename).await.refused(400, "mutability");
    let same = endpoint.put(&format!("/Groups/{group}"), group_body("Acme", &[])).await.expect(200);
    assert_eq!(id(&same), group);
}

#[tokio::test]
async fn the_rule_for_names_can_change_while_organizations_stand() {
    let endpoint = Endpoint::with_knobs(&[("org_name_match", "exact")]).await;
    let first = endpoint.group("Acme", &[]).await;
    endpoint.group("acme", &[]).await;
    let site = &endpoint.access.site;
    endpoint.reference.set_knob(site, "org_name_match", "casefold_trim").unwrap();
    let third = endpoint.post("/Groups", group_body("ACME", &[])).await;
    third.refused(409, "uniqueness");
    endpoint.delete(&format!("/Groups/{first}")).await.expect(204);
    endpoint.reference.set_knob(site, "org_name_match", "exact").unwrap();
    endpoint.group("Acme", &[]).await;
    assert_eq!(endpoint.outcome().await, ["Acme (synced):", "acme (synced):"]);
}
