//! The life of a user: U-01 to U-18 of docs/jira-service-management.md#user-cases.

use serde_json::{Value, json};

use crate::reference::endpoint::{Answer, Endpoint, id, user_body};

const ATLASSIAN: &str = "urn:scim:schemas:extension:atlassian-external:1.0";

fn account(user: &Value) -> String {
    user[ATLASSIAN]["atlassianAccountId"].as_str().unwrap().to_owned()
}

async fn set_active(endpoint: &Endpoint, user: &str, value: Value) -> Answer {
    let operations = json!([{"op": "Replace", "path": "active", "value": value}]);
    endpoint.patch(&format!("/Users/{user}"), operations).await
}

#[tokio::test]
async fn u01_a_new_user_is_an_active_customer() {
    let endpoint = Endpoint::start().await;
    let answer = endpoint.post("/Users", user_body("ada")).await;
    let user = answer.expect(201);
    assert_eq!(answer.header("location"), user["meta"]["location"].as_str());
    assert_eq!(answer.header("content-type"), Some("application/scim+json"));
    assert_eq!(user["meta"]["resourceType"], "User");
    assert_eq!(user["meta"]["created"], "2026-01-01T00:00:00.000000Z");
    assert_eq!(user["active"], true);
    assert_eq!(user["groups"], json!([]));
    assert!(user["schemas"].as_array().unwrap().contains(&json!(ATLASSIAN)));
    let site = endpoint.access.site.as_str();
    assert!(account(&user).starts_with(&format!("qm:{site}:")), "{user}");
    assert_eq!(endpoint.get(&format!("/Users/{}", id(&user))).await.expect(200), user);
    assert_eq!(endpoint.outcome().await, ["ada"]);
}

#[tokio::test]
async fn active_is_true_where_a_creation_leaves_it_out() {
    let endpoint = Endpoint::start().await;
    let mut body = user_body("ada");
    body.as_object_mut().unwrap().remove("active");
    assert_eq!(endpoint.post("/Users", body).await.expect(201)["active"], true);
}

#[tokio::test]
async fn a_password_is_accepted_and_never_returned() {
    let endpoint = Endpoint::start().await;
    let mut body = user_body("ada");
    body["password"] = json!("hush-hush");
    let answer = endpoint.post("/Users", body).await;
    let user = format!("/Users/{}", id(&answer.expect(201)));
    assert!(!answer.text.contains("hush"));
    let set = json!([{"op": "replace", "value": {"password": "hush-again"}}]);
    assert!(!endpoint.patch(&user, set).await.text.contains("hush"));
    assert!(!endpoint.get(&user).await.text.contains("hush"));
}

#[tokio::test]
async fn u02_a_customer_made_by_hand_is_linked_and_keeps_account_and_organizations() {
    let endpoint = Endpoint::start().await;
    let made = endpoint.manual_customer("ada").await;
    endpoint.manual_organization("Friends", &[&made]).await;
    let mut body = user_body("ada");
    body["emails"][0]["value"] = json!("Ada@Example.com");
    let user = endpoint.post("/Users", body).await.expect(201);
    assert_eq!(account(&user), made);
    assert_eq!(endpoint.outcome().await, ["Friends (manual): Ada", "Ada"]);
}

#[tokio::test]
async fn u04_deactivation_keeps_memberships_as_the_knob_says() {
    for (keeps, expected) in [("true", "Acme (synced): ada"), ("false", "Acme (synced):")] {
        let endpoint = Endpoint::with_knobs(&[("deactivate.keeps_memberships", keeps)]).await;
        let ada = endpoint.user("ada").await;
        endpoint.group("Acme", &[&ada]).await;
        let user = set_active(&endpoint, &ada, json!(false)).await.expect(200);
        assert_eq!(user["active"], false);
        assert_eq!(endpoint.outcome().await, [expected, "ada (deactivated)"]);
    }
}

#[tokio::test]
async fn deactivation_is_understood_in_every_form_that_providers_send() {
    let forms = [
        json!([{"op": "Replace", "path": "active", "value": "False"}]),
        json!([{"op": "Add", "path": "active", "value": "false"}]),
        json!([{"op": "replace", "value": {"active": false}}]),
        json!([{"op": "Replace", "value": {"active": "False"}}]),
        json!([{"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:active", "value": false}]),
    ];
    for form in forms {
        let endpoint = Endpoint::start().await;
        let ada = endpoint.user("ada").await;
        let user = endpoint.patch(&format!("/Users/{ada}"), form.clone()).await.expect(200);
        assert_eq!(user["active"], json!(false), "{form}");
        assert_eq!(endpoint.outcome().await, ["ada (deactivated)"], "{form}");
    }
}

#[tokio::test]
async fn u05_reactivation_gives_the_same_account_back() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    let before = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
    set_active(&endpoint, &ada, json!("False")).await.expect(200);
    let found = endpoint.get("/Users?filter=userName+eq+%22ada%40example.com%22").await.expect(200);
    assert_eq!(found["Resources"][0]["active"], false);
    let after = set_active(&endpoint, &ada, json!("True")).await.expect(200);
    assert_eq!(account(&before), account(&after));
    assert_eq!(endpoint.outcome().await, ["ada"]);
}

#[tokio::test]
async fn u06_a_second_user_of_one_address_is_refused() {
    let endpoint = Endpoint::start().await;
    endpoint.user("ada").await;
    let detail = endpoint.post("/Users", user_body("ada")).await.refused(409, "uniqueness");
    assert_eq!(detail, "Resource [USER]: with email[ada@example.com] already exists.");
    let mut body = user_body("bob");
    body["userName"] = json!("ada@example.com");
    let detail = endpoint.post("/Users", body).await.refused(409, "uniqueness");
    assert_eq!(detail, "Resource [USER]: with userName[ada@example.com] already exists.");
    assert_eq!(endpoint.outcome().await, ["ada"]);
}

#[tokio::test]
async fn u07_a_new_address_keeps_customer_and_organizations() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    endpoint.group("Acme", &[&ada]).await;
    let before = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
    let operations = json!([
        {"op": "Replace", "path": "userName", "value": "lovelace@example.com"},
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "lovelace@example.com"},
    ]);
    let after = endpoint.patch(&format!("/Users/{ada}"), operations).await.expect(200);
    assert_eq!(account(&before), account(&after));
    assert_eq!(endpoint.outcome().await, ["Acme (synced): lovelace", "lovelace"]);
    let old = endpoint.get("/Users?filter=userName%20eq%20%22ada@example.com%22").await.expect(200);
    assert_eq!(old["totalResults"], 0);
    let new = endpoint.get("/Users?filter=userName%20eq%20%22LOVELACE@example.com%22").await.expect(200);
    assert_eq!(new["totalResults"], 1);
}

#[tokio::test]
async fn u07_a_new_address_unlinks_where_the_knob_says_so() {
    let endpoint = Endpoint::with_knobs(&[("email_change.unlinks", "true")]).await;
    let ada = endpoint.user("ada").await;
    endpoint.group("Acme", &[&ada]).await;
    let before = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
    let mut body = user_body("lovelace");
    body["externalId"] = json!("ext-ada");
    let after = endpoint.put(&format!("/Users/{ada}"), body).await.expect(200);
    assert_ne!(account(&before), account(&after));
    assert_eq!(after["groups"], json!([]));
    assert_eq!(endpoint.outcome().await, ["Acme (synced):", "ada", "lovelace"]);
}

#[tokio::test]
async fn u08_an_address_of_another_customer_is_refused_and_both_stay() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    endpoint.user("bob").await;
    endpoint.manual_customer("carl").await;
    for other in ["bob", "carl"] {
        let address = format!("{other}@example.com");
        let operations =
            json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": address}]);
        let detail = endpoint.patch(&format!("/Users/{ada}"), operations).await.refused(409, "uniqueness");
        assert_eq!(detail, format!("Resource [USER]: with email[{address}] already exists."));
    }
    assert_eq!(endpoint.outcome().await, ["ada", "bob", "carl"]);
}

#[tokio::test]
async fn u09_a_rehired_person_is_refused_until_the_old_record_is_gone() {
    let endpoint = Endpoint::start().await;
    let old = endpoint.user("ada").await;
    let before = endpoint.get(&format!("/Users/{old}")).await.expect(200);
    set_active(&endpoint, &old, json!(false)).await.expect(200);
    let mut body = user_body("ada");
    body["externalId"] = json!("ext-new");
    endpoint.post("/Users", body.clone()).await.refused(409, "uniqueness");
    endpoint.delete(&format!("/Users/{old}")).await.expect(204);
    let after = endpoint.post("/Users", body).await.expect(201);
    assert_eq!(account(&before), account(&after));
}

#[tokio::test]
async fn u10_access_revoked_by_hand_stays_away_as_the_knob_says() {
    for (knob, expected) in [("stays", "ada (deactivated)"), ("lifted", "ada")] {
        let endpoint = Endpoint::with_knobs(&[("manual_revoke", knob)]).await;
        let ada = endpoint.user("ada").await;
        let user = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
        let path = format!("/customer/user/{}/revoke-portal-only-access", account(&user));
        endpoint.rest("PUT", &path, None).await.expect(204);
        assert_eq!(endpoint.outcome().await, ["ada (deactivated)"]);
        set_active(&endpoint, &ada, json!(true)).await.expect(200);
        assert_eq!(endpoint.outcome().await, [expected]);
    }
}

#[tokio::test]
async fn u11_a_deleted_user_leaves_a_deactivated_customer() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    let acme = endpoint.group("Acme", &[&ada]).await;
    endpoint.delete(&format!("/Users/{ada}")).await.expect(204);
    endpoint.get(&format!("/Users/{ada}")).await.expect(404);
    endpoint.delete(&format!("/Users/{ada}")).await.expect(404);
    assert_eq!(endpoint.members(&acme).await, Vec::<String>::new());
    assert_eq!(endpoint.outcome().await, ["Acme (synced):", "ada (deactivated)"]);
}

#[tokio::test]
async fn u11_a_deleted_users_customer_goes_where_the_knob_says_so() {
    let endpoint = Endpoint::with_knobs(&[("delete_user", "hard_delete")]).await;
    let ada = endpoint.user("ada").await;
    endpoint.delete(&format!("/Users/{ada}")).await.expect(204);
    assert_eq!(endpoint.outcome().await, Vec::<String>::new());
}

#[tokio::test]
async fn u12_a_user_created_again_has_a_new_id_and_the_old_customer() {
    let endpoint = Endpoint::start().await;
    let first = endpoint.post("/Users", user_body("ada")).await.expect(201);
    endpoint.delete(&format!("/Users/{}", id(&first))).await.expect(204);
    let second = endpoint.post("/Users", user_body("ada")).await.expect(201);
    assert_ne!(id(&first), id(&second));
    assert_eq!(account(&first), account(&second));
    assert_eq!(endpoint.outcome().await, ["ada"]);
}

#[tokio::test]
async fn u13_a_put_clears_what_it_leaves_out_but_not_active() {
    let endpoint = Endpoint::start().await;
    let mut body = user_body("ada");
    body["title"] = json!("Countess");
    body["active"] = json!(false);
    let user = endpoint.post("/Users", body).await.expect(201);
    let mut body = user_body("ada");
    body.as_object_mut().unwrap().remove("active");
    let after = endpoint.put(&format!("/Users/{}", id(&user)), body).await.expect(200);
    assert_eq!(after.get("title"), None);
    assert_eq!(after["active"], false);
}

#[tokio::test]
async fn a_put_that_changes_nothing_leaves_the_record_as_it_was() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    endpoint.group("Acme", &[&ada]).await;
    let before = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
    endpoint.clock.advance(60);
    let after = endpoint.put(&format!("/Users/{ada}"), before.clone()).await.expect(200);
    assert_eq!(before, after);
    endpoint.clock.advance(60);
    let mut changed = before.clone();
    changed["title"] = json!("Countess");
    let after = endpoint.put(&format!("/Users/{ada}"), changed).await.expect(200);
    assert_eq!(after["meta"]["lastModified"], "2026-01-01T00:02:00.000000Z");
    assert_eq!(after["meta"]["created"], before["meta"]["created"]);
    assert_eq!(endpoint.outcome().await, ["Acme (synced): ada", "ada"]);
}

#[tokio::test]
async fn u14_a_user_created_inactive_has_no_access() {
    let endpoint = Endpoint::start().await;
    let mut body = user_body("ada");
    body["active"] = json!(false);
    endpoint.post("/Users", body).await.expect(201);
    assert_eq!(endpoint.outcome().await, ["ada (deactivated)"]);
}

#[tokio::test]
async fn u15_one_primary_address_and_a_user_name_are_required() {
    let endpoint = Endpoint::start().await;
    for (attribute, value) in [
        ("emails", Value::Null),
        ("emails", json!([])),
        ("emails", json!([{"value": "ada@example.com", "type": "work"}])),
        ("userName", Value::Null),
        ("userName", json!("")),
    ] {
        let mut body = user_body("ada");
        body[attribute] = value;
        endpoint.post("/Users", body).await.refused(400, "invalidValue");
    }
    assert_eq!(endpoint.outcome().await, Vec::<String>::new());
}

#[tokio::test]
async fn u16_a_user_name_in_other_case_is_the_same() {
    let endpoint = Endpoint::start().await;
    endpoint.user("ada").await;
    let mut body = user_body("other");
    body["userName"] = json!("ADA@example.com");
    endpoint.post("/Users", body).await.refused(409, "uniqueness");
}

#[tokio::test]
async fn u17_an_external_id_in_use_is_refused_as_the_knob_says() {
    let endpoint = Endpoint::start().await;
    endpoint.user("ada").await;
    let mut body = user_body("bob");
    body["externalId"] = json!("ext-ada");
    let detail = endpoint.post("/Users", body.clone()).await.refused(409, "uniqueness");
    assert_eq!(detail, "Resource [USER]: with externalId[ext-ada] already exists.");
    let site = &endpoint.access.site;
    endpoint.reference.set_knob(site, "uniqueness", "userName,email").unwrap();
    endpoint.post("/Users", body).await.expect(201);
}

#[tokio::test]
async fn u18_attributes_and_excluded_attributes_exclude_each_other() {
    let endpoint = Endpoint::start().await;
    let both = "/Users?attributes=userName&excludedAttributes=emails";
    endpoint.get(both).await.refused(400, "invalidValue");
}

#[tokio::test]
async fn a_directory_takes_no_more_users_than_its_limit() {
    let endpoint = Endpoint::with_knobs(&[("user_limit", "1")]).await;
    let ada = endpoint.user("ada").await;
    endpoint.post("/Users", user_body("bob")).await.expect(400);
    set_active(&endpoint, &ada, json!(false)).await.expect(200);
    assert_eq!(endpoint.outcome().await, ["ada (deactivated)"]);
}

#[tokio::test]
async fn a_refused_patch_leaves_nothing_behind() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    let before = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
    let operations = json!([
        {"op": "replace", "path": "title", "value": "Countess"},
        {"op": "replace", "path": "active", "value": "perhaps"},
    ]);
    endpoint.patch(&format!("/Users/{ada}"), operations).await.expect(400);
    assert_eq!(endpoint.get(&format!("/Users/{ada}")).await.expect(200), before);
}

#[tokio::test]
async fn the_name_that_people_see_follows_the_directory() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    let names = async || {
        let customers = endpoint.values("/servicedesk/1/customer").await;
        customers[0]["displayName"].as_str().unwrap().to_owned()
    };
    assert_eq!(names().await, "ada Test");
    let operations = json!([{"op": "Add", "path": "displayName", "value": "Countess"}]);
    endpoint.patch(&format!("/Users/{ada}"), operations).await.expect(200);
    assert_eq!(names().await, "Countess");
}
