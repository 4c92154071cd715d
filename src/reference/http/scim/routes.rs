//! Which resource a path means.

use super::request::{RawRequest, ScimRequest};
use super::{bulk, discovery, groups, lists, users};
use crate::reference::http::answer::{Answer, no_such_path};
use crate::reference::http::faults::around;
use crate::reference::site::Site;
use crate::scim::error::ScimError;
use crate::scim::kind::ResourceKind;

/// Answers a request below a directory's base URL.
pub(crate) fn answer(site: &mut Site, path: &[&str], request: RawRequest<'_>) -> Answer {
    let request = ScimRequest::read(site, path, request);
    around(site, path, request, route)
}

fn route(site: &mut Site, segments: &[&str], request: &ScimRequest<'_>) -> Answer {
    let knobs = &site.knobs;
    let answer = match segments {
        [".search"] if knobs.search => lists::search(site, &ResourceKind::ALL, request),
        ["Users", ".search"] if knobs.search => lists::search(site, &[ResourceKind::User], request),
        ["Groups", ".search"] if knobs.search => lists::search(site, &[ResourceKind::Group], request),
        [] if knobs.search => lists::of_all(site, request),
        ["Bulk"] if knobs.bulk => bulk::answer(site, request, answer),
        ["Me", ..] if knobs.me => {
            ScimError::not_implemented("an API key does not belong to a user: there is no /Me").into()
        }
        ["Users"] => users::collection(site, request),
        ["Users", id] => users::one(site, id, request),
        ["Groups"] => groups::collection(site, request),
        ["Groups", id] => groups::one(site, id, request),
        ["ServiceProviderConfig"] => discovery::service_provider_config(site, request),
        ["ResourceTypes"] => discovery::resource_types(site, None, request),
        ["ResourceTypes", name] => discovery::resource_types(site, Some(name), request),
        ["Schemas"] => discovery::schemas(site, None, request),
        ["Schemas", urn] => discovery::schemas(site, Some(urn), request),
        _ => no_such_path(&format!("/{}", segments.join("/"))),
    };
    answer.for_method(&request.method)
}
