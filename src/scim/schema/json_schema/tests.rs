use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Usage, resource};
use crate::scim::resource::put::create;
use crate::scim::{Leniency, Projection, ResourceKind, urn};

const ENTERPRISE: &str = urn::ENTERPRISE_USER;

fn validator(kind: ResourceKind, usage: Usage) -> Validator {
    let schema = resource(kind, usage);
    assert!(jsonschema::meta::is_valid(&schema), "{schema}");
    jsonschema::validator_for(&schema).unwrap()
}

fn user_with(attributes: &Value) -> Value {
    let mut user = json!({"schemas": [urn::USER], "userName": "ada"});
    for (name, value) in attributes.as_object().unwrap() {
        user[name] = value.clone();
    }
    user
}

fn wrong(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| error.to_string()).collect()
}

#[test]
fn what_create_leaves_is_valid() {
    let (user, group) =
        (validator(ResourceKind::User, Usage::Request), validator(ResourceKind::Group, Usage::Request));
    for body in [
        json!({}),
        json!({"active": "False", "emails": {"value": "a", "primary": "true"}, "department": "Sales", "manager": "m"}),
        json!({"title": null, "roles": ["r"], "name": {"givenName": "Ada", "middleName": null}, "shoeSize": 7}),
        json!({"id": 7, "meta": "x", "groups": 1, "password": "p", "photos": [{"value": "https://example.com/a.png"}]}),
        json!({"x509Certificates": [{"value": "AAAA"}], ENTERPRISE: {"employeeNumber": "1", "manager": [{"value": "m"}]}}),
    ] {
        let left = create(ResourceKind::User, &user_with(&body), &Leniency::all()).unwrap();
        assert_eq!(wrong(&user, &left), Vec::<String>::new(), "{left}");
    }
    let body = json!({"displayName": "Acme", "members": ["1", {"value": "2", "type": "User"}]});
    let left = create(ResourceKind::Group, &body, &Leniency::all()).unwrap();
    assert_eq!(wrong(&group, &left), Vec::<String>::new());
}

#[test]
fn wrong_types_are_refused() {
    let user = validator(ResourceKind::User, Usage::Request);
    for attributes in [
        json!({"userName": null}),
        json!({"userName": ""}),
        json!({"userName": 7}),
        json!({"active": "true"}),
        json!({"emails": {"value": "a"}}),
        json!({"emails": ["a"]}),
        json!({"emails": [{"value": "a", "primary": "true"}]}),
        json!({"name": "Ada"}),
        json!({"name": {"givenName": 1}}),
        json!({"schemas": [urn::GROUP]}),
        json!({"schemas": urn::USER}),
        json!({ENTERPRISE: {"manager": "m"}}),
        json!({ENTERPRISE: []}),
    ] {
        assert!(!user.is_valid(&user_with(&attributes)), "{attributes}");
    }
    assert!(user.is_valid(&user_with(&json!({"title": null, "emails": null, "id": 7}))));
    let group = validator(ResourceKind::Group, Usage::Request);
    assert!(!group.is_valid(&json!({"schemas": [urn::GROUP]})));
    assert!(
        !group.is_valid(&json!({"schemas": [urn::GROUP], "displayName": "A", "members": [{"value": 1}]}))
    );
}

#[test]
fn an_answer_has_what_is_always_returned_and_no_password() {
    let user = validator(ResourceKind::User, Usage::Answer);
    let answer = |attributes: Value| {
        let mut whole = user_with(&json!({"id": "u1", "meta": {"resourceType": "User"}}));
        for (name, value) in attributes.as_object().unwrap() {
            whole[name] = value.clone();
        }
        whole
    };
    assert_eq!(wrong(&user, &answer(json!({"groups": [{"value": "g"}]}))), Vec::<String>::new());
    assert!(!user.is_valid(&user_with(&json!({}))), "without an id");
    for attributes in
        [json!({"password": "p"}), json!({"title": null}), json!({"groups": "g"}), json!({"id": 7})]
    {
        assert!(!user.is_valid(&answer(attributes.clone())), "{attributes}");
    }
    let mut projected = answer(json!({"password": "p"}));
    Projection::default().apply(ResourceKind::User, &mut projected);
    assert!(user.is_valid(&projected));
}

fn any_attribute() -> impl Strategy<Value = (&'static str, Value)> {
    let name = prop::sample::select(vec![
        "userName",
        "USERNAME",
        "active",
        "emails",
        "name",
        "title",
        "roles",
        "photos",
        "groups",
        "id",
        "meta",
        "schemas",
        "password",
        "x",
        "department",
        "manager",
        ENTERPRISE,
        "externalId",
        "addresses",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        Just(json!("true")),
        Just(json!("")),
        any::<bool>().prop_map(Value::from),
        Just(json!(7)),
        "[a-z]{1,3}".prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(
                prop::sample::select(vec!["value", "type", "primary", "givenName", "manager", "y"]),
                inner,
                0..3
            )
            .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    });
    (name, value)
}

proptest! {
    #[test]
    fn whatever_is_taken_is_valid_when_it_is_stored(attributes in prop::collection::vec(any_attribute(), 0..5)) {
        use std::sync::OnceLock;
        static SCHEMA: OnceLock<Validator> = OnceLock::new();
        let schema = SCHEMA.get_or_init(|| validator(ResourceKind::User, Usage::Request));
        let mut body = json!({"userName": "ada"});
        for (name, value) in attributes {
            body[name] = value;
        }
        for leniency in [Leniency::all(), Leniency::none()] {
            if let Ok(stored) = create(ResourceKind::User, &body, &leniency) {
                prop_assert_eq!(wrong(schema, &stored), Vec::<String>::new(), "{}", stored);
            }
        }
    }
}
