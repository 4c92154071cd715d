//! The server: one listener for SCIM, for the REST API and for the administration of sites.

use std::borrow::Cow;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Response, header};
use axum::{Router, ServiceExt as _};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tokio::net::TcpListener;
use tower_service::Service;

use super::answer::{Answer, no_such_path};
use super::request::ScimRequest;
use super::versions::preconditions;
use super::{auth, body, gate, misread, protocol, race, routes, spoil};
use crate::reference::knobs::AuthErrorBody;
use crate::reference::provisioning::Sent;
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
    let service = Endpoint(reference).into_make_service();
    axum::serve(listener, service).with_graceful_shutdown(shutdown).await
}

/// All sites of `reference` as a service, to be called without a socket or to stand in a server of one's own.
pub fn router(reference: Reference) -> Router {
    Router::new().fallback_service(Endpoint(reference))
}

/// The endpoint as a service. It finds the way by hand, so that a path that is no UTF-8 is answered in the shape of its API
/// as any other.
#[derive(Clone)]
struct Endpoint(Reference);

impl Service<Request> for Endpoint {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let reference = self.0.clone();
        Box::pin(async move { Ok(entry(&reference, request).await.into_http()) })
    }
}

async fn entry(reference: &Reference, request: Request) -> Answer {
    let (parts, content) = request.into_parts();
    let decoded;
    let mut pieces: Vec<&str> = Vec::with_capacity(8);
    if parts.uri.path().contains('%') {
        decoded = segments(parts.uri.path());
        pieces.extend(decoded.iter().map(|piece| &**piece));
    } else {
        pieces.extend(split(parts.uri.path()));
    }
    match pieces.as_slice() {
        ["scim", "directory", directory, rest @ ..] => {
            scim(reference, directory, rest, &parts, content).await
        }
        _ => elsewhere(reference, Request::from_parts(parts, content)).await,
    }
}

/// What is not below the SCIM base URL of a directory.
async fn elsewhere(reference: &Reference, request: Request) -> Answer {
    let uri = request.uri().clone();
    let path = uri.path();
    let pieces = segments(path);
    let pieces: Vec<&str> = pieces.iter().map(|piece| &**piece).collect();
    let named = |site: &str| Some(SiteId::new(site.to_owned()));
    match pieces.as_slice() {
        ["ex", "jira", site, "rest", "servicedeskapi", rest @ ..] => {
            rest::answer(reference, named(site), rest, request).await
        }
        ["rest", "servicedeskapi", rest @ ..] => {
            rest::answer(reference, reference.default_site(), rest, request).await
        }
        ["ex", "jira", site, "rest", "provisioning", rest @ ..] => {
            provisioning_api::answer(reference, named(site), rest, request).await
        }
        ["rest", "provisioning", rest @ ..] => {
            provisioning_api::answer(reference, reference.default_site(), rest, request).await
        }
        _ => no_such_path(path),
    }
}

/// How a request goes on after the site has looked at who sends it.
enum Way {
    /// It was answered at once.
    Answered(Answer),
    /// It has a body, or a defect that may have it wait.
    On { sound: bool },
}

async fn scim(reference: &Reference, directory: &str, rest: &[&str], parts: &Parts, content: Body) -> Answer {
    let path = parts.uri.path();
    let now = reference.now();
    let unknown = || Answer::from(ScimError::not_found(format!("there is no directory {directory}")));
    // HEAD is GET whose body the server does not send.
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() };
    let has_body = matches!(method, Method::POST | Method::PUT | Method::PATCH);
    let is_read = matches!(method, Method::GET | Method::OPTIONS);
    let (version, rest) = protocol::version(rest);
    let mut base = ["http://", host(&parts.headers), "/scim/directory/", directory].concat();
    if let Some(version) = version {
        base.extend(["/", version]);
    }
    let bytes;
    let mut request = ScimRequest {
        base,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        conditions: preconditions(&parts.headers),
        method,
        body: Value::Null.into(),
        now,
    };
    // The key is checked before the body is read: a stranger's body costs nothing.
    let way = reference.on_directory(directory, |site| {
        let refused = auth::refusal(site, &parts.headers, path, now)
            .or_else(|| protocol::refusal(site, version, path))
            .or_else(|| gate::refusal(site, parts));
        match refused {
            Some(refused) => Way::Answered(refused),
            None if !is_read || !site.defects.is_empty() => Way::On { sound: site.defects.is_empty() },
            None => Way::Answered(routes::answer(site, rest, &request)),
        }
    });
    let is_sound = match way {
        Some(Way::On { sound }) => sound,
        Some(Way::Answered(answer)) => return answer,
        None if parts.headers.contains_key(header::AUTHORIZATION) => return unknown(),
        None => return auth::missing_key(path, AuthErrorBody::Failure),
    };
    if has_body {
        match body::receive(parts, content).await {
            Ok(received) => bytes = received,
            Err(error) => return error.into(),
        }
        let is_write_of_user = request.method != Method::PATCH && matches!(rest, ["Users"] | ["Users", _]);
        let read = if is_sound && is_write_of_user {
            body::read_borrowed(&bytes)
        } else {
            body::read(&bytes).map(Sent::Value)
        };
        match read {
            Ok(body) => request.body = body,
            Err(error) => return error.into(),
        }
    }
    // The site may have been disconnected while the body came.
    let base = if is_sound {
        Ok(race::Base::Nothing)
    } else {
        race::read(reference, directory, rest, &request).await
    };
    let base = match base {
        Ok(base) => base,
        Err(answer) => return answer,
    };
    let answer = reference.on_directory(directory, |site| {
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
pub(crate) fn segments(path: &str) -> Vec<Cow<'_, str>> {
    split(path).map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}

/// The segments of a path as they stand in it.
fn split(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments = (!path.is_empty()).then(|| path.split('/'));
    segments.into_iter().flatten()
}

/// The host in the words of the request, so that a location leads back the way the client came.
pub(crate) fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost")
}
