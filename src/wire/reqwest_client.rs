//! Requests through a proxy, and in HTTP/2 to whoever speaks nothing else: by `reqwest`.

use std::cell::OnceCell;
use std::sync::Arc;

use hyper::Method;
use hyper::header::HeaderMap;
use reqwest::{Client, Request};
use url::Url;

use super::address::Address;
use super::exchange::TransportError;
use super::http1::{CONNECT_TIMEOUT, Failure, Reply};
use super::innermost::innermost;
use super::intake::{Intake, Next};
use super::target::Limits;
use super::tls;
use super::transport::Transport;

/// Headers that are larger than this are nobody's answer; over HTTP/1.1 both libraries stop at about the same size.
const MAX_HEADERS: u32 = 256 * 1024;

/// The clients of `reqwest`, each built when it is needed.
#[derive(Debug)]
pub(super) struct ReqwestClients {
    transport: Arc<Transport>,
    without_tls: OnceCell<Client>,
    http1: OnceCell<Client>,
    http2: OnceCell<Client>,
}

impl ReqwestClients {
    pub(super) fn new(transport: Arc<Transport>) -> Self {
        Self { transport, without_tls: OnceCell::new(), http1: OnceCell::new(), http2: OnceCell::new() }
    }

    /// Sends one request and reads the answer within the limits.
    pub(super) async fn send(
        &self,
        address: Address,
        http2: bool,
        method: Method,
        headers: HeaderMap,
        body: Option<String>,
        (sent, limits): (&super::request::Request, &Limits),
    ) -> Result<Reply, Failure> {
        let client = self.client(address.origin.https, http2)?;
        let url = Url::parse(&address.url()).map_err(|error| TransportError::Broken(error.to_string()))?;
        let mut request = Request::new(method, url);
        *request.headers_mut() = headers;
        *request.body_mut() = body.map(Into::into);
        let mut response = client.execute(request).await.map_err(|error| classify(&error))?;
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

    fn client(&self, https: bool, http2: bool) -> Result<&Client, TransportError> {
        let (cell, version) = match (https || self.transport.has_https_proxy(), http2) {
            (false, _) => (&self.without_tls, None),
            (true, false) => (&self.http1, Some("http/1.1")),
            (true, true) => (&self.http2, Some("h2")),
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let client = self.build(version)?;
        Ok(cell.get_or_init(|| client))
    }

    #[expect(clippy::disallowed_methods, reason = "the one constructor")]
    fn build(&self, version: Option<&str>) -> Result<Client, TransportError> {
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
        for proxy in self.transport.proxies() {
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(|error| TransportError::Tls(error.to_string()))
    }
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
    } else if tls::cause(error).is_some() {
        TransportError::Tls(detail)
    } else {
        TransportError::Connect(detail)
    })
}
