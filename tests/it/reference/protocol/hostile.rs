//! Bad input: each gets the status and `scimType` of RFC 7644, changes nothing, and keeps nobody waiting.

use std::time::{Duration, Instant};

use scimsnap::reference::Profile;
use serde_json::{Value, json};

use crate::reference::endpoint::{Answer, Endpoint, group_body, user_body};

/// An endpoint with a user and a group, whose state is compared before and after.
struct Attacked {
    endpoint: Endpoint,
    user: String,
    group: String,
    before: Value,
}

impl Attacked {
    async fn of(profile: Profile) -> Self {
        let endpoint = Endpoint::of(profile).await;
        let user = endpoint.user("ada").await;
        let group = endpoint.group("Acme", &[&user]).await;
        let before = state(&endpoint).await;
        Self { endpoint, user: format!("/Users/{user}"), group: format!("/Groups/{group}"), before }
    }

    /// Sends bytes as they are.
    async fn send(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let path = format!("{}{path}", self.endpoint.access.scim_path);
        let bearer = format!("Bearer {}", self.endpoint.access.token);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/scim+json")];
        self.endpoint.raw_bytes(method, &path, &headers, body).await
    }

    async fn is_untouched(&self) {
        assert_eq!(state(&self.endpoint).await, self.before);
    }
}

async fn state(endpoint: &Endpoint) -> Value {
    let (users, groups) = (endpoint.get("/Users").await, endpoint.get("/Groups").await);
    json!([users.expect(200), groups.expect(200), endpoint.outcome().await])
}

#[tokio::test]
async fn bodies_that_are_no_json_object_are_invalid_syntax() {
    for profile in Profile::ALL {
        let attacked = Attacked::of(profile).await;
        let deep = "{\"a\":".repeat(5000);
        let wide = format!("{{\"userName\":\"x\",\"emails\":{}1{}}}", "[".repeat(200), "]".repeat(200));
        let bodies: [&[u8]; 12] = [
            b"{",
            b"null",
            b"[]",
            b"\"text\"",
            b"17",
            b"{} {}",
            b"{\"userName\":\"\xff\xfe\"}",
            b"{\"userName\":\"a\0b\"}",
            b"{\"userName\":\"a\",\"userName\":\"b\"}",
            b"{\"userName\":\"a\",\"n\":1e999}",
            deep.as_bytes(),
            wide.as_bytes(),
        ];
        for body in bodies {
            for (method, path) in [
                ("POST", "/Users"),
                ("POST", "/Groups"),
                ("PUT", attacked.user.as_str()),
                ("PATCH", attacked.user.as_str()),
                ("PUT", attacked.group.as_str()),
                ("PATCH", attacked.group.as_str()),
            ] {
                attacked.send(method, path, body).await.refused(400, "invalidSyntax");
            }
        }
        attacked.is_untouched().await;
    }
}

#[tokio::test]
async fn values_that_do_not_fit_are_invalid_values() {
    for profile in Profile::ALL {
        let attacked = Attacked::of(profile).await;
        for (attribute, value) in [
            ("userName", json!(1)),
            ("userName", json!("")),
            ("userName", json!(["ada", "bob"])),
            ("active", json!(1)),
            ("active", json!("perhaps")),
            ("emails", json!("x")),
            ("emails", json!([[]])),
            ("name", json!("Ada")),
            ("name", json!({"givenName": 99_999_999_999_999_999_u64})),
        ] {
            let mut body = user_body("bob");
            body[attribute] = value;
            attacked.endpoint.post("/Users", body.clone()).await.refused(400, "invalidValue");
            attacked.endpoint.put(&attacked.user, body).await.refused(400, "invalidValue");
        }
        for name in [json!(null), json!(""), json!("  "), json!(7), json!(["Acme", "Beta"])] {
            let mut body = group_body("Beta", &[]);
            body["displayName"] = name;
            attacked.endpoint.post("/Groups", body).await.refused(400, "invalidValue");
        }
        attacked.is_untouched().await;
    }
}

#[tokio::test]
async fn paths_filters_and_operations_that_cannot_be_read_say_so() {
    for profile in Profile::ALL {
        let attacked = Attacked::of(profile).await;
        let add = |path: Value| json!([{"op": "add", "path": path, "value": "x"}]);
        let nested = format!("emails[{}type eq \"a\"{}].value", "(".repeat(5000), ")".repeat(5000));
        for (operations, scim_type) in [
            (add(json!("..")), "invalidPath"),
            (add(json!("name.")), "invalidPath"),
            (add(json!("1")), "invalidPath"),
            (add(json!(7)), "invalidPath"),
            (add(json!("a\u{0}b")), "invalidPath"),
            (add(json!("name.givenName.first")), "invalidPath"),
            (add(json!("emails[type eq].value")), "invalidFilter"),
            (add(json!("emails[type eq \"work\"")), "invalidFilter"),
            (add(json!(nested)), "invalidFilter"),
            (add(json!("id")), "mutability"),
            (add(json!("meta.created")), "mutability"),
            (json!([{"op": "move", "path": "title"}]), "invalidSyntax"),
            (json!([{"op": "add", "path": "title"}]), "invalidValue"),
            (json!([{"op": "remove"}]), "noTarget"),
            (json!([17]), "invalidSyntax"),
            (json!({}), "invalidSyntax"),
        ] {
            let answer = attacked.endpoint.patch(&attacked.user, operations.clone()).await;
            assert_eq!(answer.status, 400, "{operations}: {}", answer.text);
            assert_eq!(answer.json()["scimType"], scim_type, "{operations}");
        }
        // The first operation of a refused request leaves nothing either.
        let half = json!([
            {"op": "replace", "path": "displayName", "value": "half"}, {"op": "remove", "path": "userName"}
        ]);
        assert_eq!(attacked.endpoint.patch(&attacked.user, half).await.status, 400);
        for filter in ["userName", "userName+eq", "eq+%22a%22", "(((", "userName+eq+%22a", "%00", "%ff+eq+1"]
        {
            let answer = attacked.endpoint.get(&format!("/Users?filter={filter}")).await;
            answer.refused(400, "invalidFilter");
        }
        let long = format!("/Users?filter={}userName+eq+%22a%22{}", "(".repeat(4000), ")".repeat(4000));
        attacked.endpoint.get(&long).await.refused(400, "invalidFilter");
        for query in ["startIndex=x", "count=1.5", "attributes=a&excludedAttributes=b"] {
            attacked.endpoint.get(&format!("/Users?{query}")).await.refused(400, "invalidValue");
        }
        attacked.endpoint.get("/Users?attributes=..").await.refused(400, "invalidPath");
        attacked.is_untouched().await;
    }
}

#[tokio::test]
async fn ids_and_paths_that_mean_nothing_are_404() {
    for profile in Profile::ALL {
        let attacked = Attacked::of(profile).await;
        let long = format!("/Users/{}", "x".repeat(20_000));
        for path in [
            "/Users/%00",
            "/Users/%ff%fe",
            "/Users/..",
            "/Users/%2e%2e%2fGroups",
            "/Users/a%2Fb",
            "/Users//x",
            "//Users",
            "/users",
            "/Users/x/y",
            "/%F0%9F%92%A5",
            "/Users/%",
            "/Schemas/%ff",
            "/ResourceTypes/..",
            &long,
        ] {
            let answer = attacked.endpoint.get(path).await;
            assert_eq!(answer.expect(404)["status"], "404", "{path}");
        }
        for method in ["PUT", "PATCH", "DELETE"] {
            let answer = attacked.endpoint.scim(method, "/Users/%00", Some(user_body("bob"))).await;
            assert_eq!(answer.expect(404)["status"], "404", "{method}");
        }
        let elsewhere = attacked.endpoint.raw("GET", "/%ff/%00", &[], "").await;
        assert_eq!(elsewhere.expect(404)["status"], "404");
        attacked.endpoint.rest("GET", "/organization/%ff", None).await.expect(404);
        attacked.endpoint.rest("GET", "/organization/99999999999999999999999", None).await.expect(404);
        attacked.is_untouched().await;
    }
}

#[tokio::test]
async fn headers_that_cannot_be_read_open_nothing() {
    let attacked = Attacked::of(Profile::Rfc).await;
    let path = format!("{}{}", attacked.endpoint.access.scim_path, attacked.user);
    let bearer = format!("Bearer {}", attacked.endpoint.access.token);
    for (name, value, status) in [
        ("If-Match", "junk", 400),
        ("If-Match", "\"unclosed", 400),
        ("If-Match", "\u{e9}", 400),
        ("If-None-Match", "*", 412),
        ("Content-Type", "text/html", 415),
        ("Content-Type", "application/json\u{e9}", 415),
        ("Authorization", "Bearer \u{e9}", 401),
        ("Authorization", "Bearer", 401),
        ("Authorization", "Digest x", 401),
    ] {
        let mut headers = vec![(name, value)];
        if name != "Authorization" {
            headers.push(("Authorization", bearer.as_str()));
        }
        if name != "Content-Type" {
            headers.push(("Content-Type", "application/json"));
        }
        let answer = attacked.endpoint.raw("PUT", &path, &headers, &user_body("bob").to_string()).await;
        assert_eq!(answer.status, status, "{name}: {value}");
    }
    attacked.is_untouched().await;
}

#[tokio::test]
async fn a_body_of_100_megabytes_is_413_and_costs_no_memory_of_that_size() {
    let attacked = Attacked::of(Profile::JsmCustomers).await;
    let body = vec![b' '; 100 * 1024 * 1024];
    let begun = Instant::now();
    let answer = attacked.send("POST", "/Users", &body).await;
    assert_eq!(answer.expect(413)["status"], "413");
    assert!(begun.elapsed() < Duration::from_secs(20));
    // Who asks before sending is told at once, and sends nothing.
    let path = format!("{}/Users", attacked.endpoint.access.scim_path);
    let bearer = format!("Bearer {}", attacked.endpoint.access.token);
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
        ("Expect", "100-continue"),
        ("Content-Length", "104857600"),
    ];
    assert_eq!(attacked.endpoint.raw("POST", &path, &headers, "").await.status, 413);
    attacked.is_untouched().await;
}

#[tokio::test]
async fn ten_thousand_operations_in_one_patch_are_413() {
    for profile in Profile::ALL {
        let attacked = Attacked::of(profile).await;
        let operations = vec![json!({"op": "add", "path": "title", "value": "x"}); 10_000];
        for path in [&attacked.user, &attacked.group] {
            attacked.endpoint.patch(path, json!(operations)).await.expect(413);
        }
        let bulk = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": vec![json!({"method": "DELETE", "path": attacked.user}); 10_000],
        });
        let status = if profile == Profile::Rfc { 413 } else { 404 };
        attacked.endpoint.post("/Bulk", bulk).await.expect(status);
        attacked.is_untouched().await;
    }
}

#[tokio::test]
async fn what_is_large_and_allowed_keeps_nobody_waiting() {
    let endpoint = Endpoint::start().await;
    let begun = Instant::now();
    let ada = endpoint.user("ada").await;
    let group = format!("/Groups/{}", endpoint.group("Acme", &[]).await);

    // About as many values, and as many operations on them, as one request can hold, and far too many.
    let mut many = user_body("bob");
    let emails = (0..3000).map(|at| json!({"value": format!("b{at}@example.com"), "type": format!("t{at}")}));
    many["emails"] = emails.chain([json!({"value": "bob@example.com", "primary": true})]).collect();
    endpoint.post("/Users", many.clone()).await.expect(201);
    let valueless: Vec<Value> = (0..100_000).map(|at| json!({"type": at.to_string()})).collect();
    many["emails"] = json!(valueless);
    endpoint.post("/Users", many).await.expect(413);
    let add = json!([{"op": "add", "path": "emails", "value": valueless}]);
    endpoint.patch(&format!("/Users/{ada}"), add).await.expect(413);
    let add = json!([{"op": "add", "path": "externalIds", "value": valueless}]);
    endpoint.patch(&group, add).await.expect(413);
    let same = vec![json!({"value": ada}); 50_000];
    endpoint.patch(&group, json!([{"op": "add", "path": "members", "value": same}])).await.expect(200);
    let id = ada.as_str();
    let toggles: Vec<Value> = (0..1000)
        .map(|at| {
            if at % 2 == 0 {
                json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")})
            } else {
                json!({"op": "add", "path": "members", "value": [{"value": id}]})
            }
        })
        .collect();
    endpoint.patch(&group, json!(toggles)).await.expect(200);
    let grown: Vec<Value> = (0..1000)
        .map(|at| json!({"op": "add", "path": "phoneNumbers", "value": [{"value": at.to_string(), "type": "t"}]}))
        .collect();
    endpoint.patch(&format!("/Users/{ada}"), json!(grown)).await.expect(200);
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    assert_eq!(endpoint.outcome().await, ["Acme (synced): ada", "ada", "bob"]);
}
