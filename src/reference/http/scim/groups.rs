//! `/Groups` (RFC 7644 §3.3 to §3.6). A PATCH is answered 200 with the whole group, as the vendor documents.

use axum::http::{Method, header};
use serde_json::Value;

use super::lists::{self, members_wanted};
use super::request::ScimRequest;
use super::versions::{tagged, unmet};
use crate::reference::http::answer::{Answer, Content, method_not_allowed};
use crate::reference::provisioning::{Refusal, group_text, group_view, location};
use crate::reference::site::Site;
use crate::scim::error::ScimError;
use crate::scim::kind::ResourceKind;
use crate::scim::resource::projection::Projection;

/// The list, and creation.
pub(crate) fn collection(site: &mut Site, request: &ScimRequest) -> Answer {
    match request.method {
        Method::GET => lists::of_kind(site, ResourceKind::Group, request),
        Method::POST => create(site, request).unwrap_or_else(Answer::from),
        _ => method_not_allowed("GET, POST"),
    }
}

/// One group.
pub(crate) fn one(site: &mut Site, id: &str, request: &ScimRequest) -> Answer {
    let unknown =
        || Answer::from(ScimError::not_found(format!("Resource [GROUP]: with id[{id}] does not exist.")));
    let found = site.directory.as_ref().and_then(|directory| directory.groups.by_id(id));
    let Some(slot) = found else {
        return unknown();
    };
    if let Some(unmet) = version(site, slot).and_then(|version| unmet(site, request, version)) {
        return unmet;
    }
    // Read before anything is changed: a refused request leaves nothing.
    let projection = match request.projection() {
        Ok(projection) => projection,
        Err(error) => return error.into(),
    };
    let done = match request.method {
        Method::GET => Ok(()),
        Method::PUT => site.replace_group(slot, &request.body.value(), request.now),
        Method::PATCH => request
            .patch()
            .and_then(|patch| site.patch_group(slot, &patch.request, request.now).and(patch.ends.clone()))
            .map_err(Refusal::from),
        Method::DELETE => {
            site.delete_group(slot, request.now);
            return Answer::empty(204);
        }
        _ => return method_not_allowed("GET, PUT, PATCH, DELETE"),
    };
    if let Err(refusal) = done {
        return refusal.into();
    }
    let answer = if request.is_answered_empty(site) {
        Answer::empty(204)
    } else if let Some(shown) = shown(site, slot, request, &projection) {
        Answer::scim(200, shown)
    } else {
        return unknown();
    };
    tagged(site, answer, version(site, slot).unwrap_or_default())
}

fn version(site: &Site, slot: u32) -> Option<u64> {
    Some(site.directory.as_ref()?.groups.get(slot)?.version)
}

fn create(site: &mut Site, request: &ScimRequest) -> Result<Answer, Refusal> {
    let projection = request.projection()?;
    let slot = site.create_group(&request.body.value(), request.now)?;
    let group = site.directory.as_ref().and_then(|directory| directory.groups.get(slot));
    let location = group.map(|group| location(&request.base, ResourceKind::Group, &group.id));
    let shown = shown(site, slot, request, &projection).unwrap_or(Content::Value(Value::Null));
    let answer = Answer::scim(201, shown).with(header::LOCATION, location.unwrap_or_default());
    Ok(tagged(site, answer, version(site, slot).unwrap_or_default()))
}

/// The group as the request wants it: a value where somebody has to look into it, else text.
pub(crate) fn shown(
    site: &Site,
    slot: u32,
    request: &ScimRequest,
    projection: &Projection,
) -> Option<Content> {
    let directory = site.directory.as_ref()?;
    let group = directory.groups.get(slot)?;
    if projection.is_default() {
        return Some(Content::Text(group_text(site, directory, slot, group, &request.base, true)));
    }
    let with_members = members_wanted(site, projection);
    let mut view = group_view(site, directory, slot, group, &request.base, with_members);
    if !site.shows_groups_whole() {
        projection.apply(ResourceKind::Group, &mut view);
    }
    Some(Content::Value(view))
}
