use proptest::prelude::*;
use serde_json::{Value, json};

use super::Projection;
use crate::scim::{ResourceKind, ScimType, urn};

const ENTERPRISE: &str = urn::ENTERPRISE_USER;

fn ada() -> Value {
    json!({
        "schemas": [urn::USER, ENTERPRISE],
        "id": "u1",
        "userName": "ada",
        "password": "secret",
        "name": {"givenName": "Ada", "familyName": "Byron"},
        "emails": [{"type": "work", "value": "a@example.com"}, {"value": "b@example.com"}],
        "meta": {"resourceType": "User"},
        ENTERPRISE: {"department": "R&D", "manager": {"value": "m", "displayName": "Boss"}},
    })
}

fn projected(attributes: Option<&str>, excluded: Option<&str>) -> Value {
    let mut user = ada();
    Projection::parse(attributes, excluded).unwrap().apply(ResourceKind::User, &mut user);
    user
}

#[test]
fn a_password_is_never_returned() {
    let mut expected = ada();
    expected.as_object_mut().unwrap().shift_remove("password");
    assert_eq!(projected(None, None), expected);
    assert_eq!(projected(Some(""), Some(" ,")), expected);
    assert_eq!(projected(Some("password,userName"), None).get("password"), None);
}

#[test]
fn what_is_asked_for_is_returned_with_what_always_is() {
    let always = json!({"schemas": [urn::USER, ENTERPRISE], "id": "u1"});
    let department = format!("{ENTERPRISE}:department");
    let manager_value = format!("{ENTERPRISE}:manager.value");
    for (attributes, expected) in [
        ("USERNAME", json!({"userName": "ada"})),
        ("name.givenName, userName", json!({"userName": "ada", "name": {"givenName": "Ada"}})),
        ("name.givenName,name", json!({"name": {"givenName": "Ada", "familyName": "Byron"}})),
        ("emails.type", json!({"emails": [{"type": "work"}]})),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName", json!({"userName": "ada"})),
        (department.as_str(), json!({ENTERPRISE: {"department": "R&D"}})),
        (manager_value.as_str(), json!({ENTERPRISE: {"manager": {"value": "m"}}})),
        ("department", json!({ENTERPRISE: {"department": "R&D"}})),
        (
            ENTERPRISE,
            json!({ENTERPRISE: {"department": "R&D", "manager": {"value": "m", "displayName": "Boss"}}}),
        ),
        ("nickName", json!({})),
        ("userName.x", json!({})),
    ] {
        let mut whole = always.clone();
        for (name, value) in expected.as_object().unwrap() {
            whole[name] = value.clone();
        }
        assert_eq!(projected(Some(attributes), None), whole, "{attributes}");
    }
}

#[test]
fn what_is_excluded_goes_unless_it_is_always_returned() {
    let excluded = format!("id,schemas,Emails.VALUE,name,meta,{ENTERPRISE}:department,manager.value");
    assert_eq!(
        projected(None, Some(&excluded)),
        json!({
            "schemas": [urn::USER, ENTERPRISE],
            "id": "u1",
            "userName": "ada",
            "emails": [{"type": "work"}],
            ENTERPRISE: {"manager": {"displayName": "Boss"}},
        })
    );
    assert_eq!(projected(None, Some(ENTERPRISE)).get(ENTERPRISE), None);
}

#[test]
fn members_need_not_be_computed_where_nobody_wants_them() {
    for (attributes, excluded, expected) in [
        (None, None, true),
        (None, Some("members"), false),
        (None, Some("MEMBERS,meta"), false),
        (None, Some("members.display"), true),
        (Some("displayName"), None, false),
        (Some("members.value"), None, true),
    ] {
        let projection = Projection::parse(attributes, excluded).unwrap();
        assert_eq!(
            projection.includes(ResourceKind::Group, "members"),
            expected,
            "{attributes:?} {excluded:?}"
        );
    }
}

#[test]
fn the_two_lists_exclude_each_other_and_hold_attributes() {
    let refusal = |attributes, excluded| Projection::parse(attributes, excluded).unwrap_err().scim_type;
    assert_eq!(refusal(Some("id"), Some("meta")), Some(ScimType::InvalidValue));
    assert_eq!(refusal(Some("a b"), None), Some(ScimType::InvalidPath));
}

proptest! {
    #[test]
    fn projecting_twice_is_projecting_once(
        names in prop::collection::vec(prop::sample::select(vec![
            "id", "userName", "password", "name", "name.givenName", "emails", "emails.type", "emails.value", "meta", "manager.value",
            "department", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "x",
        ]), 0..4),
        exclude in any::<bool>(),
    ) {
        let list = names.join(",");
        let projection = if exclude { Projection::parse(None, Some(&list)) } else { Projection::parse(Some(&list), None) }.unwrap();
        let mut once = ada();
        projection.apply(ResourceKind::User, &mut once);
        let mut twice = once.clone();
        projection.apply(ResourceKind::User, &mut twice);
        prop_assert_eq!(&twice, &once);
        prop_assert_eq!(&once["id"], "u1");
        prop_assert_eq!(once.get("password"), None);
    }
}
