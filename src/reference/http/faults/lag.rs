//! The defects of an endpoint that reads from a copy which lags behind, and of what a write is answered with.

use axum::http::Method;
use serde_json::Value;

use crate::reference::defects::Defect;
use crate::reference::http::answer::{Answer, Content};
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::site::Site;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;

/// A resource: its kind, and its slot among those.
type Entry = (ResourceKind, u32);

/// Whether what was there before a write matters.
pub(crate) fn is_any(site: &Site) -> bool {
    site.defects.has(Defect::ReadLags) || site.defects.has(Defect::DeletionLags)
}

/// The answer where nobody has the id.
pub(crate) fn nobody(site: &Site, request: &ScimRequest, detail: String) -> Answer {
    if request.method == Method::DELETE && site.defects.has(Defect::DeletedTwice) {
        return Answer::empty(204);
    }
    if site.defects.has(Defect::MissingIs400) {
        return ScimError::bad_request(ScimType::InvalidValue, detail).into();
    }
    ScimError::not_found(detail).into()
}

/// The answer from before the last write, to the first read after it.
pub(crate) fn read(site: &Site, entry: Entry, request: &ScimRequest) -> Option<Answer> {
    if request.method != Method::GET {
        return None;
    }
    Some(match site.memory.take_late(entry)? {
        Value::Null => ScimError::not_found("there is no such resource").into(),
        view => Answer::scim(200, view),
    })
}

/// Notes that a resource was created.
pub(crate) fn created(site: &Site, entry: Entry) {
    if site.defects.has(Defect::LookupLags) {
        site.memory.hide(entry);
    }
    if site.defects.has(Defect::CreatedUnreadable) {
        site.memory.show_late(entry, Value::Null);
    }
}

/// Notes that a resource was written. An answer is the refusal of a PATCH that changed nothing.
pub(crate) fn written(
    site: &Site,
    entry: Entry,
    request: &ScimRequest,
    before: Option<Content>,
    unchanged: bool,
) -> Option<Answer> {
    if request.method == Method::PATCH && unchanged && site.defects.has(Defect::NoOpPatchRefused) {
        return Some(ScimError::bad_request(ScimType::InvalidValue, "no valid fields to update").into());
    }
    if request.method != Method::GET
        && site.defects.has(Defect::ReadLags)
        && let Some(Content::Value(before)) = before
    {
        site.memory.show_late(entry, before);
    }
    None
}

/// Notes that a resource was deleted.
pub(crate) fn deleted(site: &Site, entry: Entry, before: Option<Content>) {
    if site.defects.has(Defect::DeletionLags)
        && let Some(Content::Value(before)) = before
    {
        site.memory.haunt(entry.0, before);
    }
}
