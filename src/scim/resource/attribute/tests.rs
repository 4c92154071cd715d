use proptest::prelude::*;
use serde_json::json;

use super::{AttrPath, boolean, get, is_unassigned, remove, set};
use crate::scim::{Leniency, urn};

#[test]
fn keys_have_no_case_and_keep_their_spelling() {
    let mut user = json!({"UserName": "ada", "active": true, "displayName": "Ada"});
    assert_eq!(get(&user, "username"), Some(&json!("ada")));
    set(&mut user, "userName", json!("bob"));
    assert_eq!(user.to_string(), r#"{"UserName":"bob","active":true,"displayName":"Ada"}"#);
    assert_eq!(remove(&mut user, "USERNAME"), Some(json!("bob")));
    assert_eq!(user.to_string(), r#"{"active":true,"displayName":"Ada"}"#);
    assert_eq!(remove(&mut user, "title"), None);
}

#[test]
fn the_exact_spelling_outranks_another() {
    let user = json!({"USERNAME": "wrong", "userName": "right"});
    assert_eq!(get(&user, "userName"), Some(&json!("right")));
}

#[test]
fn a_urn_ends_where_its_schema_ends() {
    let custom = "urn:example:params:scim:schemas:extension:Custom:2.0:User";
    for (text, schema, name, sub) in [
        ("userName", None, "userName", None),
        ("name.givenName", None, "name", Some("givenName")),
        ("$ref", None, "$ref", None),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            Some(urn::ENTERPRISE_USER),
            "manager",
            Some("value"),
        ),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.department",
            Some(urn::ENTERPRISE_USER),
            "department",
            None,
        ),
        ("urn:ietf:params:scim:schemas:core:2.0:User:role", Some(urn::USER), "role", None),
        (urn::ENTERPRISE_USER, None, urn::ENTERPRISE_USER, None),
        (custom, None, custom, None),
        ("urn:example:params:scim:schemas:extension:Custom:2.0:User:tagIds", Some(custom), "tagIds", None),
        (
            "urn:scim:schemas:extension:atlassian-external:1.0:atlassianAccountId",
            Some(urn::ATLASSIAN_EXTERNAL),
            "atlassianAccountId",
            None,
        ),
        ("urn:acme:hr:badge.number", Some("urn:acme:hr"), "badge", Some("number")),
    ] {
        let path = AttrPath::parse(text).unwrap();
        assert_eq!(
            (path.schema.as_deref(), path.name.as_str(), path.sub.as_deref()),
            (schema, name, sub),
            "{text}"
        );
    }
}

#[test]
fn a_dot_behind_the_urn_is_a_leniency() {
    let text = format!("{}.department", urn::ENTERPRISE_USER);
    let error = AttrPath::parse_with(&text, &Leniency::none()).unwrap_err();
    assert_eq!(error.span, urn::ENTERPRISE_USER.len()..urn::ENTERPRISE_USER.len() + 1);
}

#[test]
fn malformed_paths_say_where() {
    for (text, span) in [
        ("", 0..0),
        ("9lives", 0..6),
        ("name.", 5..5),
        (".name", 0..0),
        ("name.given.more", 5..15),
        ("na me", 0..5),
        ("urn:ietf:params:scim:schemas:core:2.0:User:", 43..43),
        ("urn:x", 0..5),
    ] {
        assert_eq!(AttrPath::parse(text).unwrap_err().span, span, "{text}");
    }
}

#[test]
fn paths_fan_out_over_many_values() {
    let user = json!({
        "emails": [{"Value": "a@example.com"}, {"type": "home"}, {"value": "b@example.com"}],
        "urn:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:User": {"manager": {"value": "m"}},
    });
    let values =
        |text: &str| AttrPath::parse(text).unwrap().resolve(&user).into_iter().cloned().collect::<Vec<_>>();
    assert_eq!(values("EMAILS.value"), [json!("a@example.com"), json!("b@example.com")]);
    assert_eq!(values(&format!("{}:manager.value", urn::ENTERPRISE_USER)), [json!("m")]);
    assert_eq!(values("manager.value"), [json!("m")]);
    assert_eq!(values("urn:ietf:params:scim:schemas:core:2.0:User:emails").len(), 3);
    assert_eq!(values("phoneNumbers.value"), Vec::<serde_json::Value>::new());
}

#[test]
fn string_booleans_are_a_leniency() {
    for (value, lenient, strict) in [
        (json!(true), Some(true), Some(true)),
        (json!("False"), Some(false), None),
        (json!("tRUE"), Some(true), None),
        (json!("yes"), None, None),
        (json!(1), None, None),
    ] {
        assert_eq!(boolean(&value, &Leniency::all()), lenient, "{value}");
        assert_eq!(boolean(&value, &Leniency::none()), strict, "{value}");
    }
}

#[test]
fn emptiness_goes_all_the_way_down() {
    for value in [json!(null), json!(""), json!([]), json!({}), json!({"a": [{"b": null}]})] {
        assert!(is_unassigned(&value), "{value}");
    }
    for value in [json!(false), json!(0), json!(" "), json!({"a": false})] {
        assert!(!is_unassigned(&value), "{value}");
    }
}

proptest! {
    #[test]
    fn what_is_parsed_prints_the_same(text in "(urn:[a-zA-Z0-9:.]{0,20}:)?[a-zA-Z$.:]{0,12}") {
        if let Ok(path) = AttrPath::parse_with(&text, &Leniency::none()) {
            prop_assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn any_text_is_parsed_or_refused_within_its_bounds(text in "\\PC*") {
        if let Err(error) = AttrPath::parse(&text) {
            prop_assert!(text.get(error.span).is_some());
        }
    }
}
