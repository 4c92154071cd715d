use serde_json::json;

use super::{boolean, get, is_unassigned, remove, set};
use crate::scim::{AttrPath, Leniency, urn};

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
