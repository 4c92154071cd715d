#![expect(clippy::needless_pass_by_value, reason = "literals read better without a reference before each")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{BulkCall, BulkDone, BulkRun};
use crate::scim::bulk::{BulkLimits, BulkMethod, BulkRequest};
use crate::scim::resource::put;
use crate::scim::{ETag, Leniency, PatchRequest, Preconditions, ResourceKind, ScimError, ScimType, urn};

const BASE: &str = "https://example.com/v2/";

/// An endpoint as small as can be, which keeps what it is sent.
#[derive(Default)]
struct Endpoint {
    resources: BTreeMap<String, Value>,
    calls: Vec<String>,
    created: usize,
}

impl Endpoint {
    fn carry_out(&mut self, call: BulkCall) -> Result<BulkDone, ScimError> {
        self.calls.push(format!("{} {}", call.method.as_str(), call.path));
        let path = call.path.trim_start_matches('/');
        let kind = ResourceKind::from_endpoint(path.split('/').next().unwrap_or_default())
            .ok_or_else(|| ScimError::not_found("no such endpoint"))?;
        let strict = Leniency { unknown_attributes: true, ..Leniency::none() };
        if call.method == BulkMethod::Post {
            let resource = put::create(kind, &call.data, &strict)?;
            let name = if kind == ResourceKind::User { "userName" } else { "displayName" };
            if self.resources.values().any(|other| other[name] == resource[name]) {
                return Err(ScimError::uniqueness("taken"));
            }
            self.created += 1;
            let id = format!("id{}", self.created);
            self.resources.insert(id.clone(), resource);
            return Ok(BulkDone {
                status: 201,
                id: Some(id),
                version: Some("W/\"1\"".to_owned()),
                location: None,
            });
        }
        let id = path.rsplit('/').next().unwrap_or_default();
        let resource = self.resources.get_mut(id).ok_or_else(|| ScimError::not_found("no such resource"))?;
        if let Some(version) = &call.version {
            Preconditions::of_version(version).check_write(Some(&ETag::of_version("1")))?;
        }
        match call.method {
            BulkMethod::Put => *resource = put::replace(kind, resource, &call.data, &strict)?,
            BulkMethod::Patch => {
                PatchRequest::parse(&call.data, &strict)?.apply(kind, resource, &strict)?;
            }
            BulkMethod::Post | BulkMethod::Delete => {
                self.resources.remove(id);
                return Ok(BulkDone { status: 204, ..BulkDone::default() });
            }
        }
        Ok(BulkDone { status: 200, version: Some("W/\"2\"".to_owned()), ..BulkDone::default() })
    }

    fn named(&self, name: &str) -> &Value {
        let is_named = |resource: &&Value| resource["userName"] == name || resource["displayName"] == name;
        self.resources.values().find(is_named).unwrap_or(&Value::Null)
    }
}

fn parse(body: Value) -> Result<BulkRequest, ScimError> {
    BulkRequest::parse(body, &BulkLimits::default(), &Leniency::none())
}

fn send_with(endpoint: &mut Endpoint, operations: Value, fail_on_errors: Option<u64>) -> Vec<Value> {
    let body =
        json!({"schemas": [urn::BULK_REQUEST], "failOnErrors": fail_on_errors, "Operations": operations});
    let answer = BulkRun::new(parse(body).unwrap(), BASE).run(|call| endpoint.carry_out(call));
    assert_eq!(answer["schemas"], json!([urn::BULK_RESPONSE]));
    answer["Operations"].as_array().unwrap().clone()
}

fn send(endpoint: &mut Endpoint, operations: Value) -> Vec<Value> {
    send_with(endpoint, operations, None)
}

fn statuses(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["status"].as_str().unwrap()).collect()
}

fn user(bulk_id: &str, more: Value) -> Value {
    let mut data = json!({"schemas": [urn::USER], "userName": bulk_id});
    for (name, value) in more.as_object().unwrap() {
        data[name] = value.clone();
    }
    json!({"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": data})
}

fn managed_by(name: &str) -> Value {
    json!({urn::ENTERPRISE_USER: {"manager": {"value": format!("bulkId:{name}")}}})
}

fn group(bulk_id: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|name| json!({"value": format!("bulkId:{name}")})).collect();
    json!({"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": {
        "schemas": [urn::GROUP], "displayName": bulk_id, "members": members
    }})
}

#[test]
fn every_method_is_carried_out_and_answered_in_the_order_of_the_request() {
    let mut endpoint = Endpoint::default();
    send(&mut endpoint, json!([user("x", json!({})), user("y", json!({}))]));
    endpoint.calls.clear();
    let patch =
        json!({"schemas": [urn::PATCH_OP], "Operations": [{"op": "add", "path": "title", "value": "T"}]});
    let results = send(
        &mut endpoint,
        json!([
            user("ada", json!({})),
            {"method": "PUT", "path": "/Users/id1", "version": "W/\"1\"", "data": {"schemas": [urn::USER], "userName": "x2"}},
            {"method": "PATCH", "path": "Users/id1", "bulkId": "p", "data": patch},
            {"method": "DELETE", "path": "/Users/id2"},
        ]),
    );
    assert_eq!(endpoint.calls, ["POST /Users", "PUT /Users/id1", "PATCH /Users/id1", "DELETE /Users/id2"]);
    assert_eq!(
        results,
        [
            json!({"location": "https://example.com/v2/Users/id3", "method": "POST", "bulkId": "ada", "version": "W/\"1\"", "status": "201"}),
            json!({"location": "https://example.com/v2/Users/id1", "method": "PUT", "version": "W/\"2\"", "status": "200"}),
            json!({"location": "https://example.com/v2/Users/id1", "method": "PATCH", "bulkId": "p", "version": "W/\"2\"", "status": "200"}),
            json!({"location": "https://example.com/v2/Users/id2", "method": "DELETE", "status": "204"}),
        ]
    );
    assert_eq!((&endpoint.named("x2")["title"], endpoint.named("y")), (&json!("T"), &Value::Null));
}

#[test]
fn references_are_resolved_wherever_they_stand_and_in_any_order() {
    let mut endpoint = Endpoint::default();
    let add = json!({"schemas": [urn::PATCH_OP], "Operations": [
        {"op": "add", "path": "members", "value": [{"value": "bulkId:bob", "$ref": "../Users/bulkId:bob"}]},
        {"op": "remove", "path": "members[value eq \"bulkId:ada\"]"}
    ]});
    let results = send(
        &mut endpoint,
        json!([
            {"method": "PATCH", "path": "/Groups/bulkId:acme", "data": add},
            group("acme", &["ada"]),
            user("bob", managed_by("ada")),
            user("ada", json!({})),
        ]),
    );
    assert_eq!(statuses(&results), ["200", "201", "201", "201"]);
    assert_eq!(endpoint.calls, ["POST /Users", "POST /Groups", "POST /Users", "PATCH /Groups/id2"]);
    assert_eq!(endpoint.named("acme")["members"], json!([{"value": "id3", "$ref": "../Users/id3"}]));
    assert_eq!(endpoint.named("bob")[urn::ENTERPRISE_USER]["manager"]["value"], "id1");
    assert_eq!(results[0]["location"], "https://example.com/v2/Groups/id2");
}

#[test]
fn a_reference_to_what_is_there_already_needs_no_order() {
    let mut endpoint = Endpoint::default();
    send(&mut endpoint, json!([user("ada", json!({}))]));
    let nothing =
        json!({"schemas": [urn::PATCH_OP], "Operations": [{"op": "add", "path": "title", "value": "T"}]});
    send(
        &mut endpoint,
        json!([
            group("acme", &["old"]),
            {"method": "PATCH", "path": "/Users/id1", "bulkId": "old", "data": nothing},
        ]),
    );
    assert_eq!(endpoint.calls[1..], ["POST /Groups", "PATCH /Users/id1"]);
    assert_eq!(endpoint.named("acme")["members"], json!([{"value": "id1"}]));
}

#[test]
fn circles_are_broken_up_by_a_patch_at_the_end() {
    let mut endpoint = Endpoint::default();
    let results = send(
        &mut endpoint,
        json!([
            user("ada", managed_by("bob")),
            user("bob", managed_by("ada")),
            group("one", &["ada", "two"]),
            group("two", &["one", "ada"]),
            user("own", managed_by("own")),
        ]),
    );
    assert_eq!(statuses(&results), ["201"; 5]);
    let versions: Vec<&str> = results.iter().map(|result| result["version"].as_str().unwrap()).collect();
    assert_eq!(versions, ["W/\"2\"", "W/\"1\"", "W/\"2\"", "W/\"1\"", "W/\"2\""]);
    let id = |name: &str| {
        let place =
            results.iter().find(|result| result["bulkId"] == name).unwrap()["location"].as_str().unwrap();
        json!(place.rsplit('/').next().unwrap())
    };
    for (who, manager) in [("ada", "bob"), ("bob", "ada"), ("own", "own")] {
        assert_eq!(endpoint.named(who)[urn::ENTERPRISE_USER]["manager"]["value"], id(manager), "{who}");
    }
    let members = |name: &str| -> Vec<Value> {
        endpoint.named(name)["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| member["value"].clone())
            .collect()
    };
    assert_eq!(members("one"), [id("ada"), id("two")]);
    assert_eq!(members("two"), [id("one"), id("ada")]);
    assert_eq!(endpoint.calls.iter().filter(|call| call.starts_with("PATCH")).count(), 3);
}

#[test]
fn a_circle_that_cannot_be_broken_is_a_conflict() {
    let mut endpoint = Endpoint::default();
    let results = send(
        &mut endpoint,
        json!([
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "bulkId:b"}},
            {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "bulkId:a"}},
            user("c", managed_by("a")),
            user("d", json!({})),
        ]),
    );
    assert_eq!(statuses(&results), ["409", "409", "409", "201"]);
    assert_eq!(endpoint.calls, ["POST /Users"]);
}

#[test]
fn what_refers_to_something_that_failed_fails_too() {
    let mut endpoint = Endpoint::default();
    let results = send(
        &mut endpoint,
        json!([
            group("acme", &["bad", "good"]),
            {"method": "POST", "path": "/Users", "bulkId": "bad", "data": {"schemas": [urn::USER]}},
            user("good", json!({})),
            {"method": "DELETE", "path": "/Users/bulkId:bad"},
            {"method": "DELETE", "path": "/Users/bulkId:nobody"},
            user("lost", managed_by("nobody")),
            user("said", json!({"title": "see /bulkId:nobody", "nickName": "no bulkId: here"})),
        ]),
    );
    assert_eq!(statuses(&results), ["409", "400", "201", "409", "400", "400", "201"]);
    assert_eq!(results[1]["response"]["scimType"], "invalidValue");
    assert_eq!(results[0]["response"]["status"], "409");
    assert_eq!(results[3].get("location"), None, "where it would be is not known");
    assert_eq!(endpoint.named("said")["title"], "see /bulkId:nobody");
}

#[test]
fn a_circle_of_which_a_part_fails_leaves_what_was_created_and_says_so() {
    let mut endpoint = Endpoint::default();
    let mut bad = user("bob", managed_by("ada"));
    bad["data"]["userName"] = json!("");
    let results = send(&mut endpoint, json!([user("ada", managed_by("bob")), bad]));
    assert_eq!(statuses(&results), ["409", "400"]);
    assert_eq!(results[0]["location"], "https://example.com/v2/Users/id1");
    assert!(results[0]["response"]["detail"].as_str().unwrap().contains("was created"), "{}", results[0]);
    assert_eq!(results[0].get("version"), None);
    assert_eq!(endpoint.resources.len(), 1);
}

#[test]
fn an_operation_that_is_wrong_in_itself_is_refused_alone() {
    let mut endpoint = Endpoint::default();
    let results = send(
        &mut endpoint,
        json!([
            7,
            {"method": "GET", "path": "/Users/1"},
            {"method": "post", "path": "/Users", "bulkId": "q", "data": {}},
            {"method": "POST", "path": "/Users", "data": {"userName": "a"}},
            {"method": "POST", "path": "/Users", "bulkId": "", "data": {"userName": "a"}},
            {"method": "PUT", "path": "/Users/1"},
            {"method": "DELETE"},
            {"method": "DELETE", "path": "https://elsewhere.example/Users/1"},
            {"method": "DELETE", "path": "/Users/1", "version": 1},
            user("twice", json!({})),
            user("twice", json!({})),
            {"method": "DELETE", "path": "/Nothing/1"},
        ]),
    );
    assert_eq!(
        statuses(&results),
        ["400", "400", "400", "400", "400", "400", "400", "400", "400", "201", "400", "404"]
    );
    for (index, result) in results.iter().enumerate().filter(|(_, result)| result["status"] == "400") {
        let expected = if index == 10 { "invalidValue" } else { "invalidSyntax" };
        assert_eq!(result["response"]["scimType"], expected, "{result}");
    }
    assert_eq!(results[1]["method"], "GET");
    assert_eq!(results[2]["bulkId"], "q");
    assert_eq!(results[11]["location"], "https://example.com/v2/Nothing/1");
}

#[test]
fn errors_end_the_rest_where_the_client_wants_it() {
    let gone = || json!({"method": "DELETE", "path": "/Users/gone"});
    for (allowed, expected) in [
        (None, vec!["404", "201", "404", "201"]),
        (Some(3), vec!["404", "201", "404", "201"]),
        (Some(2), vec!["404", "201", "404"]),
        (Some(1), vec!["404"]),
        (Some(0), vec!["404"]),
    ] {
        let operations = json!([gone(), user("a", json!({})), gone(), user("b", json!({}))]);
        let results = send_with(&mut Endpoint::default(), operations, allowed);
        assert_eq!(statuses(&results), expected, "{allowed:?}");
    }
}

#[test]
fn what_was_begun_is_ended_although_the_rest_is_not() {
    let mut endpoint = Endpoint::default();
    let gone = json!({"method": "DELETE", "path": "/Users/gone"});
    let operations =
        json!([user("a", managed_by("b")), user("b", managed_by("a")), gone, user("c", json!({}))]);
    // A circle is broken when nothing else can be done, so that here the error comes first.
    assert_eq!(statuses(&send_with(&mut endpoint, operations, Some(1))), ["404"]);
    assert!(endpoint.resources.is_empty());
    let operations = json!([
        user("a", managed_by("b")), user("b", managed_by("a")),
        {"method": "DELETE", "path": "/Users/bulkId:nobody/bulkId:a"}, user("c", managed_by("a"))
    ]);
    let results = send_with(&mut endpoint, operations, Some(1));
    assert_eq!(endpoint.calls.last().unwrap(), "PATCH /Users/id1");
    assert_eq!(statuses(&results), ["201", "201", "400"]);
}

#[test]
fn broken_bodies_and_too_large_ones_are_refused_as_a_whole() {
    let limits = BulkLimits { max_operations: 2, max_payload_size: 10 };
    for (body, expected) in [
        (json!([]), (400, Some(ScimType::InvalidSyntax))),
        (json!({"Operations": []}), (400, Some(ScimType::InvalidSyntax))),
        (json!({"schemas": [urn::PATCH_OP], "Operations": []}), (400, Some(ScimType::InvalidSyntax))),
        (json!({"schemas": [urn::BULK_REQUEST]}), (400, Some(ScimType::InvalidSyntax))),
        (json!({"schemas": [urn::BULK_REQUEST], "Operations": {}}), (400, Some(ScimType::InvalidSyntax))),
        (
            json!({"schemas": [urn::BULK_REQUEST], "failOnErrors": -1, "Operations": []}),
            (400, Some(ScimType::InvalidValue)),
        ),
        (
            json!({"schemas": [urn::BULK_REQUEST], "failOnErrors": "1", "Operations": []}),
            (400, Some(ScimType::InvalidValue)),
        ),
        (json!({"schemas": [urn::BULK_REQUEST], "Operations": [1, 2, 3]}), (413, None)),
    ] {
        let error = BulkRequest::parse(body.clone(), &limits, &Leniency::none()).unwrap_err();
        assert_eq!((error.status, error.scim_type), expected, "{body}");
    }
    let two = json!({"schemas": [urn::BULK_REQUEST], "Operations": [1, 2]});
    assert!(BulkRequest::parse(two, &limits, &Leniency::none()).is_ok());
    assert!(limits.check_size(10).is_ok());
    assert_eq!(limits.check_size(11).unwrap_err().status, 413);
}

#[test]
fn ten_thousand_operations_that_all_refer_to_each_other_end() {
    let names: Vec<String> = (0..10_000).map(|index| format!("u{index}")).collect();
    let mut operations: Vec<Value> = (0..names.len())
        .map(|index| user(&names[index], managed_by(&names[(index + 1) % names.len()])))
        .collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    operations.insert(0, group("all", &all));
    let body = json!({"schemas": [urn::BULK_REQUEST], "Operations": operations});
    let limits = BulkLimits { max_operations: 20_000, ..BulkLimits::default() };
    let request = BulkRequest::parse(body, &limits, &Leniency::none()).unwrap();
    let mut count = 0;
    let answer = BulkRun::new(request, BASE).run(|call| {
        count += 1;
        assert!(!call.data.to_string().contains("bulkId:"));
        Ok(BulkDone { status: 201, id: Some(format!("id{count}")), ..BulkDone::default() })
    });
    // One manager of the ring is put in at the end.
    assert_eq!((count, answer["Operations"].as_array().map(Vec::len)), (10_002, Some(10_001)));
}

proptest! {
    #[test]
    fn any_users_with_any_managers_come_to_be_in_any_order(
        managers in prop::collection::vec(prop::option::of(0..6usize), 6),
        order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let name = |index: usize| format!("u{index}");
        let operations: Vec<Value> = order
            .iter()
            .map(|&index| user(&name(index), managers[index].map_or(json!({}), |manager| managed_by(&name(manager)))))
            .collect();
        let mut endpoint = Endpoint::default();
        let results = send(&mut endpoint, Value::Array(operations));
        prop_assert_eq!(statuses(&results), ["201"; 6]);
        for (at, &index) in order.iter().enumerate() {
            prop_assert_eq!(&results[at]["bulkId"], &json!(name(index)));
            let stored = endpoint.named(&name(index))[urn::ENTERPRISE_USER]["manager"]["value"].as_str();
            let manager = stored.map(|id| endpoint.resources[id]["userName"].clone());
            prop_assert_eq!(manager, managers[index].map(|manager| json!(name(manager))));
        }
    }

    #[test]
    fn any_operations_are_answered_once_each(operations in prop::collection::vec(any_operation(), 0..8)) {
        let count = operations.len();
        let results = send(&mut Endpoint::default(), Value::Array(operations));
        prop_assert_eq!(results.len(), count);
        for result in results {
            let failed = !result["status"].as_str().unwrap().starts_with('2');
            prop_assert_eq!(result.get("response").is_some(), failed);
        }
    }
}

fn any_operation() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec!["bulkId:a", "bulkId:b", "bulkId:c", "bulkId:", "a", "x/bulkId:a"]);
    let path = prop::sample::select(vec![
        "/Users",
        "/Groups",
        "/Users/bulkId:a",
        "/Users/bulkId:b",
        "/Users/id1",
        "Users",
        "",
        "/",
        "/Users/bulkId:",
    ]);
    (
        prop::sample::select(vec!["POST", "PUT", "PATCH", "DELETE", "GET"]),
        prop::sample::select(vec!["a", "b", "c", ""]),
        path,
        text.clone(),
        text,
    )
        .prop_map(|(method, bulk_id, path, one, two)| {
            json!({"method": method, "bulkId": bulk_id, "path": path, "data": {
                "userName": one, "displayName": "d", "title": two, "emails": [{"value": two}, {"value": one}],
                "schemas": [urn::PATCH_OP], "Operations": [{"op": "add", "path": "title", "value": two}]
            }})
        })
}
