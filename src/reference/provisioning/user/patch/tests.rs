//! A PATCH that leaves most of a user in its text says what one says that reads all of it.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::touched;
use crate::reference::knobs::Profile;
use crate::reference::provisioning::sent::tests::{body, on_site};
use crate::scim::Leniency;
use crate::scim::patch::PatchRequest;
use crate::scim::urn;

fn value() -> impl Strategy<Value = Value> {
    let email = |value: &str, primary: bool| json!({"value": value, "type": "work", "primary": primary});
    prop::sample::select(vec![
        json!(null),
        json!(""),
        json!("Ada"),
        json!("False"),
        json!(true),
        json!(1.50),
        json!({"givenName": "Eve", "familyName": null}),
        json!([email("eve@example.com", true)]),
        json!([email("ada@example.com", false), email("x@example.com", true)]),
        json!({"value": "eve@example.com"}),
        json!([]),
    ])
}

fn path() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "title",
        "TITLE",
        "displayName",
        "active",
        "userName",
        "name",
        "name.givenName",
        "emails",
        "emails.value",
        "emails[type eq \"work\"].value",
        "emails[type eq \"home\"]",
        "externalId",
        "groups",
        "password",
        "schemas",
        "custom",
        "urn:ietf:params:scim:schemas:core:2.0:User:title",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        "department",
    ])
}

fn operation() -> impl Strategy<Value = Value> {
    let op = || prop::sample::select(vec!["add", "replace", "Remove"]);
    let pathless = prop::collection::vec((path(), value()), 1..4).prop_map(|members| {
        Value::Object(
            members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>(),
        )
    });
    prop_oneof![
        4 => (op(), path(), value()).prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value})),
        1 => path().prop_map(|path| json!({"op": "remove", "path": path})),
        2 => (op(), pathless).prop_map(|(op, value)| json!({"op": op, "value": value})),
    ]
}

fn request(operations: &[Value]) -> Option<PatchRequest> {
    PatchRequest::parse(&json!({"schemas": [urn::PATCH_OP], "Operations": operations}), &Leniency::all()).ok()
}

/// What the PATCH comes to, and the user that it leaves.
fn played(profile: Profile, user: &Map<String, Value>, request: &PatchRequest, whole: bool) -> Vec<String> {
    let now = Timestamp::UNIX_EPOCH;
    on_site(profile, |site| {
        let Ok(slot) = site.create_user(&Value::Object(user.clone()).into(), now) else { return Vec::new() };
        let told =
            if whole { site.patch_whole(slot, request, now) } else { site.patch_user(slot, request, now) };
        let users = &site.directory.as_ref().unwrap().users;
        let left = users.iter().map(|(_, user)| {
            format!("{} {:?} {}", user.attributes.text(), user.attributes.keys(), user.version)
        });
        std::iter::once(format!("{told:?}")).chain(left).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn a_part_is_patched_as_the_whole(
        user in body(),
        operations in prop::collection::vec(operation(), 1..4),
        profile in prop::sample::select(vec![Profile::JsmCustomers, Profile::Rfc]),
    ) {
        if let Some(request) = request(&operations) {
            prop_assert_eq!(played(profile, &user, &request, false), played(profile, &user, &request, true));
        }
    }
}

#[test]
fn what_providers_patch_most_is_about_a_part() {
    let rows = [
        (json!({"op": "replace", "path": "active", "value": "False"}), Some(vec!["active"])),
        (json!({"op": "Add", "path": "name.givenName", "value": "Ada"}), Some(vec!["name"])),
        (
            json!({"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@b.c"}),
            Some(vec!["emails"]),
        ),
        (
            json!({"op": "replace", "value": {"active": false, "name.familyName": "B"}}),
            Some(vec!["active", "name"]),
        ),
        (json!({"op": "replace", "value": {"schemas": [], "active": false}}), None),
        (json!({"op": "replace", "value": {"emails[type eq \"work\"].value": "a@b.c"}}), None),
        (json!({"op": "add", "path": "department", "value": "R&D"}), None),
        (
            json!({"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:title", "value": "R&D"}),
            None,
        ),
    ];
    for (operation, names) in rows {
        let request = request(std::slice::from_ref(&operation)).unwrap();
        assert_eq!(touched(&request), names, "{operation}");
    }
}
