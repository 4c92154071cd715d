//! Which site a call goes to, who calls, and what the path means.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Method, header};

use super::request::{RestRequest, error};
use super::{customers, organizations, properties, service_desk};
use crate::reference::http::answer::Answer;
use crate::reference::http::auth::basic_credentials;
use crate::reference::http::body;
use crate::reference::http::path::host;
use crate::reference::site::Site;
use crate::reference::{Reference, SiteId};

/// Answers a call of a site's REST API; `rest` is the path below it. No site is the default one.
pub(crate) async fn answer(
    reference: &Reference,
    site: Option<&str>,
    rest: &[&str],
    parts: &Parts,
    content: Body,
) -> Answer {
    match authenticated(reference, site, "/rest/servicedeskapi", parts, content).await {
        Ok((site, request)) => {
            let answer = reference.on_site(&site, |site| route(site, rest, &request));
            if request.method != Method::GET {
                reference.changed();
            }
            answer.unwrap_or_else(unknown_site).for_method(&request.method)
        }
        Err(refused) => refused,
    }
}

/// The site and the call, if its caller is the site's administrator. `api` is the path at which the API begins.
pub(crate) async fn authenticated(
    reference: &Reference,
    site: Option<&str>,
    api: &str,
    parts: &Parts,
    content: Body,
) -> Result<(SiteId, RestRequest), Answer> {
    let credentials = basic_credentials(&parts.headers);
    let known = reference.on_named(site, |site| {
        let known =
            credentials.is_some_and(|(user, token)| user == site.rest_user && site.rest_token.is(&token));
        known.then(|| site.id.clone())
    });
    let Some(site) = known.ok_or_else(unknown_site)? else {
        return Err(error(401, "Client must be authenticated to access this resource.")
            .with(header::WWW_AUTHENTICATE, "Basic realm=\"reference\""));
    };
    let body = body::receive(parts, content).await.and_then(|bytes| body::read(&bytes));
    let body = body.map_err(|refused| error(refused.status, &refused.detail))?;
    let path = parts.uri.path();
    let (prefix, below) = path.find(api).map_or((path, ""), |at| path.split_at(at + api.len()));
    let request = RestRequest {
        base: format!("http://{}{prefix}", host(&parts.headers)),
        path: below.to_owned(),
        parameters: RestRequest::read_parameters(parts.uri.query().unwrap_or_default()),
        experimental: parts
            .headers
            .get("X-ExperimentalApi")
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"opt-in")),
        // HEAD is GET whose body the server does not send.
        method: if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() },
        body,
        now: reference.now(),
    };
    Ok((site, request))
}

fn unknown_site() -> Answer {
    error(404, "Site does not exist.")
}

fn route(site: &mut Site, rest: &[&str], request: &RestRequest) -> Answer {
    match rest {
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
