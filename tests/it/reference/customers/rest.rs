//! The product's REST API (docs/jira-service-management.md#the-products-rest-api).

use serde_json::json;

use crate::reference::endpoint::Endpoint;

#[tokio::test]
async fn an_organization_is_read_as_the_product_shows_it() {
    let endpoint = Endpoint::start().await;
    endpoint.group("Acme", &[]).await;
    let page = endpoint.rest("GET", "/organization", None).await;
    assert_eq!(page.header("content-type"), Some("application/json"));
    let page = page.expect(200);
    for field in ["_expands", "size", "start", "limit", "isLastPage", "_links", "values"] {
        assert!(page.get(field).is_some(), "{field}");
    }
    let organization = &page["values"][0];
    assert_eq!(organization["id"], "1");
    assert_eq!(organization["scimManaged"], true);
    assert_eq!(organization["created"]["epochMillis"], 1_767_225_600_000_i64);
    assert_eq!(organization["created"]["iso8601"], "2026-01-01T00:00:00+0000");
    assert!(organization["uuid"].is_string());
    assert_eq!(endpoint.rest("GET", "/organization/1", None).await.expect(200), *organization);
    assert!(endpoint.rest("GET", "/organization/9", None).await.expect(404)["errorMessage"].is_string());
}

#[tokio::test]
async fn creating_an_organization_of_an_existing_name_answers_the_existing_one() {
    let endpoint = Endpoint::start().await;
    let first = endpoint.manual_organization("Acme", &[]).await;
    assert_eq!(endpoint.manual_organization("acme", &[]).await, first);
    for name in [String::new(), "x".repeat(201)] {
        endpoint.rest("POST", "/organization", Some(json!({"name": name}))).await.expect(400);
    }
}

#[tokio::test]
async fn pages_link_to_each_other() {
    let endpoint = Endpoint::start().await;
    for name in ["A", "B", "C"] {
        endpoint.manual_organization(name, &[]).await;
    }
    let page = endpoint.rest("GET", "/organization?start=1&limit=1", None).await.expect(200);
    assert_eq!((&page["size"], &page["start"], &page["limit"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(page["isLastPage"], false);
    assert_eq!(page["values"][0]["name"], "B");
    assert!(page["_links"]["next"].as_str().unwrap().ends_with("/organization?start=2&limit=1"));
    assert!(page["_links"]["prev"].as_str().unwrap().ends_with("/organization?start=0&limit=1"));
    let last = endpoint.rest("GET", "/organization?start=2&limit=1", None).await.expect(200);
    assert_eq!(last["isLastPage"], true);
    assert_eq!(last["_links"].get("next"), None);
    endpoint.rest("GET", "/organization?start=x", None).await.expect(400);
}

#[tokio::test]
async fn members_are_changed_by_hand_and_listed_by_account_id() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.manual_customer("ada").await;
    let bob = endpoint.manual_customer("bob").await;
    let acme = endpoint.manual_organization("Acme", &[&bob, &ada]).await;
    let members = endpoint.values(&format!("/organization/{acme}/user")).await;
    let accounts: Vec<&str> = members.iter().map(|member| member["accountId"].as_str().unwrap()).collect();
    let mut expected = vec![ada.as_str(), bob.as_str()];
    expected.sort_unstable();
    assert_eq!(accounts, expected);
    let of_bob = endpoint.values("/organization").await;
    let filtered = endpoint.rest("GET", &format!("/organization?accountId={bob}"), None).await.expect(200);
    assert_eq!(filtered["values"], json!(of_bob));
    let path = format!("/organization/{acme}/user");
    endpoint.rest("DELETE", &path, Some(json!({"accountIds": [bob]}))).await.expect(204);
    assert_eq!(endpoint.outcome().await[0], "Acme (manual): ada");
    endpoint.rest("POST", &path, Some(json!({"accountIds": [bob, "nobody"]}))).await.expect(400);
    assert_eq!(endpoint.outcome().await[0], "Acme (manual): ada");
}

#[tokio::test]
async fn deleting_an_organization_keeps_its_customers() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.manual_customer("ada").await;
    let acme = endpoint.manual_organization("Acme", &[&ada]).await;
    endpoint.rest("DELETE", &format!("/organization/{acme}"), None).await.expect(204);
    endpoint.rest("DELETE", &format!("/organization/{acme}"), None).await.expect(404);
    assert_eq!(endpoint.outcome().await, ["ada"]);
}

#[tokio::test]
async fn a_synced_organization_is_changed_by_hand_as_the_knob_says() {
    let endpoint = Endpoint::start().await;
    let group = endpoint.group("Acme", &[]).await;
    let ada = endpoint.manual_customer("ada").await;
    let add = json!({"accountIds": [ada]});
    let refused = endpoint.rest("POST", "/organization/1/user", Some(add.clone())).await.expect(403);
    assert!(refused["errorMessage"].is_string());
    endpoint.rest("DELETE", "/organization/1", None).await.expect(403);
    let site = &endpoint.access.site;
    endpoint.reference.set_knob(site, "manual_edit_of_synced_org", "allow").unwrap();
    endpoint.rest("POST", "/organization/1/user", Some(add)).await.expect(204);
    assert_eq!(endpoint.outcome().await[0], "Acme (synced): ada");
    endpoint.rest("DELETE", "/organization/1", None).await.expect(204);
    assert_eq!(endpoint.outcome().await, ["ada"]);
    let bob = endpoint.user("bob").await;
    let add = json!([{"op": "add", "path": "members", "value": [{"value": bob}]}]);
    endpoint.patch(&format!("/Groups/{group}"), add).await.expect(200);
    assert_eq!(endpoint.outcome().await, ["ada", "bob"]);
}

#[tokio::test]
async fn an_address_in_use_is_400_or_409_as_the_caller_asks() {
    let endpoint = Endpoint::start().await;
    endpoint.user("ada").await;
    let body = json!({"email": "ADA@example.com", "displayName": "Ada"});
    endpoint.rest("POST", "/customer", Some(body.clone())).await.expect(400);
    endpoint.rest("POST", "/customer?strictConflictStatusCode=true", Some(body)).await.expect(409);
    endpoint.rest("POST", "/customer", Some(json!({"email": "no address"}))).await.expect(400);
}

#[tokio::test]
async fn customers_are_searched_by_those_who_opt_in() {
    let endpoint = Endpoint::start().await;
    endpoint.user("ada").await;
    endpoint.manual_customer("bob").await;
    let found = endpoint.rest("GET", "/servicedesk/1/customer?query=BOB", None).await.expect(200);
    assert_eq!(found["values"][0]["emailAddress"], "bob@example.com");
    assert_eq!(found["size"], 1);
    endpoint.rest("GET", "/servicedesk/2/customer", None).await.expect(404);
    let user = &found["values"][0];
    for field in ["accountId", "emailAddress", "displayName", "active", "timeZone", "_links"] {
        assert!(user.get(field).is_some(), "{field}");
    }
}

#[tokio::test]
async fn customers_are_not_listed_without_the_experimental_header() {
    use base64::Engine as _;
    let endpoint = Endpoint::start().await;
    let plain = format!("{}:{}", endpoint.access.rest_user, endpoint.access.rest_token);
    let basic = format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(plain));
    let headers = [("Authorization", basic.as_str())];
    let path = format!("{}/servicedesk/1/customer", endpoint.access.rest_path);
    endpoint.raw("GET", &path, &headers, "").await.expect(412);
    // The first site also answers where no site is named.
    endpoint.raw("GET", "/rest/servicedeskapi/organization", &headers, "").await.expect(200);
}

#[tokio::test]
async fn a_stranger_is_refused() {
    let endpoint = Endpoint::start().await;
    let path = format!("{}/organization", endpoint.access.rest_path);
    let wrong = [("Authorization", "Basic YWRtaW5AZXhhbXBsZS5jb206d3Jvbmc=")];
    for headers in [&[][..], &wrong[..]] {
        endpoint.raw("GET", &path, headers, "").await.expect(401);
    }
    endpoint.raw("GET", "/ex/jira/none/rest/servicedeskapi/organization", &wrong, "").await.expect(404);
    endpoint.rest("GET", "/shoe", None).await.expect(404);
    endpoint.rest("PUT", "/organization", Some(json!({}))).await.expect(405);
}

#[tokio::test]
async fn an_organization_is_added_to_the_service_project_and_removed() {
    let endpoint = Endpoint::start().await;
    let acme = endpoint.manual_organization("Acme", &[]).await;
    let path = "/servicedesk/1/organization";
    let body = json!({"organizationId": acme.parse::<u64>().unwrap()});
    for _ in 0..2 {
        endpoint.rest("POST", path, Some(body.clone())).await.expect(204);
        assert_eq!(endpoint.values(path).await.len(), 1);
    }
    for _ in 0..2 {
        endpoint.rest("DELETE", path, Some(body.clone())).await.expect(204);
        assert_eq!(endpoint.values(path).await.len(), 0);
    }
    endpoint.rest("POST", path, Some(json!({"organizationId": 99}))).await.expect(404);
}

#[tokio::test]
async fn adoption_keeps_the_place_in_the_service_project() {
    let endpoint = Endpoint::start().await;
    let acme = endpoint.manual_organization("Acme", &[]).await;
    let path = "/servicedesk/1/organization";
    endpoint.rest("POST", path, Some(json!({"organizationId": 1}))).await.expect(204);
    endpoint.group("Acme", &[]).await;
    let kept = endpoint.values(path).await;
    assert_eq!((&kept[0]["id"], &kept[0]["scimManaged"]), (&json!(acme), &json!(true)));
}

#[tokio::test]
async fn properties_are_stored_with_the_organization() {
    let endpoint = Endpoint::start().await;
    endpoint.manual_organization("Acme", &[]).await;
    let path = "/organization/1/property/tier";
    endpoint.rest("GET", path, None).await.expect(404);
    endpoint.rest("PUT", path, Some(json!({"level": 1}))).await.expect(201);
    endpoint.rest("PUT", path, Some(json!({"level": 2}))).await.expect(200);
    let read = endpoint.rest("GET", path, None).await.expect(200);
    assert_eq!(read, json!({"key": "tier", "value": {"level": 2}}));
    let keys = endpoint.rest("GET", "/organization/1/property", None).await.expect(200);
    assert_eq!(keys["keys"][0]["key"], "tier");
    endpoint.rest("DELETE", path, None).await.expect(204);
    endpoint.rest("DELETE", path, None).await.expect(404);
}

#[tokio::test]
async fn who_reaches_the_portal_follows_from_the_organizations_of_the_project() {
    let endpoint = Endpoint::start().await;
    let (ada, bob) = (endpoint.user("ada").await, endpoint.user("bob").await);
    endpoint.group("Acme", &[&ada, &bob]).await;
    let portal = async || endpoint.admin("GET", "/portal", None).await.expect(200);
    assert_eq!(portal().await, json!({"organizations": [], "customers": []}));
    let acme = Some(json!({"organizationId": 1}));
    for _ in 0..2 {
        endpoint.rest("POST", "/servicedesk/1/organization", acme.clone()).await.expect(204);
    }
    let off = json!([{"op": "replace", "path": "active", "value": false}]);
    endpoint.patch(&format!("/Users/{bob}"), off).await.expect(200);
    assert_eq!(portal().await, json!({"organizations": ["Acme"], "customers": ["ada@example.com"]}));
    endpoint.rest("DELETE", "/servicedesk/1/organization", acme).await.expect(204);
    assert_eq!(portal().await["customers"], json!([]));
    let desks = endpoint.values("/servicedesk").await;
    assert_eq!((desks.len(), &desks[0]["id"]), (1, &json!("1")));
}
