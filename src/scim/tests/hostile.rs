//! What nobody sends by accident: it costs bounded time, and ends in the right error or is stored as it is.
//!
//! The bounds are far above what a debug build needs, and far below what anything quadratic would.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::scim::resource::put;
use crate::scim::{
    BodyReader, Filter, Leniency, ListQuery, PatchRequest, Path, ResourceKind, ScimError, ScimType, Sorting,
    urn,
};

const LONG: usize = 1_000_000;

/// Runs something that must not take long.
fn soon<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let done = run();
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(20), "{what} took {took:?}");
    done
}

fn patch(kind: ResourceKind, resource: &mut Value, operations: &[Value]) -> Result<bool, ScimError> {
    let body = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
    PatchRequest::parse_with_limit(&body, &Leniency::all(), 20_000)?.apply(kind, resource, &Leniency::all())
}

#[test]
fn deep_values_of_attributes_are_kept_or_refused_without_harm() {
    let deep =
        |depth: usize| format!("{{\"userName\":\"a\",\"x\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    let read = BodyReader::default().read(deep(62).as_bytes()).unwrap();
    assert!(put::create(ResourceKind::User, &read, &Leniency::all()).is_ok());
    let error = soon("a deep body", || BodyReader::default().read(deep(LONG).as_bytes()).unwrap_err());
    assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
    let filter = format!("{}id pr{}", "(".repeat(LONG), ")".repeat(LONG));
    assert!(soon("a deep filter", || Filter::parse(&filter, &Leniency::all())).is_err());
    let path = format!("emails[{filter}]");
    assert!(soon("a deep path", || Path::parse(&path, &Leniency::all())).is_err());
}

#[test]
fn numbers_beyond_all_bounds_are_refused_or_bounded() {
    let digits = "9".repeat(LONG);
    for text in [format!("{{\"x\":{digits}}}"), format!("{{\"x\":1e{digits}}}")] {
        let error = soon("a long number", || BodyReader::default().read(text.as_bytes()).unwrap_err());
        assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
    }
    assert!(soon("a long number", || Filter::parse(&format!("x eq {digits}"), &Leniency::all())).is_err());
    assert_eq!(ListQuery::parse(&format!("count={digits}")).unwrap().count, Some(usize::MAX));
    let users = json!({"userName": "a", "active": 1e300});
    assert!(put::create(ResourceKind::User, &users, &Leniency::all()).is_err());
}

#[test]
fn long_texts_and_nul_are_texts_like_others() {
    let name = format!("{}\0", "ä".repeat(LONG));
    let mut user = soon("a long name", || {
        put::create(ResourceKind::User, &json!({"userName": name}), &Leniency::all()).unwrap()
    });
    assert_eq!(user["userName"].as_str().map(str::len), Some(name.len()));
    let filter = Filter::eq(crate::scim::AttrPath::of("userName"), name.clone());
    let again = soon("a long filter", || Filter::parse(&filter.to_string(), &Leniency::none()).unwrap());
    assert!(soon("matching", || again.matches(ResourceKind::User, &user)));
    let change = vec![json!({"op": "replace", "path": "title", "value": name})];
    assert_eq!(soon("a long value", || patch(ResourceKind::User, &mut user, &change)), Ok(true));
    let long_path = vec![json!({"op": "add", "path": "x".repeat(LONG), "value": "1"})];
    assert_eq!(soon("a long path", || patch(ResourceKind::User, &mut user, &long_path)), Ok(true));
    for text in ["a\0b", "\0", "members\0[value eq \"1\"]"] {
        let error = Path::parse(text, &Leniency::all()).unwrap_err();
        assert_eq!(ScimError::from(error).scim_type, Some(ScimType::InvalidPath), "{text:?}");
    }
}

#[test]
fn a_long_chain_of_comparisons_is_refused() {
    let chain = vec!["userName eq \"a\""; 100_000].join(" or ");
    let error = soon("a long chain", || Filter::parse(&chain, &Leniency::all()).unwrap_err());
    assert_eq!(ScimError::from(error).scim_type, Some(ScimType::InvalidFilter));
}

#[test]
fn ten_thousand_operations_are_applied_in_time_or_refused() {
    let mut group = json!({"schemas": [urn::GROUP], "displayName": "Acme"});
    let add =
        |index: usize| json!({"op": "add", "path": "members", "value": [{"value": format!("m{index}")}]});
    let operations: Vec<Value> = (0..2_000).map(add).collect();
    assert_eq!(soon("many operations", || patch(ResourceKind::Group, &mut group, &operations)), Ok(true));
    assert_eq!(group["members"].as_array().map(Vec::len), Some(2_000));
    let body = json!({"schemas": [urn::PATCH_OP], "Operations": (0..10_000).map(add).collect::<Vec<_>>()});
    let error = PatchRequest::parse(&body, &Leniency::all()).unwrap_err();
    assert_eq!((error.status, error.scim_type), (413, None));
}

#[test]
fn a_large_group_is_added_to_taken_from_and_sorted_in_time() {
    let members = |from: usize, to: usize| -> Vec<Value> {
        (from..to).map(|index| json!({"value": format!("m{index}")})).collect()
    };
    let mut group = soon("a large group", || {
        let body = json!({"displayName": "Acme", "members": members(0, 35_000)});
        put::create(ResourceKind::Group, &body, &Leniency::all()).unwrap()
    });
    let add = vec![json!({"op": "add", "path": "members", "value": members(34_000, 36_000)})];
    assert_eq!(soon("adding to it", || patch(ResourceKind::Group, &mut group, &add)), Ok(true));
    assert_eq!(group["members"].as_array().map(Vec::len), Some(36_000));
    let mut listed = group.clone();
    let remove = vec![json!({"op": "remove", "path": "members", "value": members(0, 40_000)})];
    assert_eq!(
        soon("removing what is listed", || patch(ResourceKind::Group, &mut listed, &remove)),
        Ok(true)
    );
    assert_eq!(listed.get("members"), None);
    let remove = vec![json!({"op": "remove", "path": "members[value sw \"m\"]"})];
    assert_eq!(soon("emptying it", || patch(ResourceKind::Group, &mut group, &remove)), Ok(true));
    assert_eq!(group.get("members"), None);
    let query = ListQuery { sort_by: Some("displayName".to_owned()), ..ListQuery::default() };
    let sorting = Sorting::of(ResourceKind::Group, &query).unwrap().unwrap();
    let mut groups: Vec<Value> =
        (0..50_000).rev().map(|index| json!({"displayName": format!("G{index:05}")})).collect();
    soon("sorting", || sorting.sort(&mut groups));
    assert_eq!(groups[0]["displayName"], "G00000");
}

#[test]
fn names_that_differ_in_case_only_count_once() {
    let body = json!({"userName": "a", "USERNAME": "b", "emails": [{"value": "x", "VALUE": "y"}]});
    let user = put::create(ResourceKind::User, &body, &Leniency::all()).unwrap();
    assert_eq!(user, json!({"schemas": [urn::USER], "userName": "b", "emails": [{"value": "y"}]}));
}
