//! Defects of creations, replacements and deletions.

use std::borrow::Cow;

use axum::http::Method;
use serde_json::Value;

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::layer::{EXTRA, RequestLayer, entry, kind};
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::provisioning::is_stored;
use crate::reference::site::Site;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;
use crate::scim::urn;

/// The schemas that a strict endpoint knows.
const KNOWN: [&str; 4] = [urn::USER, urn::GROUP, urn::ENTERPRISE_USER, urn::ATLASSIAN_EXTERNAL];

pub(super) const LAYERS: &[(Defect, RequestLayer)] = &[
    (Defect::PatchUnsupported, |_, _, request| {
        let is_patch = request.method == Method::PATCH;
        is_patch.then(|| ScimError::not_implemented("PATCH is not supported").into())
    }),
    (Defect::ResourceTypesMissing, |_, path, _| {
        let is_asked = path.first() == Some(&"ResourceTypes");
        is_asked.then(|| ScimError::not_found("there is nothing here").into())
    }),
    // Whoever shows more takes it back too: Okta's PUT says everything again.
    (Defect::ExtraAttributes, |_, _, request| {
        request.body.change(|body| attribute::remove(body, EXTRA));
        None
    }),
    (Defect::UnknownSchemaRefused, |_, path, request| {
        let detail = unknown_schema(&*sent(path, request)?)?;
        Some(refused(ScimType::InvalidSyntax, &detail))
    }),
    (Defect::EmptyValueRefused, |_, path, request| {
        says_nothing(path, request).then(|| refused(ScimType::InvalidValue, "a value is empty"))
    }),
    (Defect::CreatedAlwaysActive, |_, path, request| {
        if request.method == Method::POST && path == ["Users"] {
            request.body.change(|body| attribute::set(body, "active", Value::Bool(true)));
        }
        None
    }),
    (Defect::PutConflictsWithItself, |site, path, request| {
        let (ResourceKind::User, _) = entry(site, path).filter(|_| request.method == Method::PUT)? else {
            return None;
        };
        let body = request.body.value();
        let name = attribute::get(&body, "userName")?.as_str()?.to_lowercase();
        site.directory.as_ref()?.users.by_user_name(&name).next()?;
        Some(ScimError::uniqueness("userName is taken").into())
    }),
    (Defect::DeletedUserStays, |site, path, request| {
        let (ResourceKind::User, user) = deleted(site, path, request)? else { return None };
        site.switch_off(user, request.now);
        Some(Answer::empty(204))
    }),
    (Defect::DeleteUserLeavesMember, |site, path, request| {
        let (ResourceKind::User, user) = deleted(site, path, request)? else { return None };
        site.leave_leftovers(user);
        None
    }),
    (Defect::GroupDeletesMembers, |site, path, request| {
        let (ResourceKind::Group, group) = deleted(site, path, request)? else { return None };
        let members: Vec<u32> = site.directory.as_ref()?.memberships.members_of(group).collect();
        for user in members {
            site.delete_user(user, request.now);
        }
        None
    }),
];

/// The body, if it creates or replaces a resource.
fn sent<'r>(path: &[&str], request: &'r ScimRequest<'_>) -> Option<Cow<'r, Value>> {
    kind(path)?;
    let writes = matches!((&request.method, path), (&Method::POST, [_]) | (&Method::PUT, [_, _]));
    writes.then(|| request.body.value())
}

/// The resource that a request deletes.
fn deleted(site: &Site, path: &[&str], request: &ScimRequest<'_>) -> Option<(ResourceKind, u32)> {
    entry(site, path).filter(|_| request.method == Method::DELETE)
}

fn unknown_schema(body: &Value) -> Option<String> {
    let named = attribute::get(body, "schemas").and_then(Value::as_array).into_iter().flatten();
    let is_known = |urn: &str| KNOWN.iter().any(|known| known.eq_ignore_ascii_case(urn));
    let unknown = named.filter_map(Value::as_str).find(|urn| !is_known(urn))?;
    Some(format!("there is no schema {unknown}"))
}

/// Whether anything that is to be stored is an empty text.
fn says_nothing(path: &[&str], request: &ScimRequest<'_>) -> bool {
    let Some(kind) = kind(path) else { return false };
    let in_members = |value: &Value| {
        let mut members = value.as_object().into_iter().flatten();
        members.any(|(name, value)| is_stored(kind, name) && has_blank(value))
    };
    if let Some(Ok(patch)) = &request.patch {
        return patch.request.operations.iter().any(|operation| match (&operation.path, &operation.value) {
            (Some(path), Some(value)) => is_stored(kind, &path.attr.name) && has_blank(value),
            (None, Some(value)) => in_members(value),
            (_, None) => false,
        });
    }
    sent(path, request).is_some_and(|body| in_members(&body))
}

fn has_blank(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.iter().any(has_blank),
        Value::Object(values) => values.values().any(has_blank),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn refused(keyword: ScimType, detail: &str) -> Answer {
    ScimError::bad_request(keyword, detail).into()
}
