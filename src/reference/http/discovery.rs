//! What the service provider says about itself (RFC 7644 §4).

use axum::http::Method;
use serde_json::Value;

use super::answer::{Answer, method_not_allowed};
use super::request::ScimRequest;
use crate::reference::site::Site;
use crate::scim::discovery::{self, AuthenticationScheme, Features};
use crate::scim::error::ScimError;

/// `/ServiceProviderConfig`
pub(crate) fn service_provider_config(site: &Site, request: &ScimRequest) -> Answer {
    if request.method != Method::GET {
        return method_not_allowed("GET");
    }
    let features = Features {
        base: request.base.clone(),
        patch: true,
        bulk: None,
        filter_max_results: Some(site.knobs.page_max),
        change_password: false,
        sort: false,
        etag: false,
        authentication: vec![AuthenticationScheme::OauthBearerToken],
    };
    Answer::scim(200, discovery::service_provider_config(&features))
}

/// `/ResourceTypes`, and one of them by its name.
pub(crate) fn resource_types(name: Option<&str>, request: &ScimRequest) -> Answer {
    all_or_one(discovery::resource_types(&request.base), name, request)
}

/// `/Schemas`, and one of them by its URN.
pub(crate) fn schemas(urn: Option<&str>, request: &ScimRequest) -> Answer {
    all_or_one(discovery::schemas(&request.base), urn, request)
}

fn all_or_one(list: Value, id: Option<&str>, request: &ScimRequest) -> Answer {
    if request.method != Method::GET {
        return method_not_allowed("GET");
    }
    let Some(id) = id else {
        return Answer::scim(200, list);
    };
    let one = list["Resources"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|resource| resource["id"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(id)));
    match one {
        Some(resource) => Answer::scim(200, resource.clone()),
        None => ScimError::not_found(format!("there is no {id}")).into(),
    }
}
