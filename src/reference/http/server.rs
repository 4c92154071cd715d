//! The server: one listener for SCIM, for the REST API and for the administration of sites.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, header};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tokio::net::TcpListener;

use super::answer::{Answer, no_such_path};
use super::request::ScimRequest;
use super::versions::preconditions;
use super::{auth, body, gate, misread, race, routes, spoil};
use crate::reference::knobs::AuthErrorBody;
use crate::reference::{Reference, SiteId, provisioning_api, rest};
use crate::scim::error::ScimError;

/// Serves all sites of `reference` until `shutdown` is done; requests that have begun are answered.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    reference: Reference,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let router = Router::new().fallback(entry).with_state(reference);
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await
}

/// Finds the way by hand, so that a path that is no UTF-8 is answered in the shape of its API as any other.
async fn entry(State(reference): State<Reference>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let parts = segments(&path);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let named = |site: &str| Some(SiteId::new(site.to_owned()));
    let answer = match parts.as_slice() {
        ["scim", "directory", directory, rest @ ..] => scim(&reference, directory, rest, request).await,
        ["ex", "jira", site, "rest", "servicedeskapi", rest @ ..] => {
            rest::answer(&reference, named(site), rest, request).await
        }
        ["rest", "servicedeskapi", rest @ ..] => {
            rest::answer(&reference, reference.default_site(), rest, request).await
        }
        ["ex", "jira", site, "rest", "provisioning", rest @ ..] => {
            provisioning_api::answer(&reference, named(site), rest, request).await
        }
        ["rest", "provisioning", rest @ ..] => {
            provisioning_api::answer(&reference, reference.default_site(), rest, request).await
        }
        _ => no_such_path(&path),
    };
    answer.into_http()
}

async fn scim(reference: &Reference, directory: &str, rest: &[&str], request: Request) -> Answer {
    let (parts, content) = request.into_parts();
    let path = parts.uri.path();
    let now = reference.now();
    let unknown = || Answer::from(ScimError::not_found(format!("there is no directory {directory}")));
    // The key is checked before the body is read: a stranger's body costs nothing.
    let refused = match reference.site_of(directory) {
        Some(site) => reference.on_site(&site, |site| {
            auth::refusal(site, &parts.headers, path, now).or_else(|| gate::refusal(site, &parts))
        }),
        None if parts.headers.contains_key(header::AUTHORIZATION) => None,
        None => Some(Some(auth::missing_key(path, AuthErrorBody::Failure))),
    };
    match refused {
        Some(None) => {}
        Some(Some(refused)) => return refused,
        None => return unknown(),
    }
    // HEAD is GET whose body the server does not send.
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() };
    let body = if matches!(method, Method::POST | Method::PUT | Method::PATCH) {
        match body::read(&parts, content).await {
            Ok(body) => body,
            Err(error) => return error.into(),
        }
    } else {
        Value::Null
    };
    let is_read = matches!(method, Method::GET | Method::OPTIONS);
    let request = ScimRequest {
        base: format!("http://{}/scim/directory/{directory}", host(&parts.headers)),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        conditions: preconditions(&parts.headers),
        method,
        body,
        now,
    };
    // The site may have been disconnected while the body came.
    let Some(site) = reference.site_of(directory) else {
        return unknown();
    };
    let base = match race::read(reference, &site, rest, &request).await {
        Ok(base) => base,
        Err(answer) => return answer,
    };
    let answer = reference.on_site(&site, |site| {
        let request = misread::request(site, request);
        base.restore(site, &request);
        let answer = routes::answer(site, rest, &request);
        site.memory.unchecked = false;
        spoil::answer(site, &request, answer)
    });
    if !is_read {
        reference.changed();
    }
    answer.unwrap_or_else(unknown)
}

/// The segments of a path, decoded; a slash at the end does not count. What is no UTF-8 is the name of nothing.
pub(crate) fn segments(path: &str) -> Vec<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Vec::new();
    }
    path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
}

/// The host in the words of the request, so that a location leads back the way the client came.
pub(crate) fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost")
}
