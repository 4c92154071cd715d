//! The server: one listener for SCIM, for the REST API and for the administration of sites.

use std::convert::Infallible;
use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use axum::http::request::Parts;
use futures_util::future::Either;
use tokio::net::TcpListener;
use tower_service::Service;

use super::Reference;
use super::http::answer::{Answer, no_such_path};
use super::http::hosts::AllowedHosts;
use super::http::limits::ServeLimits;
use super::http::listen::{self, Answering, Answers, Begun};
use super::http::log::Logged;
use super::http::path::{segments, split};
use super::http::scim::call::{Admitted, Call};
use super::rest;
use super::rest::provisioning as provisioning_api;

/// How an endpoint is served.
#[derive(Debug, Clone, Default)]
pub struct ServeOptions {
    /// The hosts in whose name requests are answered.
    pub hosts: AllowedHosts,
    /// What it spends on its clients.
    pub limits: ServeLimits,
    /// Who is told of each request that was answered.
    pub log: Option<SyncSender<Logged>>,
}

/// Serves all sites of `reference` with the usual limits until `shutdown` is done; requests that have begun are answered.
///
/// # Errors
/// None so far: what goes wrong with a connection ends that connection.
pub async fn serve(
    listener: TcpListener,
    reference: Reference,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_with(listener, reference, ServeOptions::default(), shutdown).await
}

/// Serves all sites of `reference` as the options say, until `shutdown` is done; requests that have begun are answered.
///
/// # Errors
/// None so far: what goes wrong with a connection ends that connection.
pub async fn serve_with(
    listener: TcpListener,
    reference: Reference,
    options: ServeOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let endpoint = Endpoint { reference, hosts: Arc::new(options.hosts) };
    listen::serve(listener, endpoint, options.limits, options.log, shutdown).await;
    Ok(())
}

/// All sites of `reference` as a service, to be called without a socket or to stand in a server of one's own. It answers under
/// any host.
pub fn router(reference: Reference) -> Router {
    Router::new().fallback_service(Endpoint { reference, hosts: Arc::new(AllowedHosts::any()) })
}

/// The endpoint as a service. It finds the way by hand, so that a path that is no UTF-8 is answered in the shape of its API
/// as any other.
#[derive(Clone)]
struct Endpoint {
    reference: Reference,
    hosts: Arc<AllowedHosts>,
}

impl Answers for Endpoint {
    type Admitted = Admitted;

    fn admit(&self, parts: &mut Parts, local: Option<SocketAddr>) -> Result<(), Answer> {
        self.hosts.admit(parts, local)
    }

    fn begin(&self, parts: &Parts) -> Begun<Admitted> {
        // Nearly every path has seven segments at most: what is longer, or escaped, takes the longer way.
        let mut pieces = [""; 8];
        let mut places = pieces.iter_mut();
        for piece in split(parts.uri.path()) {
            match places.next().filter(|_| !piece.contains('%')) {
                Some(place) => *place = piece,
                None => return ControlFlow::Continue(None),
            }
        }
        let left = places.len();
        match pieces.get(..pieces.len() - left) {
            Some(["scim", "directory", directory, rest @ ..]) => {
                Call::new(&self.reference, directory, rest, parts).begin().map_continue(Some)
            }
            _ => ControlFlow::Continue(None),
        }
    }

    async fn finish(self, parts: Parts, content: Body, admitted: Option<Admitted>) -> Answer {
        let reference = &self.reference;
        let path = parts.uri.path();
        let decoded = segments(path);
        let pieces: Vec<&str> = decoded.iter().map(|piece| &**piece).collect();
        match pieces.as_slice() {
            ["scim", "directory", directory, rest @ ..] => {
                Call::new(reference, directory, rest, &parts).answer(content, admitted).await
            }
            ["ex", "jira", site, "rest", "servicedeskapi", rest @ ..] => {
                rest::answer(reference, Some(site), rest, &parts, content).await
            }
            ["rest", "servicedeskapi", rest @ ..] => {
                rest::answer(reference, None, rest, &parts, content).await
            }
            ["ex", "jira", site, "rest", "provisioning", rest @ ..] => {
                provisioning_api::answer(reference, Some(site), rest, &parts, content).await
            }
            ["rest", "provisioning", rest @ ..] => {
                provisioning_api::answer(reference, None, rest, &parts, content).await
            }
            _ => no_such_path(path),
        }
    }
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
        let begun = match self.admit(&mut parts, None) {
            Ok(()) => self.begin(&parts),
            Err(refused) => ControlFlow::Break(refused),
        };
        match begun {
            ControlFlow::Break(answer) => Either::Left(ready(Ok(answer.into_http()))),
            ControlFlow::Continue(admitted) => {
                let answer = self.clone().finish(parts, content, admitted);
                Either::Right(Box::pin(async move { Ok(answer.await.into_http()) }))
            }
        }
    }
}
