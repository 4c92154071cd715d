use proptest::prelude::*;

use super::AttrPath;
use crate::scim::{Leniency, urn};

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
