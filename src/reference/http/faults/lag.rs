//! Defects of an endpoint that reads from a lagging copy, and of answers to requests that change nothing.

use axum::http::{Method, header};
use serde_json::{Map, Value, json};

use super::layer::{Entry, RequestLayer, ResponseLayer, change_list, entry, entry_with_id, kind, listed};
use crate::reference::defects::{Before, Defect};
use crate::reference::http::answer::Answer;
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::http::scim::{groups, users};
use crate::reference::site::Site;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;

pub(super) const BEFORE: &[(Defect, RequestLayer)] = &[
    (Defect::CreatedUnreadable, late),
    (Defect::ReadLags, |site, path, request| {
        remember(site, path, request);
        late(site, path, request)
    }),
    (Defect::DeletionLags, |site, path, request| {
        remember(site, path, request);
        None
    }),
    (Defect::NoOpPatchRefused, |site, path, request| {
        remember(site, path, request);
        None
    }),
    (Defect::StaleMembers, |site, path, request| {
        if let (&Method::PATCH, Some((ResourceKind::Group, group))) = (&request.method, entry(site, path)) {
            let members = site.directory.as_ref()?.memberships.members_of(group).collect();
            if let Some(before) = site.memory.members_before.insert(group, members) {
                site.set_members(group, &before, request.now);
            }
        }
        None
    }),
];

pub(super) const AFTER: &[(Defect, ResponseLayer)] = &[
    (Defect::MissingIs400, |site, path, _, answer| {
        if answer.status() != 404 || !is_nobody(site, path) {
            return answer;
        }
        let detail = answer.into_parts().1.and_then(|body| attribute::get(&body, "detail").cloned());
        let detail = detail.as_ref().and_then(Value::as_str).unwrap_or_default();
        ScimError::bad_request(ScimType::InvalidValue, detail).into()
    }),
    (Defect::DeletedTwice, |site, path, request, answer| {
        let is_again = request.method == Method::DELETE && answer.status() == 404 && is_nobody(site, path);
        if is_again { Answer::empty(204) } else { answer }
    }),
    (Defect::NoOpPatchRefused, |site, path, request, answer| {
        let before = site.memory.before.take();
        let is_same = before.is_some_and(|before| version(site, path) == Some(before.version));
        if request.method == Method::PATCH && answer.status() < 400 && is_same {
            return ScimError::bad_request(ScimType::InvalidValue, "no valid fields to update").into();
        }
        answer
    }),
    (Defect::ReadLags, |site, path, request, answer| {
        let before = site.memory.before.take().filter(|_| answer.status() < 400);
        if let (Some(before), Some(entry)) = (before, entry(site, path))
            && request.method != Method::GET
        {
            site.memory.show_late(entry, before.view);
        }
        answer
    }),
    (Defect::CreatedUnreadable, |site, path, request, answer| {
        if let Some(created) = created(site, path, request, &answer) {
            site.memory.show_late(created, Value::Null);
        }
        answer
    }),
    (Defect::LookupLags, |site, path, request, mut answer| {
        if let Some(created) = created(site, path, request, &answer) {
            site.memory.hide(created);
        } else if request.parameters().is_ok_and(|query| query.filter.is_some()) {
            change_list(path, request, &mut answer, |list| without_hidden(site, list));
        }
        answer
    }),
    (Defect::DeletionLags, |site, path, request, mut answer| {
        let before = site.memory.before.take().filter(|_| answer.status() < 400);
        if let (Some(before), Some(kind), &Method::DELETE) = (before, kind(path), &request.method) {
            site.memory.haunt(kind, before.view);
        }
        if let Some(kinds) = listed(path, &request.method) {
            change_list(path, request, &mut answer, |list| {
                if let Some(resources) = list.get_mut("Resources").and_then(Value::as_array_mut) {
                    resources.extend(site.memory.take_ghosts(kinds));
                    let on_page = u64::try_from(resources.len()).unwrap_or_default();
                    let total = list.get("totalResults").and_then(Value::as_u64).unwrap_or_default();
                    list.insert("totalResults".to_owned(), json!(total.max(on_page)));
                }
            });
        }
        answer
    }),
];

/// Answers a read from the lagging copy.
fn late(site: &mut Site, path: &[&str], request: &mut ScimRequest<'_>) -> Option<Answer> {
    let entry = entry(site, path).filter(|_| request.method == Method::GET)?;
    Some(match site.memory.take_late(entry)? {
        Value::Null => ScimError::not_found("there is no such resource").into(),
        view => Answer::scim(200, view),
    })
}

/// Remembers the resource as it is before a write.
fn remember(site: &mut Site, path: &[&str], request: &ScimRequest<'_>) {
    site.memory.before = None;
    if request.method != Method::GET
        && let (Some(view), Some(version)) = (view(site, path, request), version(site, path))
    {
        site.memory.before = Some(Before { view, version });
    }
}

/// The resource at a path as the request would show it.
fn view(site: &Site, path: &[&str], request: &ScimRequest<'_>) -> Option<Value> {
    let (kind, slot) = entry(site, path)?;
    let projection = request.projection().ok()?;
    let shown = match kind {
        ResourceKind::User => users::shown(site, slot, request, &projection),
        ResourceKind::Group => groups::shown(site, slot, request, &projection),
    };
    Some(shown?.into_value())
}

fn version(site: &Site, path: &[&str]) -> Option<u64> {
    let (kind, slot) = entry(site, path)?;
    let directory = site.directory.as_ref()?;
    match kind {
        ResourceKind::User => Some(directory.users.get(slot)?.version),
        ResourceKind::Group => Some(directory.groups.get(slot)?.version),
    }
}

/// Whether a path names a resource that is not there.
fn is_nobody(site: &Site, path: &[&str]) -> bool {
    kind(path).is_some() && path.len() == 2 && entry(site, path).is_none()
}

/// The resource that a request has created.
fn created(site: &Site, path: &[&str], request: &ScimRequest<'_>, answer: &Answer) -> Option<Entry> {
    let is_creation = request.method == Method::POST && path.len() == 1 && answer.status() == 201;
    let kind = kind(path).filter(|_| is_creation)?;
    let id = answer.header(&header::LOCATION)?.rsplit('/').next()?;
    entry_with_id(site, kind, id)
}

/// Leaves out resources that no lookup has missed yet.
fn without_hidden(site: &mut Site, list: &mut Map<String, Value>) {
    let Some(resources) = list.get_mut("Resources").and_then(Value::as_array_mut) else { return };
    let before = resources.len();
    resources.retain(|resource| {
        let id = attribute::get(resource, "id").and_then(Value::as_str).unwrap_or_default();
        let found = ResourceKind::ALL.into_iter().find_map(|kind| entry_with_id(site, kind, id));
        !found.is_some_and(|found| site.memory.take_hidden(found))
    });
    let (left, gone) = (resources.len(), before - resources.len());
    let total = list.get("totalResults").and_then(Value::as_u64).unwrap_or_default();
    let total = total.saturating_sub(u64::try_from(gone).unwrap_or_default());
    list.insert("totalResults".to_owned(), json!(total));
    list.insert("itemsPerPage".to_owned(), json!(left));
}
