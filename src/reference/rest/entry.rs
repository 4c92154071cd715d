//! Which site a call goes to, who calls, and what the path means.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Response, header};

use super::request::{RestRequest, error};
use super::{customers, organizations, properties, service_desk};
use crate::reference::http::answer::Answer;
use crate::reference::http::{basic_credentials, body, host};
use crate::reference::site::Site;
use crate::reference::{Reference, SiteId};

/// `/ex/jira/{site}/rest/servicedeskapi/…`
pub(crate) async fn of_site(
    State(reference): State<Reference>,
    Path((site, rest)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let prefix = format!("/ex/jira/{site}/rest/servicedeskapi");
    entry(&reference, Some(SiteId::new(site)), &prefix, &rest, request).await.into_http()
}

/// `/rest/servicedeskapi/…`, as a site answers under its own host name.
pub(crate) async fn of_default_site(
    State(reference): State<Reference>,
    Path(rest): Path<String>,
    request: Request,
) -> Response<Body> {
    let site = reference.default_site();
    entry(&reference, site, "/rest/servicedeskapi", &rest, request).await.into_http()
}

async fn entry(
    reference: &Reference,
    site: Option<SiteId>,
    prefix: &str,
    rest: &str,
    request: Request,
) -> Answer {
    let (parts, content) = request.into_parts();
    let unknown = || error(404, "Site does not exist.");
    let Some(site) = site else {
        return unknown();
    };
    let credentials = basic_credentials(&parts.headers);
    let known = reference.on_site(&site, |site| {
        credentials.is_some_and(|(user, token)| user == site.rest_user && site.rest_token.is(&token))
    });
    match known {
        Some(true) => {}
        Some(false) => {
            return error(401, "Client must be authenticated to access this resource.")
                .with(header::WWW_AUTHENTICATE, "Basic realm=\"reference\"");
        }
        None => return unknown(),
    }
    let body = match body::read(&parts, content).await {
        Ok(body) => body,
        Err(refused) => return error(refused.status, &refused.detail),
    };
    let request = RestRequest {
        base: format!("http://{}{prefix}", host(&parts.headers)),
        path: format!("/{rest}"),
        parameters: RestRequest::read_parameters(parts.uri.query().unwrap_or_default()),
        experimental: parts
            .headers
            .get("X-ExperimentalApi")
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"opt-in")),
        method: parts.method,
        body,
        now: reference.now(),
    };
    reference.on_site(&site, |site| route(site, rest, &request)).unwrap_or_else(unknown)
}

fn route(site: &mut Site, rest: &str, request: &RestRequest) -> Answer {
    let segments: Vec<&str> = rest.split('/').collect();
    match segments.as_slice() {
        ["organization"] => organizations::collection(site, request),
        ["organization", id] => organizations::one(site, id, request),
        ["organization", id, "user"] => organizations::members(site, id, request),
        ["organization", id, "property"] => properties::keys(site, id, request),
        ["organization", id, "property", key] => properties::one(site, id, key, request),
        ["servicedesk"] => service_desk::all(site, request),
        ["servicedesk", desk] => service_desk::one(site, desk, request),
        ["servicedesk", desk, "organization"] => service_desk::organizations(site, desk, request),
        ["servicedesk", desk, "customer"] => service_desk::customers(site, desk, request),
        ["customer"] => customers::create(site, request),
        ["customer", "user", account, "revoke-portal-only-access"] => {
            customers::revoke(site, account, request)
        }
        _ => error(404, "No such resource."),
    }
}
