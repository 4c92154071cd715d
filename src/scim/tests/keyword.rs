//! Every `scimType`, each where its rule demands it (RFC 7644 §3.12 table 9, RFC 9865 §2.1).

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::scim::resource::put;
use crate::scim::{
    BodyReader, Cursor, Filter, Leniency, ListQuery, Pagination, PatchRequest, Projection, ResourceKind,
    ScimError, ScimType, Sorting, urn,
};

fn strict() -> Leniency {
    Leniency::none()
}

fn patch(operation: &Value) -> Result<(), ScimError> {
    let mut user =
        json!({"schemas": [urn::USER], "userName": "ada", "emails": [{"value": "a", "type": "home"}]});
    let body = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
    PatchRequest::parse(&body, &strict())?.apply(ResourceKind::User, &mut user, &strict()).map(|_| ())
}

fn patch_group(operation: &Value) -> Result<(), ScimError> {
    let mut group = json!({"schemas": [urn::GROUP], "displayName": "Acme", "members": [{"value": "1"}]});
    let body = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
    PatchRequest::parse(&body, &strict())?.apply(ResourceKind::Group, &mut group, &strict()).map(|_| ())
}

fn create(body: &Value) -> Result<(), ScimError> {
    put::create(ResourceKind::User, body, &strict()).map(|_| ())
}

fn filter(text: &str) -> Result<(), ScimError> {
    Filter::parse(text, &strict()).map(|_| ()).map_err(ScimError::from)
}

fn query(text: &str) -> Result<(), ScimError> {
    let query = ListQuery::parse(text)?;
    Sorting::of(ResourceKind::User, &query)?;
    Projection::parse(query.attributes.as_deref(), query.excluded_attributes.as_deref())?;
    let pagination = Pagination {
        cursor: true,
        max_page_size: Some(10),
        cursor_timeout: Some(60),
        ..Pagination::default()
    };
    if pagination.by_cursor(&query) && query.cursor.is_some() {
        pagination.page_size(&query)?;
        pagination.position(ResourceKind::User, &query, Timestamp::from_second(1_000).unwrap())?;
    }
    Ok(())
}

#[test]
fn each_keyword_stands_where_its_rule_demands_it() {
    use ScimType::{
        ExpiredCursor, InvalidCount, InvalidCursor, InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue,
        Mutability, NoTarget, Uniqueness,
    };
    let unbalanced = filter("(userName pr");
    let body = |text: &str| BodyReader::default().read(text.as_bytes()).map(|_| ());
    let old = Cursor { position: "1".to_owned(), issued: Timestamp::from_second(0).unwrap() };
    let old = old.encode(ResourceKind::User, &ListQuery::default());
    let replace = |path: &str, value: Value| patch(&json!({"op": "replace", "path": path, "value": value}));
    for (rule, keyword, outcome) in [
        ("the filter's syntax is wrong (§3.4.2.2)", InvalidFilter, unbalanced),
        ("the operator is unknown (§3.4.2.2)", InvalidFilter, filter("userName is \"a\"")),
        ("a boolean has no order (§3.4.2.2)", InvalidFilter, filter("active gt true")),
        ("the filter within a path is wrong (§3.5.2)", InvalidFilter, replace("emails[type]", json!("x"))),
        ("the body is no JSON (§3.12)", InvalidSyntax, body("{")),
        ("the body has a name twice (§3.12)", InvalidSyntax, body("{\"a\":1,\"A\":2}")),
        ("the body is no object (§3.3)", InvalidSyntax, create(&json!([]))),
        (
            "the attribute is not in the schema (§3.12)",
            InvalidSyntax,
            create(&json!({"userName": "a", "shoeSize": 1})),
        ),
        ("the operation is unknown (§3.5.2)", InvalidSyntax, patch(&json!({"op": "move", "path": "title"}))),
        ("the path is malformed (§3.5.2)", InvalidPath, replace("a b", json!("x"))),
        ("the path leads to no attribute (§3.5.2)", InvalidPath, replace("shoeSize", json!(1))),
        ("the path goes into a simple attribute (§3.5.2)", InvalidPath, replace("userName.x", json!("x"))),
        ("sortBy is no attribute (§3.4.2.3)", InvalidPath, query("sortBy=a+b")),
        ("attributes is no list of attributes (§3.9)", InvalidPath, query("attributes=a+b")),
        (
            "the path's filter selects nothing (§3.5.2.3)",
            NoTarget,
            replace("emails[type eq \"work\"].value", json!("x")),
        ),
        ("a remove has no path (§3.5.2.2)", NoTarget, patch(&json!({"op": "remove"}))),
        ("a required value is missing (§3.3)", InvalidValue, create(&json!({"schemas": [urn::USER]}))),
        (
            "the value has the wrong type (§3.12)",
            InvalidValue,
            create(&json!({"userName": "a", "active": "yes"})),
        ),
        ("an add has no value (§3.5.2.1)", InvalidValue, patch(&json!({"op": "add", "path": "title"}))),
        (
            "both lists of attributes are given (§3.9)",
            InvalidValue,
            query("attributes=id&excludedAttributes=meta"),
        ),
        ("a number is none (§3.4.2.4)", InvalidValue, query("count=x")),
        ("the attribute is read-only (§3.5.2)", Mutability, replace("id", json!("x"))),
        (
            "a required attribute is removed (§3.5.2.2)",
            Mutability,
            patch(&json!({"op": "remove", "path": "userName"})),
        ),
        (
            "the attribute is immutable (§3.5.2)",
            Mutability,
            patch_group(&json!({"op": "replace", "path": "members[value eq \"1\"].value", "value": "2"})),
        ),
        ("the cursor is none (RFC 9865 §2.1)", InvalidCursor, query("cursor=x")),
        ("the cursor is old (RFC 9865 §2.1)", ExpiredCursor, query(&format!("cursor={old}"))),
        ("the page is too large (RFC 9865 §2.1)", InvalidCount, query("cursor&count=11")),
    ] {
        let error = outcome.expect_err(rule);
        assert_eq!((error.status, error.scim_type), (400, Some(keyword)), "{rule}: {error}");
        assert_eq!(error.to_value()["scimType"], keyword.as_str(), "{rule}");
    }
    // Only the endpoint knows what is stored, how much it computes, which versions it has and what may stand in a URL.
    assert_eq!(ScimError::uniqueness("taken").to_value()["scimType"], Uniqueness.as_str());
    for (error, keyword) in [
        (ScimError::too_many("too many results"), "tooMany"),
        (ScimError::invalid_version("v1"), "invalidVers"),
        (ScimError::sensitive("search by POST"), "sensitive"),
    ] {
        let body = error.to_value();
        assert_eq!((&body["status"], &body["scimType"]), (&json!(error.status.to_string()), &json!(keyword)));
        assert_eq!(ScimError::from_value(error.status, &body), Some(error));
    }
}
