//! What each defect changes. Every test holds the sound endpoint against the defective one.

use serde_json::{Value, json};

use super::endpoint::{Endpoint, group_body, id, sorted, user_body};

/// A sound endpoint, and one with the defect.
async fn pair(defect: &str) -> [Endpoint; 2] {
    [Endpoint::start().await, Endpoint::with_defect(defect).await]
}

/// A group Acme with the members ada and bob; their ids and the group's path.
async fn acme(endpoint: &Endpoint) -> (String, String, String) {
    let ada = endpoint.user("ada").await;
    let bob = endpoint.user("bob").await;
    let group = endpoint.group("Acme", &[&ada, &bob]).await;
    (ada, bob, format!("/Groups/{group}"))
}

/// The line of Acme after one PATCH of the group on either endpoint.
async fn acme_after(defect: &str, operations: impl Fn(&str, &str) -> Value) -> [String; 2] {
    let mut lines = Vec::new();
    for endpoint in pair(defect).await {
        let (ada, _, group) = acme(&endpoint).await;
        let carl = endpoint.user("carl").await;
        endpoint.patch(&group, operations(&ada, &carl)).await.expect(200);
        lines.push(endpoint.outcome().await.remove(0));
    }
    lines.try_into().unwrap()
}

/// Whether ada is active after one PATCH on either endpoint.
async fn ada_after(defect: &str, operations: Value) -> [bool; 2] {
    let mut active = Vec::new();
    for endpoint in pair(defect).await {
        let ada = endpoint.user("ada").await;
        endpoint.patch(&format!("/Users/{ada}"), operations.clone()).await.expect(200);
        active.push(endpoint.outcome().await == ["ada"]);
    }
    active.try_into().unwrap()
}

#[tokio::test]
async fn remove_one_removes_all() {
    let lines = acme_after(
        "remove-one-removes-all",
        |ada, _| json!([{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}]),
    );
    assert_eq!(lines.await, ["Acme (synced): bob", "Acme (synced):"]);
}

#[tokio::test]
async fn remove_by_value_list_ignored() {
    let lines = acme_after(
        "remove-by-value-list-ignored",
        |ada, _| json!([{"op": "Remove", "path": "members", "value": [{"value": ada}]}]),
    );
    assert_eq!(lines.await, ["Acme (synced): bob", "Acme (synced): ada bob"]);
}

#[tokio::test]
async fn add_replaces_members() {
    let lines = acme_after(
        "add-replaces-members",
        |_, carl| json!([{"op": "add", "path": "members", "value": [{"value": carl}]}]),
    );
    assert_eq!(lines.await, ["Acme (synced): ada bob carl", "Acme (synced): carl"]);
}

#[tokio::test]
async fn re_add_doubles_member() {
    let lines = acme_after(
        "re-add-doubles-member",
        |ada, _| json!([{"op": "add", "path": "members", "value": [{"value": ada}]}]),
    );
    assert_eq!(lines.await, ["Acme (synced): ada bob", "Acme (synced): ada ada bob"]);
    let [sound, broken] = pair("re-add-doubles-member").await;
    for (endpoint, expected) in [(sound, 2), (broken, 3)] {
        let (ada, _, group) = acme(&endpoint).await;
        let add = json!([{"op": "add", "path": "members", "value": [{"value": ada}]}]);
        let body = endpoint.patch(&group, add).await.expect(200);
        assert_eq!(body["members"].as_array().unwrap().len(), expected);
    }
}

#[tokio::test]
async fn unknown_member_ignored() {
    let add = json!([{"op": "add", "path": "members", "value": [{"value": "nobody"}]}]);
    for (endpoint, status) in pair("unknown-member-ignored").await.into_iter().zip([404, 200]) {
        let (_, _, group) = acme(&endpoint).await;
        endpoint.patch(&group, add.clone()).await.expect(status);
        assert_eq!(endpoint.outcome().await[0], "Acme (synced): ada bob");
    }
}

#[tokio::test]
async fn rename_wipes_members() {
    let lines = acme_after(
        "rename-wipes-members",
        |_, _| json!([{"op": "replace", "value": {"displayName": "Beta"}}]),
    );
    assert_eq!(lines.await, ["Beta (synced): ada bob", "Beta (synced):"]);
}

#[tokio::test]
async fn rename_makes_twin() {
    let rename = json!([{"op": "replace", "path": "displayName", "value": "Acme"}]);
    for (endpoint, status) in pair("rename-makes-twin").await.into_iter().zip([409, 200]) {
        acme(&endpoint).await;
        let old = endpoint.group("Old", &[]).await;
        endpoint.patch(&format!("/Groups/{old}"), rename.clone()).await.expect(status);
        let name = if status == 409 { "Old (synced):" } else { "Acme (synced):" };
        assert!(endpoint.outcome().await.contains(&name.to_owned()));
    }
}

#[tokio::test]
async fn duplicate_organization() {
    for (endpoint, status) in pair("duplicate-organization").await.into_iter().zip([409, 201]) {
        acme(&endpoint).await;
        endpoint.post("/Groups", group_body("Acme", &[])).await.expect(status);
        let twins = endpoint.values("/organization").await.len();
        assert_eq!(twins, if status == 409 { 1 } else { 2 });
    }
}

#[tokio::test]
async fn delete_user_leaves_member() {
    for (endpoint, left) in pair("delete-user-leaves-member").await.into_iter().zip([false, true]) {
        let (ada, bob, group) = acme(&endpoint).await;
        endpoint.delete(&format!("/Users/{ada}")).await.expect(204);
        let members = endpoint.members(group.trim_start_matches("/Groups/")).await;
        assert_eq!(members, if left { sorted(&[&ada, &bob]) } else { vec![bob] });
    }
}

#[tokio::test]
async fn put_drops_memberships() {
    for (endpoint, expected) in
        pair("put-drops-memberships").await.into_iter().zip(["Acme (synced): ada bob", "Acme (synced): bob"])
    {
        let (ada, _, _) = acme(&endpoint).await;
        let body = endpoint.get(&format!("/Users/{ada}")).await.expect(200);
        endpoint.put(&format!("/Users/{ada}"), body).await.expect(200);
        assert_eq!(endpoint.outcome().await[0], expected);
    }
}

#[tokio::test]
async fn string_false_ignored() {
    let string = json!([{"op": "Replace", "path": "active", "value": "False"}]);
    assert_eq!(ada_after("string-false-ignored", string).await, [false, true]);
    let boolean = json!([{"op": "replace", "path": "active", "value": false}]);
    assert_eq!(ada_after("string-false-ignored", boolean).await, [false, false]);
}

#[tokio::test]
async fn pathless_active_ignored() {
    let pathless = json!([{"op": "replace", "value": {"active": false}}]);
    assert_eq!(ada_after("pathless-active-ignored", pathless).await, [false, true]);
    let pathed = json!([{"op": "replace", "path": "active", "value": false}]);
    assert_eq!(ada_after("pathless-active-ignored", pathed).await, [false, false]);
}

#[tokio::test]
async fn deactivate_deletes() {
    let off = json!([{"op": "replace", "path": "active", "value": false}]);
    for (endpoint, status) in pair("deactivate-deletes").await.into_iter().zip([200, 404]) {
        let ada = format!("/Users/{}", endpoint.user("ada").await);
        endpoint.patch(&ada, off.clone()).await;
        endpoint.get(&ada).await.expect(status);
    }
}

#[tokio::test]
async fn inactive_hidden() {
    let off = json!([{"op": "replace", "path": "active", "value": false}]);
    for (endpoint, found) in pair("inactive-hidden").await.into_iter().zip([1, 0]) {
        let ada = endpoint.user("ada").await;
        endpoint.patch(&format!("/Users/{ada}"), off.clone()).await.expect(200);
        for path in ["/Users", "/Users?filter=userName+eq+%22ada%40example.com%22"] {
            assert_eq!(endpoint.get(path).await.expect(200)["totalResults"], found, "{path}");
        }
    }
}

#[tokio::test]
async fn filter_ignored() {
    for (endpoint, found) in pair("filter-ignored").await.into_iter().zip([0, 2]) {
        acme(&endpoint).await;
        let list = endpoint.get("/Users?filter=userName+eq+%22nobody%22").await.expect(200);
        assert_eq!(list["totalResults"], found);
    }
}

#[tokio::test]
async fn prefix_filter() {
    for (endpoint, found) in pair("prefix-filter").await.into_iter().zip([1, 2]) {
        endpoint.group("Acme", &[]).await;
        endpoint.group("Acme Corp", &[]).await;
        let list = endpoint.get("/Groups?filter=displayName+eq+%22Acme%22").await.expect(200);
        assert_eq!(list["totalResults"], found);
    }
}

#[tokio::test]
async fn miss_is_404() {
    for (endpoint, status) in pair("miss-is-404").await.into_iter().zip([200, 404]) {
        endpoint.get("/Users?filter=userName+eq+%22nobody%22").await.expect(status);
        endpoint.get("/Users").await.expect(200);
    }
}

#[tokio::test]
async fn case_twins_accepted() {
    for (endpoint, status) in pair("case-twins-accepted").await.into_iter().zip([409, 201]) {
        endpoint.user("ada").await;
        let mut twin = user_body("ADA");
        twin["externalId"] = json!("other");
        endpoint.post("/Users", twin).await.expect(status);
        let customers = endpoint.outcome().await.len();
        assert_eq!(customers, if status == 409 { 1 } else { 2 });
    }
}

#[tokio::test]
async fn excluded_attributes_ignored() {
    for (endpoint, there) in pair("excluded-attributes-ignored").await.into_iter().zip([false, true]) {
        let (_, _, group) = acme(&endpoint).await;
        let one = endpoint.get(&format!("{group}?excludedAttributes=members")).await.expect(200);
        assert_eq!(one.get("members").is_some(), there);
        let list = endpoint.get("/Groups?excludedAttributes=members").await.expect(200);
        assert_eq!(list["Resources"][0].get("members").is_some(), there);
    }
}

#[tokio::test]
async fn members_as_null() {
    for (endpoint, members) in pair("members-as-null").await.into_iter().zip([json!([]), Value::Null]) {
        let group = endpoint.post("/Groups", group_body("Acme", &[])).await.expect(201);
        assert_eq!(group.get("members"), Some(&members));
    }
}

#[tokio::test]
async fn active_as_string() {
    for (endpoint, active) in pair("active-as-string").await.into_iter().zip([json!(true), json!("True")]) {
        assert_eq!(endpoint.post("/Users", user_body("ada")).await.expect(201)["active"], active);
    }
}

#[tokio::test]
async fn create_201_without_id() {
    for (endpoint, there) in pair("create-201-without-id").await.into_iter().zip([true, false]) {
        for (path, body) in [("/Users", user_body("ada")), ("/Groups", group_body("Acme", &[]))] {
            let created = endpoint.post(path, body).await.expect(201);
            assert_eq!(created.get("id").is_some(), there);
        }
    }
}

#[tokio::test]
async fn string_total_results() {
    for (endpoint, total) in pair("string-total-results").await.into_iter().zip([json!(0), json!("0")]) {
        assert_eq!(endpoint.get("/Users").await.expect(200)["totalResults"], total);
    }
}

#[tokio::test]
async fn start_index_ignored() {
    for (endpoint, there) in pair("start-index-ignored").await.into_iter().zip([false, true]) {
        let (ada, _, _) = acme(&endpoint).await;
        let page = endpoint.get("/Users?startIndex=2&count=1").await.expect(200);
        assert_eq!(id(&page["Resources"][0]) == ada, there);
    }
}

#[tokio::test]
async fn password_echoed() {
    for (endpoint, there) in pair("password-echoed").await.into_iter().zip([false, true]) {
        let mut body = user_body("ada");
        body["password"] = json!("hush-hush");
        assert_eq!(endpoint.post("/Users", body).await.text.contains("hush-hush"), there);
    }
}

#[tokio::test]
async fn half_applied_patch() {
    for (endpoint, title) in pair("half-applied-patch").await.into_iter().zip([None, Some("Countess")]) {
        let ada = format!("/Users/{}", endpoint.user("ada").await);
        let operations = json!([
            {"op": "replace", "path": "title", "value": "Countess"},
            {"op": "replace", "path": "active", "value": "perhaps"},
        ]);
        endpoint.patch(&ada, operations).await.expect(400);
        let user = endpoint.get(&ada).await.expect(200);
        assert_eq!(user.get("title").and_then(Value::as_str), title);
    }
}
