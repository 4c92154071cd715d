//! Lists: filters, pages, projection.

use serde_json::{Value, json};

use crate::reference::endpoint::Endpoint;

fn names(list: &Value) -> Vec<&str> {
    let resources = list["Resources"].as_array().unwrap();
    resources.iter().map(|resource| resource["userName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a01_an_empty_directory_answers_an_empty_list() {
    let endpoint = Endpoint::start().await;
    for path in [
        "/Users?startIndex=1&count=2",
        "/Users?filter=userName+eq+%22no-such-user%22",
        "/Groups?excludedAttributes=members&filter=displayName+eq+%22none%22",
    ] {
        let answer = endpoint.get(path).await;
        let list = answer.expect(200);
        assert_eq!(list["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]));
        assert_eq!(list["totalResults"], 0);
        assert_eq!(list["Resources"], json!([]));
        assert_eq!(answer.header("content-type"), Some("application/scim+json"));
    }
}

#[tokio::test]
async fn lookups_of_the_providers_find_one() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    endpoint.user("adam").await;
    for path in [
        "/Users?filter=userName%20eq%20%22ada@example.com%22&startIndex=1&count=100",
        "/Users?filter=userName+eq+%22ADA%40example.com%22",
        "/Users?filter=externalId%20eq%20%22ext-ada%22",
        "/Users?aadOptscim062020&filter=username+Eq+%22ada%40example.com%22",
    ] {
        let list = endpoint.get(path).await.expect(200);
        assert_eq!(list["totalResults"], 1, "{path}");
        assert_eq!(list["Resources"][0]["id"], json!(ada), "{path}");
    }
    let other_case = endpoint.get("/Users?filter=externalId%20eq%20%22EXT-ada%22").await.expect(200);
    assert_eq!(other_case["totalResults"], 0);
    let group = endpoint.group("Acme", &[&ada]).await;
    let list =
        endpoint.get("/Groups?excludedAttributes=members&filter=displayName+eq+%22acme%22").await.expect(200);
    assert_eq!(list["Resources"][0]["id"], json!(group));
    assert_eq!(list["Resources"][0].get("members"), None);
    let spaced = endpoint.get("/Groups?filter=displayName+eq+%22acme+%22").await.expect(200);
    assert_eq!(spaced["totalResults"], 0);
}

#[tokio::test]
async fn e05_a_filter_that_is_not_documented_is_refused_unless_any_is_taken() {
    let endpoint = Endpoint::start().await;
    endpoint.user("ada").await;
    let by_email = "/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22ada%40example.com%22";
    for path in [by_email, "/Users?filter=userName+sw+%22a%22", "/Users?filter=userName+eq"] {
        let detail = endpoint.get(path).await.refused(400, "invalidFilter");
        assert_eq!(detail, "Resource [USER] invalid filter");
    }
    let detail = endpoint.get("/Groups?filter=id+eq+%22x%22").await.refused(400, "invalidFilter");
    assert_eq!(detail, "Resource [GROUP] invalid filter");
    endpoint.reference.set_knob(&endpoint.access.site, "filter_attrs", "any").unwrap();
    for path in [by_email, "/Users?filter=userName+sw+%22a%22+and+active+eq+true"] {
        assert_eq!(endpoint.get(path).await.expect(200)["totalResults"], 1, "{path}");
    }
    endpoint.get("/Users?filter=userName+eq").await.refused(400, "invalidFilter");
}

#[tokio::test]
async fn groups_are_found_by_member_where_any_filter_is_taken() {
    let endpoint = Endpoint::with_knobs(&[("filter_attrs", "any")]).await;
    let ada = endpoint.user("ada").await;
    let acme = endpoint.group("Acme", &[&ada]).await;
    endpoint.group("Beta", &[]).await;
    let path =
        format!("/Groups?excludedAttributes=members&filter=id+eq+%22{acme}%22+and+members+eq+%22{ada}%22");
    assert_eq!(endpoint.get(&path).await.expect(200)["totalResults"], 1);
}

#[tokio::test]
async fn pages_hold_everyone_once_in_the_order_of_creation() {
    let endpoint = Endpoint::with_knobs(&[("page.max", "3"), ("page.default", "2")]).await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        ids.push(endpoint.user(name).await);
    }
    endpoint.delete(&format!("/Users/{}", ids[1])).await.expect(204);
    let first = endpoint.get("/Users").await.expect(200);
    assert_eq!(names(&first), ["a@example.com", "c@example.com"]);
    assert_eq!((&first["totalResults"], &first["itemsPerPage"]), (&json!(4), &json!(2)));
    let second = endpoint.get("/Users?startIndex=3&count=50").await.expect(200);
    assert_eq!(names(&second), ["d@example.com", "e@example.com"]);
    assert_eq!(second["startIndex"], 3);
    let most = endpoint.get("/Users?startIndex=0&count=50").await.expect(200);
    assert_eq!(names(&most).len(), 3);
    let none = endpoint.get("/Users?count=0").await.expect(200);
    assert_eq!((names(&none).len(), &none["totalResults"]), (0, &json!(4)));
    let beyond = endpoint.get("/Users?startIndex=99").await.expect(200);
    assert_eq!((names(&beyond).len(), &beyond["totalResults"]), (0, &json!(4)));
    endpoint.get("/Users?startIndex=one").await.refused(400, "invalidValue");
}

#[tokio::test]
async fn only_the_attributes_that_are_asked_for_come_back() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    let user = endpoint.get(&format!("/Users/{ada}?attributes=userName,name.givenName")).await.expect(200);
    assert_eq!(user["name"], json!({"givenName": "ada"}));
    assert_eq!(user["id"], json!(ada));
    assert_eq!(user.get("emails"), None);
    let acme = endpoint.group("Acme", &[&ada]).await;
    let group = endpoint.get(&format!("/Groups/{acme}?excludedAttributes=members")).await.expect(200);
    assert_eq!(group.get("members"), None);
    assert_eq!(group["displayName"], "Acme");
    let group = endpoint.get(&format!("/Groups/{acme}?attributes=members")).await.expect(200);
    assert_eq!(group["members"][0]["value"], json!(ada));
    assert_eq!(group["members"][0]["display"], "ada@example.com");
}

#[tokio::test]
async fn a_change_with_parameters_that_are_refused_is_not_made() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    let both = "attributes=userName&excludedAttributes=emails";
    let off = json!([{"op": "replace", "path": "active", "value": false}]);
    endpoint.patch(&format!("/Users/{ada}?{both}"), off).await.refused(400, "invalidValue");
    endpoint
        .post(&format!("/Users?{both}"), crate::reference::endpoint::user_body("bob"))
        .await
        .refused(400, "invalidValue");
    assert_eq!(endpoint.outcome().await, ["ada"]);
}

#[tokio::test]
async fn a_knob_has_groups_come_whole() {
    let endpoint = Endpoint::with_knobs(&[("group_attributes", "ignored")]).await;
    let ada = endpoint.user("ada").await;
    let group = endpoint.group("Acme", &[&ada]).await;
    let one = endpoint.get(&format!("/Groups/{group}?excludedAttributes=members")).await.expect(200);
    assert_eq!(one["members"][0]["value"], json!(ada));
    let list = endpoint.get("/Groups?attributes=displayName").await.expect(200);
    assert_eq!(list["Resources"][0]["members"][0]["value"], json!(ada));
    let user = endpoint.get(&format!("/Users/{ada}?excludedAttributes=emails")).await.expect(200);
    assert_eq!(user.get("emails"), None, "users are as documented");
}
