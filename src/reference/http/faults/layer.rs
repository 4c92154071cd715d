//! The types of layers, and what several of them ask about a path.

use axum::http::Method;
use serde_json::{Map, Value};

use crate::reference::http::answer::Answer;
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::site::Site;
use crate::scim::kind::ResourceKind;

/// Rewrites a request, or answers it in the handler's place.
pub(super) type RequestLayer = fn(&mut Site, &[&str], &mut ScimRequest<'_>) -> Option<Answer>;

/// Rewrites the answer to a request.
pub(super) type ResponseLayer = fn(&mut Site, &[&str], &ScimRequest<'_>, Answer) -> Answer;

/// An attribute that no schema has.
pub(super) const EXTRA: &str = "x-internal";

/// The kinds of resources that a request lists.
pub(super) fn listed(path: &[&str], method: &Method) -> Option<&'static [ResourceKind]> {
    match (method, path) {
        (&Method::GET, []) | (&Method::POST, [".search"]) => Some(&ResourceKind::ALL),
        (&Method::GET, ["Users"]) | (&Method::POST, ["Users", ".search"]) => Some(&[ResourceKind::User]),
        (&Method::GET, ["Groups"]) | (&Method::POST, ["Groups", ".search"]) => Some(&[ResourceKind::Group]),
        _ => None,
    }
}

/// The kind of the resources below a path.
pub(super) fn kind(path: &[&str]) -> Option<ResourceKind> {
    match path {
        ["Users", ..] => Some(ResourceKind::User),
        ["Groups", ..] => Some(ResourceKind::Group),
        _ => None,
    }
}

/// A resource: its kind, and its slot among those.
pub(super) type Entry = (ResourceKind, u32);

/// The resource at a path, if there is one.
pub(super) fn entry(site: &Site, path: &[&str]) -> Option<Entry> {
    let kind = kind(path)?;
    match path {
        [_, id] => entry_with_id(site, kind, id),
        _ => None,
    }
}

pub(super) fn entry_with_id(site: &Site, kind: ResourceKind, id: &str) -> Option<Entry> {
    let directory = site.directory.as_ref()?;
    let slot = match kind {
        ResourceKind::User => directory.users.by_id(id),
        ResourceKind::Group => directory.groups.by_id(id),
    };
    Some((kind, slot?))
}

/// Changes the list that an answer holds, if it holds one.
pub(super) fn change_list(
    path: &[&str],
    request: &ScimRequest<'_>,
    answer: &mut Answer,
    change: impl FnOnce(&mut Map<String, Value>),
) {
    if answer.status() == 200 && listed(path, &request.method).is_some() {
        answer.change(|body| body.as_object_mut().map(change));
    }
}
