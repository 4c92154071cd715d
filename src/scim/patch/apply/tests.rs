#![expect(clippy::needless_pass_by_value, reason = "literals read better without a reference before each")]

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::scim::{Leniency, PatchRequest, ResourceKind, ScimType, urn};

const ENTERPRISE: &str = urn::ENTERPRISE_USER;

fn patch(
    kind: ResourceKind,
    resource: &mut Value,
    operations: &Value,
    leniency: &Leniency,
) -> Result<bool, ScimType> {
    let body = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
    PatchRequest::parse(&body, leniency)
        .and_then(|request| request.apply(kind, resource, leniency))
        .map_err(|error| error.scim_type.unwrap())
}

/// What becomes of a user.
fn user(before: Value, operations: Value) -> Value {
    let mut user = before.clone();
    let changed = patch(ResourceKind::User, &mut user, &operations, &Leniency::all());
    assert_eq!(changed, Ok(user != before), "{operations}");
    user
}

fn group(before: Value, operations: Value) -> Value {
    let mut group = before;
    patch(ResourceKind::Group, &mut group, &operations, &Leniency::all()).unwrap();
    group
}

fn refused(kind: ResourceKind, before: &Value, operations: &Value, leniency: &Leniency) -> ScimType {
    let mut resource = before.clone();
    let refusal = patch(kind, &mut resource, operations, leniency).unwrap_err();
    assert_eq!(&resource, before, "an error leaves the resource as it was");
    refusal
}

fn ada() -> Value {
    json!({
        "schemas": [urn::USER],
        "id": "u1",
        "userName": "ada@example.com",
        "active": true,
        "name": {"givenName": "Ada", "familyName": "Byron"},
        "emails": [
            {"type": "work", "value": "ada@example.com", "primary": true},
            {"type": "home", "value": "ada@home.example"}
        ],
        "meta": {"resourceType": "User"}
    })
}

/// `ada`, with some attributes changed or (null) missing.
fn ada_with(changes: Value) -> Value {
    let mut ada = ada();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            ada.as_object_mut().unwrap().shift_remove(name);
        } else {
            ada[name] = value.clone();
        }
    }
    ada
}

fn acme(members: Value) -> Value {
    json!({"schemas": [urn::GROUP], "id": "g1", "displayName": "Acme", "members": members})
}

#[test]
fn every_way_to_deactivate_ends_in_the_same_boolean() {
    for operation in [
        json!({"op": "Replace", "path": "active", "value": "False"}),
        json!({"op": "replace", "path": "active", "value": false}),
        json!({"op": "Replace", "path": "active", "value": false}),
        json!({"op": "Add", "path": "active", "value": "false"}),
        json!({"op": "replace", "value": {"active": false}}),
        json!({"op": "replace", "value": {"Active": "False"}}),
        json!({"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:active", "value": false}),
        json!({"op": "replace", "path": "", "value": {"active": false}}),
        json!({"op": "replace", "path": null, "value": {"urn:ietf:params:scim:schemas:core:2.0:User": {"active": false}}}),
    ] {
        assert_eq!(user(ada(), json!([operation])), ada_with(json!({"active": false})), "{operation}");
    }
}

#[test]
fn a_change_that_changes_nothing_says_so() {
    let mut user = ada();
    let operations = json!([{"op": "Replace", "path": "active", "value": "True"}]);
    assert_eq!(patch(ResourceKind::User, &mut user, &operations, &Leniency::all()), Ok(false));
    assert_eq!(patch(ResourceKind::User, &mut user, &json!([]), &Leniency::all()), Ok(false));
    assert_eq!(user, ada());
}

#[test]
fn dotted_and_urn_keys_are_paths() {
    let after = user(
        ada(),
        json!([{"op": "add", "value": {
            "displayName": "A",
            "title": "B",
            "name.givenName": "C",
            "name.formatted": "C D",
            "emails[type eq \"work\"].value": "c@example.com",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "7",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R&D"}
        }}]),
    );
    let mut expected = ada_with(json!({
        "schemas": [urn::USER, ENTERPRISE],
        "displayName": "A",
        "title": "B",
        "name": {"givenName": "C", "familyName": "Byron", "formatted": "C D"},
    }));
    expected["emails"][0]["value"] = json!("c@example.com");
    expected[ENTERPRISE] = json!({"employeeNumber": "7", "department": "R&D"});
    assert_eq!(after, expected);
}

#[test]
fn the_enterprise_extension_is_reached_in_every_way() {
    for path in [
        format!("{ENTERPRISE}:department"),
        format!("{ENTERPRISE}.department"),
        format!("{}:Department", ENTERPRISE.to_lowercase()),
        "department".to_owned(),
    ] {
        let after = user(ada(), json!([{"op": "Add", "path": path, "value": "Sales"}]));
        assert_eq!(after[ENTERPRISE], json!({"department": "Sales"}), "{path}");
        let gone = user(after, json!([{"op": "Remove", "path": path}]));
        assert_eq!(gone.get(ENTERPRISE), None, "{path}");
    }
    let whole = json!([{"op": "replace", "path": ENTERPRISE, "value": {"department": "Sales"}}]);
    assert_eq!(user(ada(), whole)[ENTERPRISE], json!({"department": "Sales"}));
}

#[test]
fn a_custom_extension_is_kept_as_it_came() {
    let custom = "urn:example:params:scim:schemas:extension:Custom:2.0:User";
    let after =
        user(ada(), json!([{"op": "Add", "path": format!("{custom}:tagIds"), "value": [{"value": "1"}]}]));
    assert_eq!(after[custom], json!({"tagIds": [{"value": "1"}]}));
    assert_eq!(after["schemas"], json!([urn::USER, custom]));
    let twice = user(
        after,
        json!([{"op": "Add", "path": format!("{custom}:tagIds"), "value": [{"value": "1"}, {"value": "2"}]}]),
    );
    assert_eq!(twice[custom], json!({"tagIds": [{"value": "1"}, {"value": "2"}]}));
    let odd = json!({"schemas": [], "urn:acme:ext": {"hr": {"level": 1}}, "urn:acme": {}});
    let after = user(odd, json!([{"op": "replace", "path": "urn:acme:ext:hr.level", "value": 2}]));
    assert_eq!(after["urn:acme:ext"], json!({"hr": {"level": 2}}));
}

#[test]
fn what_says_nothing_is_not_added_to_a_list_that_no_schema_knows() {
    let before = ada_with(json!({"badges": [{"value": "1"}]}));
    let nothing = [
        json!({"value": null}),
        json!({}),
        json!(null),
        json!([]),
        json!(""),
        json!([{}, null, {"value": null}]),
    ];
    for nothing in nothing {
        let added = json!([{"op": "add", "path": "badges", "value": nothing}]);
        assert_eq!(user(before.clone(), added.clone()), before, "{added}");
    }
    let single = ada_with(json!({"badge": "1"}));
    assert_eq!(user(single.clone(), json!([{"op": "add", "path": "badge", "value": [null]}])), single);
    let partly = json!([{"op": "add", "path": "badges", "value": {"value": "2", "label": null}}]);
    assert_eq!(user(before, partly)["badges"], json!([{"value": "1"}, {"value": "2"}]));
}

#[test]
fn the_manager_comes_in_every_shape() {
    let path = format!("{ENTERPRISE}:manager");
    for operation in [
        json!({"op": "Add", "path": path, "value": "m1"}),
        json!({"op": "replace", "path": path, "value": {"value": "m1"}}),
        json!({"op": "replace", "path": path, "value": {"value": "m1", "displayName": "Boss"}}),
        json!({"op": "Add", "path": "manager", "value": [{"$ref": null, "value": "m1"}]}),
        json!({"op": "Add", "path": format!("{path}.value"), "value": "m1"}),
        json!({"op": "Replace", "path": "manager[value eq \"m1\"].value", "value": "m1"}),
    ] {
        let after = user(ada(), json!([operation]));
        assert_eq!(after[ENTERPRISE], json!({"manager": {"value": "m1"}}), "{operation}");
    }
}

#[test]
fn the_manager_goes_in_every_shape() {
    let path = format!("{ENTERPRISE}:manager");
    let before = ada_with(
        json!({ENTERPRISE: {"manager": {"value": "m1", "$ref": "../Users/m1"}, "division": "X"}, "schemas": [urn::USER, ENTERPRISE]}),
    );
    for operation in [
        json!({"op": "Remove", "path": path}),
        json!({"op": "Remove", "path": "manager", "value": [{"value": "m1"}]}),
        json!({"op": "replace", "path": path, "value": ""}),
        json!({"op": "replace", "path": path, "value": {"value": ""}}),
        json!({"op": "replace", "path": path, "value": null}),
        json!({"op": "replace", "path": path, "value": []}),
        json!({"op": "replace", "path": format!("{path}.value"), "value": ""}),
        json!({"op": "remove", "path": "manager[value eq \"m1\"]"}),
    ] {
        let after = user(before.clone(), json!([operation]));
        assert_eq!(after[ENTERPRISE], json!({"division": "X"}), "{operation}");
    }
    let other = json!([{"op": "remove", "path": "manager[value eq \"m2\"]"}]);
    assert_eq!(user(before.clone(), other), before);
}

#[test]
fn a_value_path_changes_what_it_selects_only() {
    for op in ["replace", "Add"] {
        let after = user(
            ada(),
            json!([{"op": op, "path": "emails[type eq \"work\"].value", "value": "new@example.com"}]),
        );
        let mut expected = ada();
        expected["emails"][0]["value"] = json!("new@example.com");
        assert_eq!(after, expected);
    }
}

#[test]
fn a_value_path_creates_what_is_missing() {
    let before = ada_with(json!({"emails": null}));
    let after = user(
        before,
        json!([
            {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "a@example.com"},
            {"op": "Replace", "path": "phoneNumbers[type eq \"mobile\" and primary eq \"True\"].value", "value": "+1"},
            {"op": "Replace", "path": "roles[primary eq \"True\"].Value", "value": "admin"},
            {"op": "Replace", "path": "roles[primary eq \"True\"].display", "value": "Admin"},
            {"op": "replace", "path": "addresses[type eq \"work\"]", "value": {"country": "GB"}},
        ]),
    );
    assert_eq!(after["emails"], json!([{"type": "work", "value": "a@example.com"}]));
    assert_eq!(after["phoneNumbers"], json!([{"type": "mobile", "primary": true, "value": "+1"}]));
    assert_eq!(after["roles"], json!([{"primary": true, "value": "admin", "display": "Admin"}]));
    assert_eq!(after["addresses"], json!([{"type": "work", "country": "GB"}]));
}

#[test]
fn nothing_is_created_from_nothing_or_from_what_no_equality_says() {
    let before = ada();
    let nothing = json!([{"op": "Replace", "path": "emails[type eq \"other\"].value", "value": ""}]);
    assert_eq!(user(before.clone(), nothing), before);
    let contains = json!([{"op": "replace", "path": "emails[value co \"nowhere\"].type", "value": "work"}]);
    assert_eq!(refused(ResourceKind::User, &before, &contains, &Leniency::all()), ScimType::NoTarget);
}

#[test]
fn the_rfc_wants_a_target_for_a_replace_by_value_path() {
    let operations = json!([{"op": "replace", "path": "emails[type eq \"other\"].value", "value": "x"}]);
    assert_eq!(refused(ResourceKind::User, &ada(), &operations, &Leniency::none()), ScimType::NoTarget);
}

#[test]
fn replacing_a_selected_value_leaves_nothing_of_it_but_what_selects_it() {
    let after = user(
        ada(),
        json!([{"op": "replace", "path": "emails[type eq \"work\"]", "value": {"value": "b@example.com"}}]),
    );
    assert_eq!(after["emails"][0], json!({"type": "work", "value": "b@example.com"}));
    let after =
        user(ada(), json!([{"op": "add", "path": "emails[type eq \"work\"]", "value": {"display": "Ada"}}]));
    assert_eq!(
        after["emails"][0],
        json!({"type": "work", "value": "ada@example.com", "primary": true, "display": "Ada"})
    );
}

#[test]
fn removing_the_value_of_a_selected_element_removes_the_element() {
    for operation in [
        json!({"op": "Remove", "path": "emails[type eq \"home\"].value", "value": "ada@home.example"}),
        json!({"op": "remove", "path": "emails[type eq \"home\"].value"}),
        json!({"op": "replace", "path": "emails[type eq \"home\"].value", "value": null}),
        json!({"op": "remove", "path": "emails[type eq \"home\"]"}),
        json!({"op": "remove", "path": "emails", "value": [{"value": "ADA@home.example"}]}),
        json!({"op": "remove", "path": "emails", "value": [{"type": "home"}]}),
    ] {
        let mut expected = ada();
        expected["emails"].as_array_mut().unwrap().pop();
        assert_eq!(user(ada(), json!([operation])), expected, "{operation}");
    }
    let unlabelled = user(ada(), json!([{"op": "remove", "path": "emails[type eq \"home\"].type"}]));
    assert_eq!(unlabelled["emails"][1], json!({"value": "ada@home.example"}));
}

#[test]
fn there_is_one_primary_value() {
    let after = user(
        ada(),
        json!([{"op": "add", "path": "emails", "value": {"value": "c@example.com", "primary": "True"}}]),
    );
    let flags: Vec<_> =
        after["emails"].as_array().unwrap().iter().map(|email| email.get("primary").cloned()).collect();
    assert_eq!(flags, [Some(json!(false)), None, Some(json!(true))]);
    let after =
        user(ada(), json!([{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}]));
    assert_eq!(after["emails"][0]["primary"], false);
    assert_eq!(after["emails"][1]["primary"], true);
    let after =
        user(ada(), json!([{"op": "replace", "path": "emails[type eq \"home\"].display", "value": "Home"}]));
    assert_eq!(after["emails"][0]["primary"], true);
}

#[test]
fn complex_values_keep_what_is_not_named() {
    for operation in [
        json!({"op": "replace", "path": "name", "value": {"givenName": "Augusta"}}),
        json!({"op": "replace", "value": {"name": {"givenName": "Augusta"}}}),
        json!({"op": "add", "path": "name.givenName", "value": "Augusta"}),
    ] {
        let after = user(ada(), json!([operation]));
        assert_eq!(after["name"], json!({"givenName": "Augusta", "familyName": "Byron"}));
    }
    let after = user(ada(), json!([{"op": "replace", "path": "name", "value": {"givenName": null}}]));
    assert_eq!(after["name"], json!({"familyName": "Byron"}));
    let after = user(
        ada(),
        json!([{"op": "remove", "path": "name.givenName"}, {"op": "remove", "path": "name.familyName"}]),
    );
    assert_eq!(after.get("name"), None);
}

#[test]
fn operations_see_what_those_before_them_did() {
    let after = user(
        ada_with(json!({"externalId": "x0"})),
        json!([
            {"op": "Remove", "path": "externalId"},
            {"op": "Add", "path": "externalId", "value": "x1"},
            {"op": "Replace", "path": "externalId", "value": "x2"}
        ]),
    );
    assert_eq!(after["externalId"], "x2");
}

#[test]
fn nulls_unassign_and_an_added_null_adds_nothing() {
    let before = ada_with(json!({"title": "Countess"}));
    assert_eq!(user(before.clone(), json!([{"op": "replace", "path": "title", "value": null}])), ada());
    assert_eq!(user(before.clone(), json!([{"op": "replace", "value": {"title": null}}])), ada());
    assert_eq!(user(before.clone(), json!([{"op": "add", "path": "title", "value": null}])), before);
    assert_eq!(
        user(ada(), json!([{"op": "replace", "path": "emails", "value": []}])),
        ada_with(json!({"emails": null}))
    );
}

#[test]
fn members_are_added_once() {
    let before = acme(json!([{"value": "1", "display": "one", "type": "User"}]));
    for value in [
        json!([{"value": "1"}, {"$ref": null, "value": "2"}]),
        json!([{"value": "2"}, {"value": "2"}]),
        json!({"value": "2"}),
        json!("2"),
        json!(["1", "2"]),
        json!([{"value": "1", "display": "other"}, {"value": "2"}]),
    ] {
        let after = group(before.clone(), json!([{"op": "Add", "path": "members", "value": value}]));
        let expected = acme(json!([{"value": "1", "display": "one", "type": "User"}, {"value": "2"}]));
        assert_eq!(after, expected, "{value}");
    }
    let one_by_one = json!([
        {"op": "add", "path": "members", "value": [{"value": "2"}]},
        {"op": "add", "path": "members", "value": [{"value": "3"}]},
    ]);
    assert_eq!(group(before, one_by_one)["members"].as_array().unwrap().len(), 3);
}

#[test]
fn only_the_members_that_are_named_are_removed() {
    let before = acme(json!([{"value": "1", "display": "one"}, {"value": "2"}, {"value": "3"}]));
    for operations in [
        json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "1"}, {"value": "3"}]}]),
        json!([{"op": "Remove", "path": "members", "value": ["1", "3", "404"]}]),
        json!([{"op": "remove", "path": "members[value eq \"1\"]"}, {"op": "remove", "path": "members[value eq \"3\"]"}]),
        json!([{"op": "remove", "path": "members[value eq \"1\" or value eq \"3\"]"}]),
        json!([{"op": "replace", "path": "members", "value": [{"value": "2"}]}]),
    ] {
        assert_eq!(group(before.clone(), operations.clone()), acme(json!([{"value": "2"}])), "{operations}");
    }
    for nothing in [
        json!([{"op": "remove", "path": "members[value eq \"404\"]"}]),
        json!([{"op": "remove", "path": "members", "value": []}]),
        json!([{"op": "remove", "path": "members", "value": [{}]}]),
        json!([{"op": "remove", "path": "members", "value": [{"$ref": null}]}]),
    ] {
        assert_eq!(group(before.clone(), nothing.clone()), before, "{nothing}");
    }
    for all in [
        json!([{"op": "remove", "path": "members"}]),
        json!([{"op": "remove", "path": "members", "value": null}]),
        json!([{"op": "replace", "path": "members", "value": []}]),
    ] {
        assert_eq!(group(before.clone(), all.clone()).get("members"), None, "{all}");
    }
}

#[test]
fn a_rename_leaves_the_members() {
    let before = acme(json!([{"value": "1"}]));
    for operations in [
        json!([{"op": "replace", "value": {"id": "g1", "displayName": "Acme 2"}}]),
        json!([{"op": "replace", "path": "displayName", "value": "Acme 2"}]),
        json!([{"op": "replace", "value": {"schemas": [urn::GROUP], "id": "other", "displayName": "Acme 2"}}]),
    ] {
        let mut expected = before.clone();
        expected["displayName"] = json!("Acme 2");
        assert_eq!(group(before.clone(), operations), expected);
    }
}

#[test]
fn what_must_not_change_is_refused() {
    let (user, group) = (ResourceKind::User, ResourceKind::Group);
    let members = acme(json!([{"value": "1"}]));
    let all = Leniency::all();
    for (kind, before, operation, expected) in [
        (user, ada(), json!({"op": "replace", "path": "id", "value": "x"}), ScimType::Mutability),
        (user, ada(), json!({"op": "remove", "path": "meta.resourceType"}), ScimType::Mutability),
        (
            user,
            ada(),
            json!({"op": "add", "path": "groups", "value": [{"value": "g"}]}),
            ScimType::Mutability,
        ),
        (user, ada(), json!({"op": "remove", "path": "userName"}), ScimType::Mutability),
        (user, ada(), json!({"op": "replace", "path": "userName", "value": null}), ScimType::Mutability),
        (user, ada(), json!({"op": "replace", "path": "userName", "value": ""}), ScimType::InvalidValue),
        (group, members.clone(), json!({"op": "remove", "path": "displayName"}), ScimType::Mutability),
        (
            group,
            members,
            json!({"op": "replace", "path": "members[value eq \"1\"].value", "value": "2"}),
            ScimType::Mutability,
        ),
        (user, ada(), json!({"op": "replace", "path": "active", "value": "maybe"}), ScimType::InvalidValue),
        (user, ada(), json!({"op": "replace", "path": "userName", "value": 7}), ScimType::InvalidValue),
        (user, ada(), json!({"op": "replace", "path": "name", "value": "Ada"}), ScimType::InvalidValue),
        (
            user,
            ada(),
            json!({"op": "replace", "path": "userName.first", "value": "a"}),
            ScimType::InvalidPath,
        ),
        (
            user,
            ada(),
            json!({"op": "replace", "path": "userName[value eq \"a\"]", "value": "a"}),
            ScimType::InvalidPath,
        ),
        (user, ada(), json!({"op": "replace", "path": urn::GROUP, "value": {}}), ScimType::InvalidPath),
        (user, ada(), json!({"op": "replace", "value": "active"}), ScimType::InvalidValue),
    ] {
        let operations = json!([{"op": "replace", "path": "title", "value": "Countess"}, operation]);
        assert_eq!(refused(kind, &before, &operations, &all), expected, "{operation}");
    }
}

#[test]
fn without_leniency_what_is_not_in_the_rfc_is_refused() {
    let members = acme(json!([{"value": "1"}]));
    let (user, group) = (ResourceKind::User, ResourceKind::Group);
    for (kind, before, operation, expected) in [
        (user, ada(), json!({"op": "replace", "path": "active", "value": "False"}), ScimType::InvalidValue),
        (user, ada(), json!({"op": "Replace", "path": "active", "value": false}), ScimType::InvalidSyntax),
        (user, ada(), json!({"op": "replace", "value": {"name.givenName": "C"}}), ScimType::InvalidSyntax),
        (user, ada(), json!({"op": "replace", "value": {"id": "u1"}}), ScimType::Mutability),
        (user, ada(), json!({"op": "replace", "path": "shoeSize", "value": 7}), ScimType::InvalidPath),
        (user, ada(), json!({"op": "add", "path": "schemas", "value": ["urn:x:y"]}), ScimType::InvalidValue),
        (user, ada(), json!({"op": "add", "value": {"schemas": [urn::GROUP]}}), ScimType::InvalidValue),
        (user, ada(), json!({"op": "replace", "path": "name.nick", "value": "A"}), ScimType::InvalidPath),
        (
            user,
            ada(),
            json!({"op": "replace", "path": "name", "value": {"nick": "A"}}),
            ScimType::InvalidValue,
        ),
        (
            user,
            ada(),
            json!({"op": "add", "path": "manager", "value": {"value": "m"}}),
            ScimType::InvalidPath,
        ),
        (
            user,
            ada(),
            json!({"op": "add", "path": format!("{ENTERPRISE}.department"), "value": "x"}),
            ScimType::InvalidPath,
        ),
        (
            user,
            ada(),
            json!({"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": "m"}),
            ScimType::InvalidValue,
        ),
        (
            user,
            ada(),
            json!({"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": [{"value": "m"}]}),
            ScimType::InvalidValue,
        ),
        (
            user,
            ada(),
            json!({"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": {"displayName": "Boss"}}),
            ScimType::Mutability,
        ),
        (
            group,
            members,
            json!({"op": "remove", "path": "members", "value": [{"value": "1"}]}),
            ScimType::InvalidSyntax,
        ),
    ] {
        let operations = json!([operation]);
        assert_eq!(refused(kind, &before, &operations, &Leniency::none()), expected, "{operation}");
    }
    let mut strict = ada();
    let operations = json!([
        {"op": "replace", "path": "active", "value": false},
        {"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": {"value": "m"}},
        {"op": "replace", "value": {"name": {"givenName": "Augusta"}}},
        {"op": "remove", "path": "emails[type eq \"home\"]"},
        {"op": "add", "path": "emails[type eq \"other\"].value", "value": "o@example.com"},
    ]);
    assert_eq!(patch(ResourceKind::User, &mut strict, &operations, &Leniency::none()), Ok(true));
    assert_eq!(strict["emails"][1], json!({"type": "other", "value": "o@example.com"}));
}

#[test]
fn the_core_schema_stays_listed() {
    for operation in [
        json!({"op": "replace", "path": "schemas", "value": [urn::USER, ENTERPRISE]}),
        json!({"op": "replace", "path": "schemas", "value": [ENTERPRISE]}),
        json!({"op": "add", "path": "schemas", "value": [ENTERPRISE]}),
        json!({"op": "replace", "value": {"schemas": [ENTERPRISE]}}),
    ] {
        let mut schemas = user(ada(), json!([operation]))["schemas"].as_array().unwrap().clone();
        schemas.sort_by_key(Value::to_string);
        assert_eq!(schemas, [json!(urn::USER), json!(ENTERPRISE)], "{operation}");
    }
    let none = json!([{"op": "remove", "path": "schemas"}]);
    assert_eq!(refused(ResourceKind::User, &ada(), &none, &Leniency::all()), ScimType::Mutability);
}

#[test]
fn an_error_says_in_which_operation() {
    let body = json!({"Operations": [{"op": "add", "path": "title", "value": "x"}, {"op": "add", "path": "emails", "value": [{"primary": "maybe"}]}]});
    let request = PatchRequest::parse(&body, &Leniency::all()).unwrap();
    let error = request.apply(ResourceKind::User, &mut ada(), &Leniency::all()).unwrap_err();
    assert_eq!(error.detail, "Operations[1]: \"emails.primary\" is a boolean");
}

/// Any JSON, with a taste for what stands in PATCH bodies.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3i64..3).prop_map(Value::from),
        prop_oneof![Just("True"), Just("1"), Just("work"), Just("")].prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop_oneof![
            Just("value".to_owned()),
            Just("type".to_owned()),
            Just("primary".to_owned()),
            Just("emails".to_owned()),
            Just("members".to_owned()),
            Just("active".to_owned()),
            Just("name.givenName".to_owned()),
            Just("schemas".to_owned()),
            Just(ENTERPRISE.to_owned()),
            Just(format!("{ENTERPRISE}:manager")),
            "\\PC{0,6}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_path() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "userName",
            "active",
            "name",
            "name.givenName",
            "emails",
            "emails.value",
            "emails[type eq \"work\"]",
            "emails[type eq \"work\"].value",
            "emails[primary eq \"True\"].type",
            "members",
            "members[value eq \"1\"]",
            "manager",
            "manager[value eq \"1\"]",
            "roles",
            "unknown",
            "unknown[value eq \"1\"].x",
            "schemas",
            "title",
            "id",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            "urn:x:y:z.w",
            "displayName",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}

fn any_operation() -> impl Strategy<Value = Value> {
    (prop::sample::select(vec!["Add", "replace", "remove"]), any_path(), any_json())
        .prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}))
}

proptest! {
    #[test]
    fn any_patch_applies_whole_or_not_at_all(resource in any_json(), operations in prop::collection::vec(any_operation(), 0..4), group in any::<bool>()) {
        let kind = ResourceKind::ALL[usize::from(group)];
        for leniency in [Leniency::all(), Leniency::none()] {
            let body = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
            let Ok(request) = PatchRequest::parse(&body, &leniency) else { continue };
            let mut patched = resource.clone();
            match request.apply(kind, &mut patched, &leniency) {
                Ok(changed) => prop_assert_eq!(changed, patched != resource),
                Err(error) => prop_assert_eq!(&patched, &resource, "{}", error),
            }
        }
    }

    #[test]
    fn any_body_is_read_or_refused(body in any_json()) {
        let _ = PatchRequest::parse(&body, &Leniency::all());
    }

    #[test]
    fn doing_it_again_changes_nothing(operation in any_operation(), operations in prop::collection::vec(any_operation(), 0..3)) {
        // A value that rewrites what the filter asks for is selected no more the second time.
        let rewrites = ["type", "value", "primary"].iter().any(|name| operation["value"].get(name).is_some());
        let filters = operation["path"].as_str().is_some_and(|path| path.contains('['));
        if filters && (rewrites || operation["value"].is_array()) {
            return Ok(());
        }
        let leniency = Leniency::all();
        let mut user = ada();
        for operation in operations.iter().chain([&operation]) {
            let body = json!({"Operations": [operation]});
            if let Ok(request) = PatchRequest::parse(&body, &leniency) {
                let _ = request.apply(ResourceKind::User, &mut user, &leniency);
            }
        }
        let again = PatchRequest::parse(&json!({"Operations": [operation]}), &leniency);
        if let Ok(request) = again {
            let once = user.clone();
            let _ = request.apply(ResourceKind::User, &mut user, &leniency);
            prop_assert_eq!(user, once);
        }
    }

    #[test]
    fn a_user_stays_a_user(operations in prop::collection::vec(any_operation(), 1..5)) {
        let mut user = ada();
        let body = json!({"Operations": operations});
        if let Ok(request) = PatchRequest::parse(&body, &Leniency::all()) {
            let _ = request.apply(ResourceKind::User, &mut user, &Leniency::all());
        }
        prop_assert!(user["userName"].as_str().is_some_and(|name| !name.is_empty()));
        prop_assert_eq!(&user["id"], "u1");
        prop_assert!(user.get("active").is_none_or(Value::is_boolean));
        if let Some(emails) = user.get("emails") {
            let primary = emails.as_array().unwrap().iter().filter(|email| email["primary"] == true).count();
            prop_assert!(primary <= 1);
        }
    }
}
