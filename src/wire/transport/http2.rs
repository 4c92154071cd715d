//! Requests through a proxy, and in HTTP/2 to whoever speaks nothing else: by `reqwest`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use hyper::Method;
use hyper::header::HeaderMap;
use reqwest::{Client, Request};
use url::Url;

use super::Transport;
use super::address::Address;
use super::http1::{CONNECT_TIMEOUT, Failure, Reply};
use super::root_cause::innermost;
use super::tls;
use crate::wire::intake::{Intake, Next};
use crate::wire::limits::Limits;
use crate::wire::message::exchange::TransportError;

/// Headers that are larger than this are nobody's answer; over HTTP/1.1 both libraries stop at about the same size.
const MAX_HEADERS: u32 = 256 * 1024;

/// What a client is built for: a version of HTTP over TLS, by its name in ALPN, and whether connections are kept.
type Kind = (Option<&'static str>, bool);

/// The clients of `reqwest`, each built when it is needed.
#[derive(Debug)]
pub(in crate::wire) struct ReqwestClients {
    transport: Arc<Transport>,
    clients: RefCell<BTreeMap<Kind, Client>>,
    /// Whether anything was answered, so that there may be a kept connection.
    answered: Cell<bool>,
}

impl ReqwestClients {
    pub(in crate::wire) fn new(transport: Arc<Transport>) -> Self {
        Self { transport, clients: RefCell::default(), answered: Cell::new(false) }
    }

    /// Sends one request and reads the answer within the limits. The library does not say whether a connection was kept or
    /// fresh. So one that breaks without an answer is taken for a kept one once, and from then on every request has a
    /// connection of its own.
    pub(in crate::wire) async fn send(
        &self,
        address: Address,
        http2: bool,
        method: Method,
        headers: HeaderMap,
        body: Option<String>,
        (sent, limits): (&crate::wire::message::request::Request, &Limits),
    ) -> Result<Reply, Failure> {
        let keeps = !self.transport.closes_silently();
        let client = self.client(address.origin.https, http2, keeps)?;
        let url = Url::parse(&address.url()).map_err(|error| TransportError::Broken(error.to_string()))?;
        let mut request = Request::new(method, url);
        *request.headers_mut() = headers;
        *request.body_mut() = body.map(Into::into);
        let mut response = match client.execute(request).await {
            Ok(response) => response,
            // HTTP/2 has farewells of its own, and streams that are reset.
            Err(error) if keeps && !http2 && self.answered.get() && is_close(&error) => {
                return Err(Failure::ClosedSilently { sent: true });
            }
            Err(error) => return Err(classify(&error)),
        };
        self.answered.set(true);
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut intake = Intake::new(limits, sent, &headers, response.content_length().unwrap_or(0))?;
        while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
            if intake.gather(&chunk)? == Next::PassOn {
                intake.pass_on(&chunk).await?;
            }
        }
        let (body, decoded) = match intake.end()? {
            Some(end) => end,
            None => intake.end_large().await?,
        };
        Ok(Reply { status, headers, body, decoded })
    }

    fn client(&self, https: bool, http2: bool, keeps: bool) -> Result<Client, TransportError> {
        let version = match (https || self.transport.has_https_proxy(), http2) {
            (false, _) => None,
            (true, false) => Some("http/1.1"),
            (true, true) => Some("h2"),
        };
        if let Some(client) = self.clients.borrow().get(&(version, keeps)) {
            return Ok(client.clone());
        }
        let client = self.build((version, keeps))?;
        self.clients.borrow_mut().insert((version, keeps), client.clone());
        Ok(client)
    }

    #[expect(clippy::disallowed_methods, reason = "the one constructor")]
    fn build(&self, (version, keeps): Kind) -> Result<Client, TransportError> {
        let tls = version.map_or_else(tls::none, |version| self.transport.tls(version.as_bytes()))?;
        let mut builder = Client::builder()
            .http1_title_case_headers()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .tls_backend_preconfigured(tls);
        builder = if version == Some("h2") {
            builder.http2_max_header_list_size(MAX_HEADERS)
        } else {
            builder.http1_only()
        };
        if !keeps {
            builder = builder.pool_max_idle_per_host(0);
        }
        for proxy in self.transport.proxies() {
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(|error| TransportError::Tls(error.to_string()))
    }
}

/// Whether a connection that was there ended before an answer came.
fn is_close(error: &reqwest::Error) -> bool {
    if error.is_timeout() || error.is_connect() {
        return false;
    }
    let mut causes =
        std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |cause| cause.source());
    causes.any(|cause| {
        let closed =
            |error: &hyper::Error| error.is_incomplete_message() || error.is_closed() || error.is_canceled();
        let broken = |error: &io::Error| {
            matches!(
                error.kind(),
                io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::UnexpectedEof
            )
        };
        cause.downcast_ref().is_some_and(closed) || cause.downcast_ref().is_some_and(broken)
    })
}

/// The library's error in our words; the innermost cause says most.
fn classify(error: &reqwest::Error) -> Failure {
    if tls::refuses_version(error) {
        return Failure::VersionRefused;
    }
    let detail = innermost(error);
    Failure::Transport(if error.is_timeout() {
        TransportError::Timeout(CONNECT_TIMEOUT)
    } else if !error.is_connect() {
        TransportError::Broken(detail)
    } else if let Some(cause) = tls::cause(error) {
        TransportError::Tls(tls::said(cause))
    } else {
        TransportError::Connect(detail)
    })
}
