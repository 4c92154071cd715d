use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Leniency;
use crate::scim::bulk::{BulkLimits, BulkRequest};
use crate::scim::resource::put;
use crate::scim::{AttrPath, Filter, ListQuery, PatchRequest, Path, ResourceKind, ScimError, ScimType, urn};

fn group() -> Value {
    json!({"schemas": [urn::GROUP], "displayName": "Acme", "members": [{"value": "1"}]})
}

fn user() -> Value {
    json!({"schemas": [urn::USER], "userName": "ada", "name": {"givenName": "Ada"}})
}

fn patched(kind: ResourceKind, body: &Value, leniency: &Leniency) -> Result<Value, ScimError> {
    let mut resource = if kind == ResourceKind::User { user() } else { group() };
    PatchRequest::parse(body, leniency)?.apply(kind, &mut resource, leniency)?;
    Ok(resource)
}

fn operation(kind: ResourceKind, operation: &Value, leniency: &Leniency) -> Result<Value, ScimError> {
    patched(kind, &json!({"schemas": [urn::PATCH_OP], "Operations": [operation]}), leniency)
}

fn created(attributes: &Value, leniency: &Leniency) -> Result<Value, ScimError> {
    let mut body = user();
    for (name, value) in attributes.as_object().unwrap() {
        body[name] = value.clone();
    }
    put::create(ResourceKind::User, &body, leniency)
}

/// Takes what the leniency is about, once in every place where it counts.
fn attempts(name: &str, leniency: &Leniency) -> Vec<Result<Value, ScimError>> {
    let on_user = |body: Value| operation(ResourceKind::User, &body, leniency);
    let on_group = |body: Value| operation(ResourceKind::Group, &body, leniency);
    let filter = |text: &str| Filter::parse(text, leniency).map(|_| json!(null)).map_err(ScimError::from);
    let path = |text: &str| Path::parse(text, leniency).map(|_| json!(null)).map_err(ScimError::from);
    let enterprise = urn::ENTERPRISE_USER;
    let remove = json!({"op": "remove", "path": "name"});
    match name {
        "value_path_in_filter" => vec![filter(r#"emails[type eq "work"].value eq "a""#)],
        "string_booleans" => vec![
            created(&json!({"active": "False"}), leniency),
            created(&json!({"emails": [{"value": "a", "primary": "true"}]}), leniency),
            on_user(json!({"op": "replace", "path": "active", "value": "False"})),
        ],
        "op_case" => ["Add", "Replace", "REMOVE"]
            .map(|op| on_user(json!({"op": op, "path": "title", "value": "x"})))
            .into_iter()
            .take(2)
            .chain([on_user(json!({"op": "Remove", "path": "title"}))])
            .collect(),
        "operations_key_case" => {
            vec![patched(
                ResourceKind::User,
                &json!({"schemas": [urn::PATCH_OP], "operations": [remove]}),
                leniency,
            )]
        }
        "patch_schemas" => vec![
            patched(ResourceKind::User, &json!({"Operations": [remove]}), leniency),
            patched(ResourceKind::User, &json!({"schemas": [urn::USER], "Operations": [remove]}), leniency),
        ],
        "message_schemas" => vec![
            ListQuery::from_search_request(&json!({"filter": "id pr"}), leniency).map(|_| json!(null)),
            BulkRequest::parse(json!({"Operations": []}), &BulkLimits::default(), leniency)
                .map(|_| json!(null)),
        ],
        "empty_operations" => {
            vec![patched(
                ResourceKind::User,
                &json!({"schemas": [urn::PATCH_OP], "Operations": []}),
                leniency,
            )]
        }
        "path_keys" => vec![
            on_user(json!({"op": "replace", "value": {"name.givenName": "Augusta"}})),
            on_user(json!({"op": "add", "value": {(format!("{enterprise}:department")): "Sales"}})),
        ],
        "remove_by_value" => {
            vec![on_group(json!({"op": "remove", "path": "members", "value": [{"value": "1"}]}))]
        }
        "complex_as_string" => vec![
            created(&json!({enterprise: {"manager": "m"}}), leniency),
            on_group(json!({"op": "add", "path": "members", "value": "2"})),
        ],
        "array_for_single" => vec![
            created(&json!({enterprise: {"manager": [{"value": "m"}]}}), leniency),
            on_user(json!({"op": "add", "path": format!("{enterprise}:manager"), "value": [{"value": "m"}]})),
        ],
        "empty_value_unassigns" => vec![created(&json!({enterprise: {"manager": {"value": ""}}}), leniency)],
        "dot_after_urn" => vec![
            path(&format!("{enterprise}.department")),
            AttrPath::parse_with(&format!("{enterprise}.department"), leniency)
                .map(|_| json!(null))
                .map_err(ScimError::from),
        ],
        "unqualified_extension" => {
            vec![on_user(json!({"op": "add", "path": "department", "value": "Sales"}))]
        }
        "value_path_creates" => {
            vec![on_user(json!({"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a"}))]
        }
        "read_only_ignored" => {
            vec![on_user(json!({"op": "replace", "value": {"id": "x", "groups": [{"value": "g"}]}}))]
        }
        "unknown_attributes" => vec![created(&json!({"shoeSize": 7}), leniency)],
        _ => panic!("{name} has no example here"),
    }
}

#[test]
fn each_leniency_can_be_switched_off_alone() {
    let only = |name: &str| Leniency::none().with(name, true).unwrap();
    for lenience in Leniency::NAMED {
        let name = lenience.name;
        for lenient in [only(name), Leniency::all()] {
            for taken in attempts(name, &lenient) {
                assert!(taken.is_ok(), "{name}: {taken:?}");
            }
        }
        for strict in [Leniency::none(), Leniency::all().with(name, false).unwrap()] {
            // What has no URN is then an attribute that no schema knows.
            let unknown = name == "unqualified_extension" && strict.unknown_attributes;
            for attempt in attempts(name, &strict) {
                let refusal = attempt.as_ref().err().map(|error| (error.status, error.scim_type));
                let expected = lenience.refusal.filter(|_| !unknown).map(|scim_type| (400, Some(scim_type)));
                assert_eq!(refusal, expected, "{name}: {attempt:?}");
            }
        }
    }
}

#[test]
fn what_is_taken_means_what_the_provider_meant() {
    let lenient = Leniency::all();
    let enterprise = urn::ENTERPRISE_USER;
    for (name, pointer, expected) in [
        ("string_booleans", "/active", json!(false)),
        ("path_keys", "/name/givenName", json!("Augusta")),
        ("value_path_creates", "/emails", json!([{"type": "work", "value": "a"}])),
        ("read_only_ignored", "/userName", json!("ada")),
        ("unknown_attributes", "/shoeSize", json!(7)),
    ] {
        let first = attempts(name, &lenient).remove(0).unwrap();
        assert_eq!(first.pointer(pointer), Some(&expected), "{name}");
    }
    assert_eq!(attempts("remove_by_value", &lenient)[0].as_ref().unwrap().get("members"), None);
    assert_eq!(attempts("empty_value_unassigns", &lenient)[0].as_ref().unwrap().get(enterprise), None);
    let kept = attempts("empty_value_unassigns", &Leniency::none()).remove(0).unwrap();
    assert_eq!(kept[enterprise]["manager"], json!({"value": ""}));
}

#[test]
fn a_filter_refuses_the_same_leniencies_as_a_filter() {
    for (name, text) in [
        ("string_booleans", r#"active eq "True""#.to_owned()),
        ("string_booleans", "active eq True".to_owned()),
        ("dot_after_urn", format!("{}.department pr", urn::ENTERPRISE_USER)),
    ] {
        assert!(Filter::parse(&text, &Leniency::all()).is_ok(), "{text}");
        let error = Filter::parse(&text, &Leniency::all().with(name, false).unwrap()).unwrap_err();
        assert_eq!(ScimError::from(error).scim_type, Some(ScimType::InvalidFilter), "{text}");
    }
}

#[test]
fn names_lead_to_their_switches() {
    assert_eq!(Leniency::all().names().len(), Leniency::NAMED.len());
    assert_eq!(Leniency::none().names(), Vec::<&str>::new());
    assert_eq!(Leniency::none().with("op_case", true).unwrap().names(), ["op_case"]);
    assert_eq!(Leniency::all().with("no_such_name", true), None);
}

/// The page as it has to stand in `docs/leniencies.md`.
fn page() -> String {
    let mut page = "# Leniencies\n\nWhat the endpoint takes although RFC 7644 does not say so, because identity providers send it. \
        Each has a name and a switch of its own;\nswitched off, it is refused with status 400 and the keyword in the last column.\n\n\
        | name | what is taken, and who sends it | where it is off |\n|---|---|---|\n"
        .to_owned();
    for lenience in Leniency::NAMED {
        let refusal =
            lenience.refusal.map_or("taken as it stands".to_owned(), |keyword| format!("`{keyword}`"));
        let says = lenience.says.trim().replace('|', "\\|");
        writeln!(page, "| `{}` | {says} | {refusal} |", lenience.name).unwrap();
    }
    page.push_str("\nIn a filter, a leniency that is off is refused with `invalidFilter`, whatever it is about. In the body of a POST or PUT, an attribute\nwithout the URN of its extension is refused with `invalidSyntax`; with `unknown_attributes` it is kept where it stands.\nWhat `schemas` names and the kind has not is left out there where unknown attributes are refused, and refused in a PATCH.\n");
    page
}

#[test]
fn the_page_in_the_docs_is_what_the_table_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/leniencies.md");
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    if written != page() {
        std::fs::write(&path, page()).unwrap();
        panic!("docs/leniencies.md was stale and is written anew: look at it and commit it");
    }
}
