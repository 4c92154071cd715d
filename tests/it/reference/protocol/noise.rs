//! Requests that nobody should send: what providers send, with pieces exchanged, bent, cut and doubled.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::reference::endpoint::{group_body, user_body};

/// A request; `{user}`, `{other}` and `{group}` stand for ids that are there.
#[derive(Debug, Clone)]
pub(crate) struct Noise {
    pub(crate) method: &'static str,
    /// Path and query below the base URL.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) body: Vec<u8>,
}

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"];

const PATHS: &[&str] = &[
    "/Users/nobody",
    "",
    "/",
    "/.search",
    "/Users/.search",
    "/Groups/.search",
    "/Bulk",
    "/Me",
    "/Schemas",
    "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
    "/ResourceTypes",
    "/ResourceTypes/Group",
    "/Groups/{user}",
    "/ServiceProviderConfig",
    "/v2/Users/{user}",
    "/v1/Users",
    "/Users/%00",
    "/Users/%ff",
    "/Users/..",
    "//",
    "/Users/{user}/",
    "/Users/{user}/x",
    "/Users/%7Buser%7D",
    "/Users;a=b",
];

/// What is possible with users and groups.
const USUAL: &[(&str, &str)] = &[
    ("GET", "/Users"),
    ("GET", "/Groups"),
    ("POST", "/Users"),
    ("POST", "/Groups"),
    ("GET", "/Users/{user}"),
    ("PUT", "/Users/{user}"),
    ("PATCH", "/Users/{user}"),
    ("PATCH", "/Users/{other}"),
    ("DELETE", "/Users/{other}"),
    ("GET", "/Groups/{group}"),
    ("PUT", "/Groups/{group}"),
    ("PATCH", "/Groups/{group}"),
    ("POST", "/Users/.search"),
    ("POST", "/Bulk"),
];

const QUERIES: &[&str] = &[
    "filter=userName%20eq%20%22ada@example.com%22",
    "filter=userName+sw+%22a%22",
    "filter=displayName+eq+%22Acme%22",
    "filter=emails%5Btype+eq+%22work%22%5D.value+pr",
    "filter=members.value+eq+%22{user}%22",
    "filter=password+pr",
    "filter=not+(active+eq+true)",
    "filter=meta.created+gt+%222020-01-01T00:00:00Z%22",
    "filter=((((",
    "filter=%ff",
    "filter=",
    "filter",
    "startIndex=2",
    "startIndex=-3",
    "startIndex=x",
    "count=0",
    "count=1",
    "count=-1",
    "count=99999999999999999999",
    "count=1.5",
    "attributes=userName",
    "attributes=members",
    "attributes=..",
    "attributes=password,id",
    "excludedAttributes=id,meta",
    "excludedAttributes=members",
    "sortBy=userName",
    "sortBy=name",
    "sortBy=emails.value",
    "sortBy=password",
    "sortOrder=descending",
    "sortOrder=up",
    "cursor",
    "cursor=",
    "cursor=AQ",
    "%%%",
    "=&=&",
    "a=b",
];

const HEADERS: &[(&str, &str)] = &[
    ("If-Match", "*"),
    ("If-Match", "W/\"1\""),
    ("If-Match", "\"none\", W/\"2\""),
    ("If-Match", "junk"),
    ("If-None-Match", "*"),
    ("If-None-Match", "W/\"1\""),
    ("If-None-Match", ","),
    ("Accept", "text/html"),
    ("Prefer", "return=minimal"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Content-Encoding", "gzip"),
];

const TYPES: &[&str] =
    &["application/json; charset=utf-8", "APPLICATION/JSON", "text/plain", "application/xml", ";", ""];

const NAMES: &[&str] = &[
    "userName",
    "USERNAME",
    "externalId",
    "active",
    "name",
    "name.givenName",
    "displayName",
    "emails",
    "phoneNumbers",
    "title",
    "members",
    "schemas",
    "id",
    "meta",
    "groups",
    "password",
    "manager",
    "x509Certificates",
    "profileUrl",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    "urn:x:y",
    "shoeSize",
    "",
    "$ref",
    "..",
    "emails[type eq \"work\"].value",
    "emails[type eq \"work\"]",
    "emails[primary eq true]",
    "emails.type",
    "emails[value pr",
    "addresses[type eq \"work\"].locality",
    "members[value eq \"{user}\"]",
    "members[value eq \"{other}\"].display",
    "members[not (value pr)]",
    "meta.created",
    "emails[0].value",
];

/// Members of a group.
const MEMBERS: &[&[&str]] = &[&[], &["{user}"], &["{user}", "{other}", "{user}"], &["{group}"], &["nobody"]];

/// A value that may be a text, a number, or anything in anything.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        3 => select(&["", "ada@example.com", "ADA@EXAMPLE.COM", "bob", "Acme", "True", "{user}", "{other}", "{group}",
            "\u{0}", "ß\u{301}İ", "2020-01-01T00:00:00Z", "urn:x"][..]).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        2 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let sub = select(
            &["value", "type", "primary", "display", "givenName", "department", "$ref", "VALUE", "x"][..],
        );
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((sub, inner), 0..4).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

/// A resource with some attributes exchanged.
fn resource(of_groups: bool) -> impl Strategy<Value = Value> {
    let user = select(&["ada", "bob", "eve", "EVE", "zoë", "kim", "lin", "max"][..]).prop_map(user_body);
    let names = &["Acme", "acme ", "Beta", "Gamma", "Müller", "Delta"][..];
    let members = select(MEMBERS);
    let group = (select(names), members).prop_map(|(name, members)| group_body(name, members));
    let whole = if of_groups {
        prop_oneof![8 => group, 1 => user, 1 => Just(json!({}))]
    } else {
        prop_oneof![1 => group, 8 => user, 1 => Just(json!({}))]
    };
    let bent = prop_oneof![Just(Vec::new()), prop::collection::vec((select(NAMES), value()), 1..3)];
    (whole, bent).prop_map(|(mut body, bent)| {
        for (name, value) in bent {
            body[name] = value;
        }
        body
    })
}

/// Operations that make sense, on users or on groups.
fn sensible() -> impl Strategy<Value = Value> {
    let operations = [
        json!({"op": "replace", "path": "active", "value": false}),
        json!({"op": "Replace", "path": "active", "value": "True"}),
        json!({"op": "add", "path": "emails", "value": [{"value": "more@example.com", "type": "home"}]}),
        json!({"op": "replace", "path": "emails[type eq \"work\"].value", "value": "bob@example.com"}),
        json!({"op": "remove", "path": "emails[type eq \"work\"]"}),
        json!({"op": "replace", "value": {"displayName": "Beta", "externalId": "ext-bob"}}),
        json!({"op": "add", "path": "title", "value": "Countess"}),
        json!({"op": "remove", "path": "title"}),
        json!({"op": "add", "path": "members", "value": [{"value": "{user}"}, {"value": "{other}"}]}),
        json!({"op": "replace", "path": "members", "value": [{"value": "{other}"}]}),
        json!({"op": "remove", "path": "members[value eq \"{user}\"]"}),
        json!({"op": "remove", "path": "members"}),
        json!({"op": "replace", "path": "displayName", "value": "Gamma"}),
    ];
    select(operations.to_vec())
}

fn patch() -> impl Strategy<Value = Value> {
    let op = select(&["add", "replace", "remove", "Add", "Replace", "Remove", "move", ""][..]);
    let (path, value) = (prop::option::of(select(NAMES)), prop::option::of(value()));
    let odd = (op, path, value).prop_map(|(op, path, value)| {
        let mut operation = json!({"op": op});
        if let Some(path) = path {
            operation["path"] = json!(path);
        }
        if let Some(value) = value {
            operation["value"] = value;
        }
        operation
    });
    let schema = prop_oneof![12 => Just("urn:ietf:params:scim:api:messages:2.0:PatchOp"), 1 => Just("urn:x")];
    (schema, prop::collection::vec(prop_oneof![3 => sensible(), 1 => odd], 0..4))
        .prop_map(|(schema, operations)| json!({"schemas": [schema], "Operations": operations}))
}

fn search() -> impl Strategy<Value = Value> {
    let names =
        &["filter", "count", "startIndex", "attributes", "sortBy", "cursor", "excludedAttributes"][..];
    prop::collection::vec((select(names), value()), 0..3).prop_map(|members| {
        let mut body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]});
        for (name, value) in members {
            body[name] = value;
        }
        body
    })
}

fn bulk() -> impl Strategy<Value = Value> {
    let data = prop_oneof![resource(false), resource(true), patch(), value()];
    let way = prop_oneof![4 => select(USUAL), 1 => (select(METHODS), select(PATHS))];
    let id = prop::option::of(select(&["a", "b", "c", ""][..]));
    let operation = (way, id, data).prop_map(
        |((method, path), id, data)| json!({"method": method, "path": path, "bulkId": id, "data": data}),
    );
    (prop::collection::vec(operation, 0..4), prop::option::of(0..3)).prop_map(|(operations, errors)| {
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
        json!({"schemas": schemas, "Operations": operations, "failOnErrors": errors})
    })
}

/// The bytes of a body that some method on some path takes, whole or damaged.
fn bytes(method: &str, path: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let usual = match (method, path) {
        ("PATCH", _) => patch().boxed(),
        (_, "/Bulk") => bulk().boxed(),
        (_, path) if path.ends_with(".search") => search().boxed(),
        _ => resource(path.starts_with("/Groups")).boxed(),
    };
    let body = prop_oneof![12 => usual, 1 => prop_oneof![resource(false), resource(true), patch(), search(), bulk(), value()]];
    let text = body.prop_map(|body| body.to_string().into_bytes());
    let damaged = (text.clone(), any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..3))
        .prop_map(|(mut text, at, instead)| {
            let at = at.index(text.len());
            text.splice(at..text.len().min(at + 1), instead);
            text
        });
    prop_oneof![12 => text, 1 => damaged, 1 => Just(Vec::new())]
}

/// Any request.
pub(crate) fn noise() -> impl Strategy<Value = Noise> {
    let way = prop_oneof![3 => select(USUAL), 1 => (select(METHODS), select(PATHS))];
    let query = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(select(QUERIES), 1..3)];
    let headers = prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec(select(HEADERS), 1..3)];
    let content_type = prop_oneof![9 => Just("application/scim+json"), 1 => select(TYPES)];
    (way, query, headers, content_type).prop_flat_map(|((method, path), query, headers, content_type)| {
        bytes(method, path).prop_map(move |body| {
            let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
            Noise {
                method,
                path: format!("{path}{query}"),
                headers: [headers.as_slice(), &[("Content-Type", content_type)]].concat(),
                body: if matches!(method, "GET" | "HEAD") { Vec::new() } else { body },
            }
        })
    })
}
