use proptest::prelude::*;
use serde_json::{Value, json};

use super::{create, replace};
use crate::scim::{Leniency, ResourceKind, ScimType, urn};

const ENTERPRISE: &str = urn::ENTERPRISE_USER;

fn created(body: &Value) -> Value {
    create(ResourceKind::User, body, &Leniency::all()).unwrap()
}

fn refused(body: &Value, leniency: &Leniency) -> ScimType {
    create(ResourceKind::User, body, leniency).unwrap_err().scim_type.unwrap()
}

#[test]
fn what_only_the_endpoint_says_is_ignored() {
    let body = json!({"schemas": [urn::USER], "userName": "ada", "id": "mine", "groups": [{"value": "g"}], "meta": {"resourceType": "User"}});
    assert_eq!(created(&body), json!({"schemas": [urn::USER], "userName": "ada"}));
}

#[test]
fn nulls_and_empty_arrays_are_unassigned() {
    let body = json!({"USERNAME": "ada", "emails": null, "roles": [], "name": {"givenName": null}, "title": null, "phoneNumbers": [null, {}], "x": null, ENTERPRISE: {"department": null}});
    assert_eq!(created(&body), json!({"schemas": [urn::USER], "userName": "ada"}));
}

#[test]
fn names_and_types_become_canonical() {
    let body = json!({
        "schemas": [ENTERPRISE, urn::USER],
        "userName": "ada",
        "active": "True",
        "emails": {"Value": "a@example.com", "primary": "true"},
        "roles": [{"value": "r", "primary": "False"}, "s"],
        (ENTERPRISE.to_lowercase()): {"manager": "m1"},
        "department": "Sales",
    });
    assert_eq!(
        created(&body),
        json!({
            "schemas": [urn::USER, ENTERPRISE],
            "userName": "ada",
            "active": true,
            "emails": [{"value": "a@example.com", "primary": true}],
            "roles": [{"value": "r", "primary": false}, {"value": "s"}],
            (ENTERPRISE.to_lowercase()): {"manager": {"value": "m1"}, "department": "Sales"},
        })
    );
}

#[test]
fn odd_schemas_and_unknown_attributes_are_kept() {
    let custom = "urn:example:params:scim:schemas:extension:Custom:2.0:User";
    let body = json!({"schemas": [urn::USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"], "userName": "ada", "shoeSize": 7, custom: {"tagIds": ["1"]}});
    let user = created(&body);
    assert_eq!(
        user["schemas"],
        json!([urn::USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User", custom])
    );
    assert_eq!(user["shoeSize"], 7);
    let strict =
        json!({"schemas": [ENTERPRISE, "urn:example:nothing", urn::USER, urn::GROUP], "userName": "ada"});
    let read = create(ResourceKind::User, &strict, &Leniency::none()).unwrap();
    assert_eq!(read["schemas"], json!([urn::USER, ENTERPRISE]));
    assert_eq!(user[custom], json!({"tagIds": ["1"]}));
}

#[test]
fn one_value_is_primary_and_none_is_there_twice() {
    let body = json!({"userName": "ada", "emails": [
        {"value": "a", "type": "work", "primary": true}, {"value": "A", "type": "work"}, {"value": "a", "type": "home", "primary": true}
    ]});
    assert_eq!(
        created(&body)["emails"],
        json!([{"value": "A", "type": "work", "primary": false}, {"value": "a", "type": "home", "primary": true}])
    );
}

#[test]
fn what_cannot_be_stored_is_refused() {
    for (body, expected) in [
        (json!([]), ScimType::InvalidSyntax),
        (json!({}), ScimType::InvalidValue),
        (json!({"userName": ""}), ScimType::InvalidValue),
        (json!({"userName": null}), ScimType::InvalidValue),
        (json!({"userName": {"value": "a"}}), ScimType::InvalidValue),
        (json!({"userName": "a", "active": "yes"}), ScimType::InvalidValue),
        (json!({"userName": "a", "name": "Ada"}), ScimType::InvalidValue),
        (json!({"userName": "a", "schemas": [1]}), ScimType::InvalidValue),
        (json!({"userName": "a", "x509Certificates": [{"value": "no base64"}]}), ScimType::InvalidValue),
        (json!({"userName": "a", ENTERPRISE: "x"}), ScimType::InvalidValue),
        (
            json!({"userName": "a", ENTERPRISE: {"manager": [{"value": "1"}, {"value": "2"}]}}),
            ScimType::InvalidValue,
        ),
    ] {
        assert_eq!(refused(&body, &Leniency::all()), expected, "{body}");
    }
    for (body, expected) in [
        (json!({"userName": "a", "shoeSize": 7}), ScimType::InvalidSyntax),
        (json!({"userName": "a", "urn:x:y:z": {"a": 1}}), ScimType::InvalidSyntax),
        (json!({"userName": "a", "manager": {"value": "1"}}), ScimType::InvalidSyntax),
        (json!({"userName": "a", "active": "true"}), ScimType::InvalidValue),
        (json!({"userName": "a", ENTERPRISE: {"manager": "1"}}), ScimType::InvalidValue),
    ] {
        assert_eq!(refused(&body, &Leniency::none()), expected, "{body}");
    }
}

#[test]
fn a_put_leaves_what_it_says_and_what_clients_cannot_say() {
    let current = json!({
        "schemas": [urn::USER], "id": "u1", "userName": "ada", "title": "Countess", "password": "secret", "active": true,
        "groups": [{"value": "g1"}], "meta": {"resourceType": "User", "version": "1"}
    });
    let body = json!({"schemas": [urn::USER], "id": "u2", "userName": "ada2", "groups": [], "meta": {"version": "9"}, "active": false});
    assert_eq!(
        replace(ResourceKind::User, &current, &body, &Leniency::all()).unwrap(),
        json!({
            "schemas": [urn::USER], "id": "u1", "userName": "ada2", "password": "secret", "active": false,
            "groups": [{"value": "g1"}], "meta": {"resourceType": "User", "version": "1"}
        })
    );
    let changed = json!({"userName": "ada", "password": "new"});
    let after = replace(ResourceKind::User, &current, &changed, &Leniency::all()).unwrap();
    assert_eq!(after["password"], "new");
}

#[test]
fn members_that_stay_keep_what_is_immutable() {
    let current = json!({"displayName": "Acme", "members": [{"value": "1", "display": "one", "type": "User"}, {"value": "2"}]});
    let body = json!({"displayName": "Acme", "members": [{"value": "3", "display": "three"}, {"value": "1", "display": "uno"}]});
    assert_eq!(
        replace(ResourceKind::Group, &current, &body, &Leniency::all()).unwrap()["members"],
        json!([{"value": "3", "display": "three"}, {"value": "1", "display": "one", "type": "User"}])
    );
}

proptest! {
    #[test]
    fn putting_back_what_was_read_changes_nothing(
        title in prop::option::of("\\PC{1,8}"),
        emails in prop::collection::vec(("[a-z]{1,3}", any::<bool>()), 0..4),
        department in prop::option::of("\\PC{1,8}"),
        unknown in prop::option::of("\\PC{1,8}"),
    ) {
        let emails: Vec<Value> = emails.into_iter().map(|(value, primary)| json!({"value": value, "primary": primary})).collect();
        let body = json!({"userName": "ada", "title": title, "emails": emails, ENTERPRISE: {"department": department}, "x": unknown});
        let mut user = created(&body);
        user["id"] = json!("u1");
        user["meta"] = json!({"version": "1"});
        prop_assert_eq!(&replace(ResourceKind::User, &user, &user, &Leniency::all()).unwrap(), &user);
        let strict = Leniency { unknown_attributes: true, ..Leniency::none() };
        prop_assert_eq!(&replace(ResourceKind::User, &user, &user, &strict).unwrap(), &user);
    }
}
