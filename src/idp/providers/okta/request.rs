//! Requests with Okta's headers (captured; docs/providers/okta.md#headers).

use std::time::Duration;

use serde_json::{Value, json};

use crate::idp::kit::urn;
use crate::wire::{Method, Request};

/// The headers of every request, in the order of the capture.
const HEADERS: [(&str, &str); 5] = [
    ("User-Agent", "Okta SCIM Client 1.0.0"),
    ("Accept", "application/scim+json"),
    ("Accept-Charset", "utf-8"),
    ("Accept-Encoding", "gzip,deflate"),
    ("Connection", "Keep-Alive"),
];

/// After so long without an answer the socket is closed (documented).
const PATIENCE: Duration = Duration::from_mins(1);

/// Sent with a body only.
const CONTENT_TYPE: &str = "application/scim+json; charset=utf-8";

fn bare(method: Method, target: String) -> Request {
    let request = Request::new(method, target).patience(PATIENCE);
    HEADERS.iter().fold(request, |request, (name, value)| request.header(name, value))
}

fn write(method: Method, target: String, body: Value) -> Request {
    bare(method, target).header("Content-Type", CONTENT_TYPE).body(body)
}

/// The headers of a request, with or without a body.
pub(crate) fn headers(body: bool) -> Vec<(String, String)> {
    let request = if body { put(String::new(), Value::Null) } else { get(String::new()) };
    request.headers
}

/// A read.
pub(crate) fn get(target: String) -> Request {
    bare(Method::Get, target)
}

/// A creation.
pub(crate) fn post(target: &str, body: Value) -> Request {
    write(Method::Post, target.to_owned(), body)
}

/// A replacement.
pub(crate) fn put(target: String, body: Value) -> Request {
    write(Method::Put, target, body)
}

/// A modification: operations in lower case, booleans as booleans.
pub(crate) fn patch(target: String, operations: Value) -> Request {
    let mut body = json!({"schemas": [urn::PATCH_OP]});
    body["Operations"] = operations;
    write(Method::Patch, target, body)
}

/// A deletion.
pub(crate) fn delete(target: String) -> Request {
    bare(Method::Delete, target)
}
