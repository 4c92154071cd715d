//! Which resource a path means.

use super::answer::{Answer, no_such_path};
use super::request::ScimRequest;
use super::{discovery, groups, users};
use crate::reference::site::Site;

/// Answers a request below a directory's base URL.
pub(crate) fn answer(site: &mut Site, rest: &str, request: &ScimRequest) -> Answer {
    let segments: Vec<&str> = rest.split('/').collect();
    match segments.as_slice() {
        ["Users"] => users::collection(site, request),
        ["Users", id] => users::one(site, id, request),
        ["Groups"] => groups::collection(site, request),
        ["Groups", id] => groups::one(site, id, request),
        ["ServiceProviderConfig"] => discovery::service_provider_config(site, request),
        ["ResourceTypes"] => discovery::resource_types(None, request),
        ["ResourceTypes", name] => discovery::resource_types(Some(name), request),
        ["Schemas"] => discovery::schemas(None, request),
        ["Schemas", urn] => discovery::schemas(Some(urn), request),
        _ => no_such_path(rest),
    }
}
