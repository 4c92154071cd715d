use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::is_canonical;
use crate::scim::resource::put;
use crate::scim::{Leniency, ResourceKind, urn};

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::sample::select(vec!["", "a", "A", "b@example.com", "work", "home"]).prop_map(Value::from),
        2 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => (0..3_i64).prop_map(Value::from),
    ]
}

fn object(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::collection::btree_map(prop::sample::select(names), leaf(), 0..4).prop_map(|map| {
        Value::Object(map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    })
}

fn value() -> impl Strategy<Value = Value> {
    let element = || {
        prop_oneof![
            object(&["value", "type", "primary", "display", "Value"]),
            object(&["value", "type", "primary"]),
            leaf(),
        ]
    };
    prop_oneof![
        leaf(),
        object(&["givenName", "familyName", "formatted", "GivenName"]),
        object(&["department", "employeeNumber", "Department", "unknown"]),
        prop::collection::vec(element(), 0..4).prop_map(Value::from),
        object(&["value", "displayName", "$ref"]).prop_map(|manager| json!({"manager": manager})),
    ]
}

fn body() -> impl Strategy<Value = Map<String, Value>> {
    let names = vec![
        "userName",
        "USERNAME",
        "name",
        "active",
        "emails",
        "phoneNumbers",
        "nickName",
        "displayName",
        "title",
        "department",
        "x509Certificates",
        "custom",
        "urn:own:2.0:User",
        urn::ENTERPRISE_USER,
        "id",
        "meta",
        "groups",
        "password",
        "externalId",
        "members",
        "schemas2",
    ];
    let member = (prop::sample::select(names), value());
    prop::collection::vec(member, 0..6)
        .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

proptest! {
    #[test]
    fn what_is_canonical_is_stored_as_it_is(body in body(), user_name in "[a-z]{1,3}", lenient in any::<bool>()) {
        for (kind, required) in [(ResourceKind::User, "userName"), (ResourceKind::Group, "displayName")] {
            let mut kept: Map<String, Value> = Map::new();
            kept.insert(required.to_owned(), json!(user_name));
            for (name, value) in &body {
                if name != required && is_canonical(kind, name, value) {
                    kept.insert(name.clone(), value.clone());
                }
            }
            let leniency = if lenient { Leniency::all() } else { Leniency::none() };
            let stored = put::create(kind, &Value::Object(kept.clone()), &leniency).unwrap();
            let rest: Map<String, Value> =
                stored.as_object().unwrap().clone().into_iter().filter(|(name, _)| name != "schemas").collect();
            // As text, for the order counts.
            prop_assert_eq!(Value::Object(rest).to_string(), Value::Object(kept).to_string());
        }
    }
}

#[test]
fn what_providers_send_is_canonical() {
    for (name, value) in [
        ("userName", json!("ada")),
        ("active", json!(true)),
        ("name", json!({"givenName": "Ada", "familyName": ""})),
        (
            "emails",
            json!([{"value": "a@example.com", "type": "work", "primary": true}, {"value": "b@example.com"}]),
        ),
        (urn::ENTERPRISE_USER, json!({"department": "R&D", "manager": {"value": "42"}})),
    ] {
        assert!(is_canonical(ResourceKind::User, name, &value), "{name}");
    }
    for (name, value) in [
        ("username", json!("ada")),
        ("active", json!("True")),
        ("name", json!({})),
        ("emails", json!([{"value": "a@example.com"}, {"value": "A@EXAMPLE.com"}])),
        ("emails", json!([{"value": "a", "primary": true}, {"value": "b", "primary": true}])),
        ("emails", json!({"value": "a@example.com"})),
        ("department", json!("R&D")),
        ("id", json!("1")),
        (urn::ENTERPRISE_USER, json!({"manager": {"value": ""}})),
    ] {
        assert!(!is_canonical(ResourceKind::User, name, &value), "{name} {value}");
    }
}
