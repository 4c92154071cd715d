//! `/Users` (RFC 7644 §3.3 to §3.6).

use axum::http::{Method, header};
use serde_json::Value;

use super::lists;
use super::request::ScimRequest;
use super::versions::{tagged, unmet};
use crate::reference::http::answer::{Answer, Content, method_not_allowed};
use crate::reference::provisioning::{Refusal, location, user_text, user_view};
use crate::reference::site::Site;
use crate::scim::error::ScimError;
use crate::scim::kind::ResourceKind;
use crate::scim::resource::projection::Projection;

/// The list, and creation.
pub(crate) fn collection(site: &mut Site, request: &ScimRequest) -> Answer {
    match request.method {
        Method::GET => lists::of_kind(site, ResourceKind::User, request),
        Method::POST => create(site, request).unwrap_or_else(Answer::from),
        _ => method_not_allowed("GET, POST"),
    }
}

/// One user.
pub(crate) fn one(site: &mut Site, id: &str, request: &ScimRequest) -> Answer {
    let Some(slot) = site.user_with_id(id) else {
        return ScimError::not_found(format!("Resource [USER]: with id[{id}] does not exist.")).into();
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
        Method::PUT => site.replace_user(slot, &request.body, request.now).map_err(Refusal::from),
        Method::PATCH => request
            .patch()
            .and_then(|patch| site.patch_user(slot, &patch.request, request.now).and(patch.ends.clone()))
            .map_err(Refusal::from),
        Method::DELETE => {
            site.delete_user(slot, request.now);
            return Answer::empty(204);
        }
        _ => return method_not_allowed("GET, PUT, PATCH, DELETE"),
    };
    if let Err(refusal) = done {
        return refusal.into();
    }
    // Only a defect deletes a user that was to be changed.
    let shown = if request.is_answered_empty(site) { None } else { shown(site, slot, request, &projection) };
    let answer = shown.map_or_else(|| Answer::empty(204), |shown| Answer::scim(200, shown));
    tagged(site, answer, version(site, slot).unwrap_or_default())
}

fn version(site: &Site, slot: u32) -> Option<u64> {
    Some(site.directory.as_ref()?.users.get(slot)?.version)
}

fn create(site: &mut Site, request: &ScimRequest) -> Result<Answer, ScimError> {
    let projection = request.projection()?;
    let slot = site.create_user(&request.body, request.now)?;
    let id = site.directory.as_ref().and_then(|directory| directory.users.get(slot)).map(|user| user.id);
    let location = id.map(|id| location(&request.base, ResourceKind::User, id)).unwrap_or_default();
    let shown = shown(site, slot, request, &projection).unwrap_or(Content::Value(Value::Null));
    let answer = Answer::scim(201, shown).with(header::LOCATION, location);
    Ok(tagged(site, answer, version(site, slot).unwrap_or_default()))
}

/// The user as the request wants it: a value where somebody has to look into it, else the text that is stored.
pub(crate) fn shown(
    site: &Site,
    slot: u32,
    request: &ScimRequest,
    projection: &Projection,
) -> Option<Content> {
    let directory = site.directory.as_ref()?;
    let user = directory.users.get(slot)?;
    if projection.is_default() {
        return Some(Content::Text(user_text(site, directory, slot, user, &request.base)));
    }
    let mut view = user_view(site, directory, slot, user, &request.base);
    projection.apply(ResourceKind::User, &mut view);
    Some(Content::Value(view))
}
