//! The server: one listener for SCIM and REST.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Response, header};
use axum::routing::any;
use tokio::net::TcpListener;

use super::answer::{Answer, no_such_path};
use super::request::ScimRequest;
use super::{auth, body, routes};
use crate::reference::Reference;
use crate::reference::knobs::AuthErrorBody;
use crate::reference::rest;
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

fn router(reference: Reference) -> Router {
    Router::new()
        .route("/scim/directory/{directory}", any(scim_root))
        .route("/scim/directory/{directory}/{*rest}", any(scim))
        .route("/ex/jira/{site}/rest/servicedeskapi/{*rest}", any(rest::of_site))
        .route("/rest/servicedeskapi/{*rest}", any(rest::of_default_site))
        .fallback(async |request: Request| no_such_path(request.uri().path()).into_http())
        .with_state(reference)
}

async fn scim_root(
    reference: State<Reference>,
    Path(directory): Path<String>,
    request: Request,
) -> Response<Body> {
    scim(reference, Path((directory, String::new())), request).await
}

async fn scim(
    State(reference): State<Reference>,
    Path((directory, rest)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let (parts, content) = request.into_parts();
    let path = parts.uri.path();
    let now = reference.now();
    // The key is checked before the body is read: a stranger's body costs nothing.
    let refused = match reference.site_of(&directory) {
        Some(site) => reference.on_site(&site, |site| auth::refusal(site, &parts.headers, path, now)),
        None if parts.headers.contains_key(header::AUTHORIZATION) => None,
        None => Some(Some(auth::missing_key(path, AuthErrorBody::Failure))),
    };
    let unknown = || Answer::from(ScimError::not_found(format!("there is no directory {directory}")));
    match refused {
        Some(None) => {}
        Some(Some(refused)) => return refused.into_http(),
        None => return unknown().into_http(),
    }
    let body = match body::read(&parts, content).await {
        Ok(body) => body,
        Err(error) => return Answer::from(error).into_http(),
    };
    let request = ScimRequest {
        base: format!("http://{}/scim/directory/{directory}", host(&parts.headers)),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        method: parts.method,
        body,
        now,
    };
    reference
        .site_of(&directory)
        .and_then(|site| reference.on_site(&site, |site| routes::answer(site, &rest, &request)))
        .unwrap_or_else(unknown)
        .into_http()
}

/// The host in the words of the request, so that a location leads back the way the client came.
pub(crate) fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost")
}
