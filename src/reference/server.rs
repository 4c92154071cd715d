//! The server: one listener for SCIM, for the REST API and for the administration of sites.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use axum::http::request::Parts;
use futures_util::future::Either;
use tower_service::Service;

use super::http::answer::{Answer, no_such_path};
use super::http::hosts::AllowedHosts;
use super::http::path::{segments, split};
use super::http::scim::call::Call;
use crate::reference::rest::provisioning as provisioning_api;
use crate::reference::{Reference, SiteId, rest};

/// All sites of `reference` as a service, to be called without a socket or to stand in a server of one's own. It answers under
/// any host.
pub fn router(reference: Reference) -> Router {
    Router::new().fallback_service(Endpoint { reference, hosts: Arc::new(AllowedHosts::any()) })
}

/// The endpoint as a service. It finds the way by hand, so that a path that is no UTF-8 is answered in the shape of its API
/// as any other.
#[derive(Clone)]
pub(in crate::reference) struct Endpoint {
    pub(in crate::reference) reference: Reference,
    pub(in crate::reference) hosts: Arc<AllowedHosts>,
}

impl Service<Request> for Endpoint {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (mut parts, content) = request.into_parts();
        let answer = match self.hosts.admit(&mut parts, None) {
            Ok(()) => at_once(&self.reference, &parts),
            Err(refused) => Some(refused),
        };
        if let Some(answer) = answer {
            return Either::Left(ready(Ok(answer.into_http())));
        }
        let reference = self.reference.clone();
        Either::Right(Box::pin(async move { Ok(entry(&reference, parts, content).await.into_http()) }))
    }
}

/// An answer: what only reads is there at once, and nothing is kept for it.
pub(in crate::reference) type Answering =
    Either<Ready<Answered>, Pin<Box<dyn Future<Output = Answered> + Send>>>;
pub(in crate::reference) type Answered = Result<Response<Body>, Infallible>;

/// The answer to a read of a directory, where nobody has to be waited for.
pub(in crate::reference) fn at_once(reference: &Reference, parts: &Parts) -> Option<Answer> {
    let answer = |pieces: &[&str]| match pieces {
        ["scim", "directory", directory, rest @ ..] => {
            Call { reference, directory, rest, parts }.read_at_once()
        }
        _ => None,
    };
    // A read has seven segments at most: what is longer, or escaped, takes the longer way.
    let mut pieces = [""; 8];
    let mut places = pieces.iter_mut();
    for piece in split(parts.uri.path()) {
        *places.next().filter(|_| !piece.contains('%'))? = piece;
    }
    let left = places.len();
    answer(pieces.get(..pieces.len() - left)?)
}

/// The answer, whatever it is that is asked.
pub(in crate::reference) async fn entry(reference: &Reference, parts: Parts, content: Body) -> Answer {
    let decoded = segments(parts.uri.path());
    let pieces: Vec<&str> = decoded.iter().map(|piece| &**piece).collect();
    match pieces.as_slice() {
        ["scim", "directory", directory, rest @ ..] => {
            Call { reference, directory, rest, parts: &parts }.answer(content).await
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
