//! Requests as Entra sends them: a version of its own, no `User-Agent`, no `Accept`, a content type on bodies only; `+` for
//! a space.
//!
//! Source: docs/providers/entra.md#request-headers, docs/providers/entra.md#query-encoding.

use serde_json::Value;

use crate::idp::settings::MatchAttribute;
use crate::wire::message::encode::{filter_literal, path_segment, query_plus};
use crate::wire::{Method, Request};

const CONTENT_TYPE: &str = "application/scim+json; charset=utf-8";
/// The header by which an endpoint can tell Entra. The value is the captured one; in 2026 it is said to be a date.
const VERSION: (&str, &str) = ("ADSCIMVersion", "6.0");

/// `attribute eq "value"`, encoded.
fn equals(attribute: &str, value: &str) -> String {
    query_plus(&format!("{attribute} eq \"{}\"", filter_literal(value)))
}

/// The match query for a user by one matching attribute; with a GUID that nobody has, the probe.
pub(crate) fn match_user(attribute: MatchAttribute, value: &str) -> Request {
    bare(Method::Get, format!("/Users?filter={}", equals(attribute.path(), value)))
}

/// The match query for a group: `excludedAttributes` first.
pub(crate) fn match_group(display_name: &str) -> Request {
    let filter = equals("displayName", display_name);
    bare(Method::Get, format!("/Groups?excludedAttributes=members&filter={filter}"))
}

/// A linked user.
pub(crate) fn read_user(id: &str) -> Request {
    bare(Method::Get, user_target(id))
}

/// A linked group, without its members.
pub(crate) fn read_group(id: &str) -> Request {
    bare(Method::Get, format!("{}?excludedAttributes=members", group_target(id)))
}

/// The headers of a request, with or without a body.
pub(crate) fn headers(body: bool) -> Vec<(String, String)> {
    let request = if body { create("", Value::Null) } else { read_user("") };
    request.headers
}

/// A creation.
pub(crate) fn create(collection: &str, body: Value) -> Request {
    write(Method::Post, collection.to_owned(), body)
}

/// A modification.
pub(crate) fn modify(target: String, body: Value) -> Request {
    write(Method::Patch, target, body)
}

/// A deletion: no body, no content type.
pub(crate) fn delete(target: String) -> Request {
    bare(Method::Delete, target)
}

fn bare(method: Method, target: String) -> Request {
    Request::new(method, target).header(VERSION.0, VERSION.1)
}

fn write(method: Method, target: String, body: Value) -> Request {
    bare(method, target).header("Content-Type", CONTENT_TYPE).body(body)
}

/// The target of a user.
pub(crate) fn user_target(id: &str) -> String {
    format!("/Users/{}", path_segment(id))
}

/// The target of a group.
pub(crate) fn group_target(id: &str) -> String {
    format!("/Groups/{}", path_segment(id))
}
