//! The server: one listener for SCIM, for the REST API and for the administration of sites.

use std::borrow::Cow;

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
use super::{auth, body, routes};
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
    axum::serve(listener, router(reference)).with_graceful_shutdown(shutdown).await
}

/// All sites of `reference` as a service, to be called without a socket or to stand in a server of one's own.
pub fn router(reference: Reference) -> Router {
    Router::new().fallback(entry).with_state(reference)
}

/// Finds the way by hand, so that a path that is no UTF-8 is answered in the shape of its API as any other.
async fn entry(State(reference): State<Reference>, request: Request) -> Response<Body> {
    let uri = request.uri().clone();
    let path = uri.path();
    let parts = segments(path);
    let parts: Vec<&str> = parts.iter().map(|part| &**part).collect();
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
        _ => no_such_path(path),
    };
    answer.into_http()
}

async fn scim(reference: &Reference, directory: &str, rest: &[&str], request: Request) -> Answer {
    let (parts, content) = request.into_parts();
    let path = parts.uri.path();
    let now = reference.now();
    let unknown = || Answer::from(ScimError::not_found(format!("there is no directory {directory}")));
    // The key is checked before the body is read: a stranger's body costs nothing.
    match reference.on_directory(directory, |site| auth::refusal(site, &parts.headers, path, now)) {
        Some(None) => {}
        Some(Some(refused)) => return refused,
        None if parts.headers.contains_key(header::AUTHORIZATION) => return unknown(),
        None => return auth::missing_key(path, AuthErrorBody::Failure),
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
    let answer = reference.on_directory(directory, |site| routes::answer(site, rest, &request));
    if !is_read {
        reference.changed();
    }
    answer.unwrap_or_else(unknown)
}

/// The segments of a path, decoded; a slash at the end does not count. What is no UTF-8 is the name of nothing.
pub(crate) fn segments(path: &str) -> Vec<Cow<'_, str>> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Vec::new();
    }
    path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}

/// The host in the words of the request, so that a location leads back the way the client came.
pub(crate) fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost")
}
