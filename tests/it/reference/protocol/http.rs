//! Authentication, content types, paths, discovery: of docs/jira-service-management.md#connection-cases, and what HTTP asks for.

use serde_json::json;

use crate::reference::endpoint::{Endpoint, user_body};

#[tokio::test]
async fn a02_a_wrong_key_is_403_in_the_gateways_shape() {
    let endpoint = Endpoint::start().await;
    let path = format!("{}/Users", endpoint.access.scim_path);
    let json = [("Authorization", "Bearer wrong"), ("Content-Type", "application/json")];
    let answer = endpoint.raw("POST", &path, &json, &user_body("ada").to_string()).await;
    let body = answer.expect(403);
    let expected = format!("Not authorized to access : {}/Users", &endpoint.access.scim_path[1..]);
    assert_eq!(body["error"], expected);
    assert!(body["traceId"].as_str().is_some_and(|id| !id.is_empty()));
    assert_eq!(body.get("schemas"), None);
    assert_eq!(endpoint.outcome().await, Vec::<String>::new());
}

#[tokio::test]
async fn a03_no_key_is_401() {
    let endpoint = Endpoint::start().await;
    let path = format!("{}/Users", endpoint.access.scim_path);
    for headers in [&[][..], &[("Authorization", "Basic YTpi")][..], &[("Authorization", "Bearer ")][..]] {
        let answer = endpoint.raw("GET", &path, headers, "").await;
        assert!(answer.expect(401)["traceId"].is_string());
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test]
async fn the_shape_of_a_refused_call_is_a_knob() {
    let endpoint = Endpoint::with_knobs(&[("auth_error_body", "scim")]).await;
    let path = format!("{}/Users", endpoint.access.scim_path);
    assert_eq!(endpoint.raw("GET", &path, &[], "").await.expect(401)["status"], "401");
    let wrong = [("Authorization", "Bearer wrong")];
    assert_eq!(endpoint.raw("GET", &path, &wrong, "").await.expect(403)["status"], "403");
}

#[tokio::test]
async fn a04_an_unknown_directory_is_404() {
    let endpoint = Endpoint::start().await;
    let bearer = format!("bearer {}", endpoint.access.token);
    let headers = [("Authorization", bearer.as_str())];
    let answer = endpoint.raw("GET", "/scim/directory/other/Users", &headers, "").await;
    assert_eq!(answer.expect(404)["status"], "404");
    let known = format!("{}/Users", endpoint.access.scim_path);
    endpoint.raw("GET", &known, &headers, "").await.expect(200);
}

#[tokio::test]
async fn a05_discovery_says_what_there_is() {
    let endpoint = Endpoint::start().await;
    let config = endpoint.get("/ServiceProviderConfig").await.expect(200);
    assert_eq!(config["patch"]["supported"], true);
    assert_eq!(config["filter"], json!({"supported": true, "maxResults": 100}));
    for feature in ["bulk", "sort", "etag", "changePassword"] {
        assert_eq!(config[feature]["supported"], false, "{feature}");
    }
    let types = endpoint.get("/ResourceTypes").await.expect(200);
    assert_eq!(types["totalResults"], 2);
    assert_eq!(endpoint.get("/ResourceTypes/Group").await.expect(200)["endpoint"], "/Groups");
    endpoint.get("/ResourceTypes/Shoe").await.expect(404);
    let schemas = endpoint.get("/Schemas").await;
    assert!(!schemas.text.contains("null"));
    for schema in schemas.expect(200)["Resources"].as_array().unwrap() {
        let one = endpoint.get(&format!("/Schemas/{}", schema["id"].as_str().unwrap())).await;
        assert_eq!(one.expect(200), *schema);
    }
    endpoint.get("/Schemas/urn:shoe").await.expect(404);
    endpoint.post("/Schemas", json!({})).await.expect(405);
}

#[tokio::test]
async fn a06_both_content_types_are_taken_and_others_refused() {
    let endpoint = Endpoint::start().await;
    let path = format!("{}/Users", endpoint.access.scim_path);
    let bearer = format!("Bearer {}", endpoint.access.token);
    for (name, content_type, status) in [
        ("a", "application/json", 201),
        ("b", "application/scim+json", 201),
        ("c", "application/scim+json; charset=utf-8", 201),
        ("d", "application/x-www-form-urlencoded", 415),
        ("e", "text/plain", 415),
    ] {
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", content_type)];
        let answer = endpoint.raw("POST", &path, &headers, &user_body(name).to_string()).await;
        assert_eq!(answer.status, status, "{content_type}");
        assert_eq!(answer.header("content-type"), Some("application/scim+json"));
    }
}

#[tokio::test]
async fn a_compressed_body_is_refused_as_such() {
    let endpoint = Endpoint::start().await;
    for (coding, status) in [("gzip", 415), ("identity, gzip", 415), ("Identity", 201)] {
        let body = Some(user_body("ada"));
        let answer = endpoint.scim_with("POST", "/Users", &[("Content-Encoding", coding)], body).await;
        assert_eq!(answer.expect(status).get("status").is_some(), status == 415, "{coding}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_invalid_syntax() {
    let endpoint = Endpoint::start().await;
    let path = format!("{}/Users", endpoint.access.scim_path);
    let bearer = format!("Bearer {}", endpoint.access.token);
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let deep = "[".repeat(100_000);
    for body in ["{", "not json", "[]", "\"text\"", "", deep.as_str()] {
        endpoint.raw("POST", &path, &headers, body).await.refused(400, "invalidSyntax");
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_413() {
    let endpoint = Endpoint::start().await;
    let path = format!("{}/Users", endpoint.access.scim_path);
    let bearer = format!("Bearer {}", endpoint.access.token);
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let body = format!("\"{}\"", "x".repeat(4 * 1024 * 1024));
    endpoint.raw("POST", &path, &headers, &body).await.expect(413);
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there_are_scim_errors() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    for path in ["/Shoes", "/Users/none", "/Groups/none", "/Bulk", "/Me", "/scim/Users", ""] {
        let answer = endpoint.get(path).await;
        assert_eq!(answer.expect(404)["status"], "404", "{path}");
        assert_eq!(answer.header("content-type"), Some("application/scim+json"));
    }
    let answer = endpoint.put("/Users", user_body("bob")).await;
    answer.expect(405);
    assert_eq!(answer.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
    endpoint.post(&format!("/Users/{ada}"), user_body("bob")).await.expect(405);
    endpoint.raw("GET", "/elsewhere", &[], "").await.expect(404);
}
