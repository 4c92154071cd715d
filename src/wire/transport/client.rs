//! The one place that sends: by which way, and within which limits.

use std::cell::Cell;
use std::sync::Arc;

use hyper::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};

use super::Transport;
use super::address::Addresses;
use super::http1::{Failure, Http1, Reply};
use super::http2::ReqwestClients;
use crate::wire::intake::Body;
use crate::wire::intake::condense;
use crate::wire::intake::condense::Condensed;
use crate::wire::intake::wanted::Wanted;
use crate::wire::limits::Limits;
use crate::wire::message::exchange::{Repair, Response, TransportError};
use crate::wire::message::request::{Method, Request};

/// A body that is larger is read at once, and of its JSON only so much is kept as there is room for. What a smaller one
/// takes in memory is no more than that.
const MOST_UNREAD: usize = 16 * 1024;

/// The HTTP client of a run. Connections are kept over all its pairs; nothing is built before it is needed.
#[derive(Debug)]
pub struct HttpClient {
    limits: Limits,
    transport: Arc<Transport>,
    addresses: Addresses,
    http1: Http1,
    /// For proxies, and for HTTP/2.
    reqwest: ReqwestClients,
    /// Whether the endpoint has refused HTTP/1.1.
    http2: Cell<bool>,
}

impl HttpClient {
    /// A client that takes the straight way.
    pub fn new(limits: Limits) -> Self {
        Self::by(Arc::default(), limits, false)
    }

    /// A client for an endpoint of the run's own, which needs no precautions.
    pub fn to_own(limits: Limits) -> Self {
        Self::by(Arc::default(), limits, true)
    }

    /// A client for a target, by the way that leads there.
    pub fn to(transport: &Arc<Transport>, limits: Limits) -> Self {
        Self::by(Arc::clone(transport), limits, false)
    }

    fn by(transport: Arc<Transport>, limits: Limits, is_own: bool) -> Self {
        Self {
            limits,
            addresses: Addresses::default(),
            http1: Http1::new(Arc::clone(&transport), is_own),
            reqwest: ReqwestClients::new(Arc::clone(&transport)),
            transport,
            http2: Cell::new(false),
        }
    }

    /// Whether the endpoint speaks HTTP/2 and nothing else, as far as is known yet.
    pub fn speaks_only_http2(&self) -> bool {
        self.http2.get()
    }

    /// Sends one request, its target below a base URL, and reads the answer within the limits. Where a kept connection
    /// was closed without a word, the request is sent again on a fresh one if that is safe (RFC 9112 §9.5, RFC 9110
    /// §9.2.2); otherwise the error is [`TransportError::ClosedSilently`].
    pub async fn execute(
        &self,
        base: &str,
        authorization: Option<&str>,
        request: &Request,
    ) -> Result<Response, TransportError> {
        let limit = self.limits.timeout;
        let timeout = request.patience.map_or(limit, |own| own.min(limit));
        tokio::time::timeout(timeout, self.exchange(base, authorization, request))
            .await
            .unwrap_or(Err(TransportError::Timeout(timeout)))
    }

    async fn exchange(
        &self,
        base: &str,
        authorization: Option<&str>,
        request: &Request,
    ) -> Result<Response, TransportError> {
        let knew = self.http2.get();
        let mut repair = None;
        let reply = match self.send(base, authorization, request, false).await {
            // Nothing of the request was sent yet. HTTP/2 is for whoever takes nothing else.
            Err(Failure::VersionRefused) if !knew => {
                self.http2.set(true);
                Box::pin(self.send(base, authorization, request, false)).await
            }
            Err(Failure::ClosedSilently { sent }) => {
                self.transport.note_silent_close();
                if sent && !request.is_idempotent() {
                    return Err(TransportError::ClosedSilently);
                }
                repair = sent.then_some(Repair::Repeated);
                Box::pin(self.send(base, authorization, request, true)).await
            }
            reply => reply,
        };
        let reply = reply.map_err(|failure| match failure {
            Failure::VersionRefused => {
                TransportError::Tls("the endpoint speaks neither HTTP/1.1 nor HTTP/2".to_owned())
            }
            Failure::ClosedSilently { .. } => TransportError::ClosedSilently,
            Failure::Transport(error) => error,
        })?;
        let mut response = self.response(request, reply)?;
        response.repair = repair;
        Ok(response)
    }

    async fn send(
        &self,
        base: &str,
        authorization: Option<&str>,
        request: &Request,
        fresh: bool,
    ) -> Result<Reply, Failure> {
        let address = self.addresses.find(base, &request.target)?;
        let headers = headers(request, authorization)?;
        let (method, body) = (method(request.method), request.body.as_deref().map(ToOwned::to_owned));
        let reading = (request, &self.limits);
        let http2 = self.http2.get() && address.origin.https;
        if http2 || self.transport.is_proxied(&address.origin) {
            Box::pin(self.reqwest.send(address, http2, method, headers, body, reading)).await
        } else {
            self.http1.send(address, method, headers, body, reading, fresh).await
        }
    }

    /// An answer as it is read.
    fn response(&self, request: &Request, reply: Reply) -> Result<Response, TransportError> {
        let Reply { status, mut headers, body, decoded } = reply;
        if decoded {
            headers.remove(CONTENT_ENCODING);
            headers.remove(CONTENT_LENGTH);
        }
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let body = match body {
            Body::Whole(body) => body,
            Body::Condensed(read) => {
                let Condensed { head, length, json, left_out } = *read;
                let response = Response::new(status.as_u16(), headers, head);
                return Ok(response.knowing(json, left_out).of_length(length));
            }
        };
        let body = String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let read = (body.len() > MOST_UNREAD)
            .then(|| condense::text(&body, &Wanted::of(request), self.limits.max_json));
        let read = read.transpose()?;
        let response = Response::new(status.as_u16(), headers, body);
        Ok(match read {
            None => response,
            Some((json, left_out)) => response.knowing(json, left_out),
        })
    }
}

fn method(method: Method) -> hyper::Method {
    match method {
        Method::Get => hyper::Method::GET,
        Method::Post => hyper::Method::POST,
        Method::Put => hyper::Method::PUT,
        Method::Patch => hyper::Method::PATCH,
        Method::Delete => hyper::Method::DELETE,
    }
}

fn headers(request: &Request, authorization: Option<&str>) -> Result<HeaderMap, TransportError> {
    let bad = |name: &str| TransportError::Broken(format!("the value of `{name}` is not allowed in HTTP"));
    let mut headers = HeaderMap::with_capacity(request.headers.len() + 1);
    for (name, value) in &request.headers {
        headers.append(
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad(name))?,
            HeaderValue::from_str(value).map_err(|_| bad(name))?,
        );
    }
    if let Some(authorization) = authorization {
        let mut value = HeaderValue::from_str(authorization).map_err(|_| bad("Authorization"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}
