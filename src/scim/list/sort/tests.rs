use proptest::prelude::*;
use serde_json::{Value, json};

use super::Sorting;
use crate::scim::list::query::ListQuery;
use crate::scim::{ResourceKind, ScimType, urn};

fn sorting(query: &str) -> Sorting {
    Sorting::of(ResourceKind::User, &ListQuery::parse(query).unwrap()).unwrap().unwrap()
}

/// The ids, in the order in which the query leaves them.
fn ids(query: &str, users: Value) -> Vec<u64> {
    let Value::Array(mut users) = users else { panic!("{users}") };
    sorting(query).sort(&mut users);
    users.iter().map(|user| user["id"].as_u64().unwrap()).collect()
}

#[test]
fn text_sorts_with_or_without_case_as_the_schema_says() {
    let users = json!([
        {"id": 1, "userName": "bob", "externalId": "b"}, {"id": 2, "userName": "Ada", "externalId": "B"},
        {"id": 3, "userName": "ÄDA", "externalId": "a"}, {"id": 4, "userName": "äda", "externalId": "A"}
    ]);
    assert_eq!(ids("sortBy=userName", users.clone()), [2, 1, 3, 4]);
    assert_eq!(ids("sortBy=USERNAME&sortOrder=descending", users.clone()), [3, 4, 1, 2]);
    assert_eq!(ids("sortBy=externalId", users), [4, 2, 3, 1]);
}

#[test]
fn what_has_no_value_comes_last_and_in_descending_order_first() {
    let users = json!([
        {"id": 1}, {"id": 2, "title": "b"}, {"id": 3, "title": ""}, {"id": 4, "title": "a"}, {"id": 5, "title": null}
    ]);
    assert_eq!(ids("sortBy=title", users.clone()), [4, 2, 1, 3, 5]);
    assert_eq!(ids("sortBy=title&sortOrder=descending", users), [1, 3, 5, 2, 4]);
}

#[test]
fn of_several_values_the_primary_one_counts_and_else_the_first() {
    let users = json!([
        {"id": 1, "emails": [{"value": "a"}, {"value": "z", "primary": true}]},
        {"id": 2, "emails": [{"value": "m"}, {"value": "b", "primary": false}]},
        {"id": 3, "emails": []},
        {"id": 4, "emails": ["c"]},
        {"id": 5, "emails": [{"primary": true}, {"value": "a"}]},
    ]);
    for query in ["sortBy=emails", "sortBy=emails.value", "sortBy=Emails.Value&sortOrder=ascending"] {
        assert_eq!(ids(query, users.clone()), [4, 2, 1, 3, 5], "{query}");
    }
}

#[test]
fn every_type_has_its_own_order() {
    let times = json!([
        {"id": 1, "meta": {"created": "2026-01-01T12:00:00+02:00"}}, {"id": 2, "meta": {"created": "2026-01-01T10:30:00Z"}},
        {"id": 3, "meta": {"created": "2025-12-31T23:59:59Z"}}
    ]);
    assert_eq!(ids("sortBy=meta.created", times), [3, 1, 2]);
    let flags = json!([{"id": 1, "active": true}, {"id": 2, "active": false}]);
    assert_eq!(ids("sortBy=active", flags), [2, 1]);
    let numbers = json!([{"id": 1, "shoeSize": 10}, {"id": 2, "shoeSize": 9.5}, {"id": 3, "shoeSize": -1}]);
    assert_eq!(ids("sortBy=shoeSize", numbers), [3, 2, 1]);
}

#[test]
fn paths_lead_into_names_and_extensions() {
    let enterprise = urn::ENTERPRISE_USER;
    let users = json!([
        {"id": 1, "name": {"familyName": "b"}, enterprise: {"department": "x", "manager": {"value": "1"}}},
        {"id": 2, "name": {"familyName": "a"}, enterprise: {"department": "y", "manager": {"value": "0"}}},
    ]);
    for (by, expected) in [
        ("name.familyName".to_owned(), [2, 1]),
        (format!("{enterprise}:department"), [1, 2]),
        ("department".to_owned(), [1, 2]),
        (format!("{enterprise}:manager.value"), [2, 1]),
        (format!("{}:name.familyName", urn::USER), [2, 1]),
        (format!("{enterprise}:manager"), [2, 1]),
    ] {
        assert_eq!(ids(&format!("sortBy={by}"), users.clone()), expected, "{by}");
    }
}

#[test]
fn what_cannot_be_sorted_by_is_refused() {
    for by in
        ["name", "a b", "emails[type eq \"work\"]", "password", "userName.x", "name.x", urn::ENTERPRISE_USER]
    {
        let query = ListQuery { sort_by: Some(by.to_owned()), ..ListQuery::default() };
        let error = Sorting::of(ResourceKind::User, &query).unwrap_err();
        assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidPath)), "{by}");
    }
    assert_eq!(Sorting::of(ResourceKind::User, &ListQuery::parse("sortOrder=descending").unwrap()), Ok(None));
}

fn any_title() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        "[aAbBäÄ]{0,2}".prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(json!(["x", {"value": "y", "primary": true}])),
    ]
}

proptest! {
    #[test]
    fn sorting_is_stable_complete_and_settles(titles in prop::collection::vec(any_title(), 0..12), descending in any::<bool>()) {
        let order = if descending { "descending" } else { "ascending" };
        let sorting = sorting(&format!("sortBy=title&sortOrder={order}"));
        let users: Vec<Value> = titles.into_iter().enumerate().map(|(id, title)| json!({"id": id, "title": title})).collect();
        let mut sorted = users.clone();
        sorting.sort(&mut sorted);
        let mut ids: Vec<u64> = sorted.iter().map(|user| user["id"].as_u64().unwrap()).collect();
        for pair in sorted.windows(2) {
            let (left, right) = (sorting.key(&pair[0]), sorting.key(&pair[1]));
            let (first, second) = if descending { (&right, &left) } else { (&left, &right) };
            prop_assert!(first <= second, "in order");
            prop_assert!(left != right || pair[0]["id"].as_u64() < pair[1]["id"].as_u64(), "stable");
        }
        ids.sort_unstable();
        prop_assert_eq!(ids, (0..users.len() as u64).collect::<Vec<_>>());
        let mut again = sorted.clone();
        sorting.sort(&mut again);
        prop_assert_eq!(again, sorted);
    }
}
