//! The one place that builds and drives the HTTP library.

use std::cell::{Cell, OnceCell, RefCell};
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::exchange::{Response, TransportError};
use super::request::{Method, Request};
use super::target::{Limits, Target};
use super::transport::Transport;

/// Longest time to reach the endpoint before it counts as unreachable.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Headers that are larger than this are nobody's answer; over HTTP/1.1 the library stops at about the same size.
const MAX_HEADERS: u32 = 256 * 1024;

/// The HTTP client of a run. Connections are pooled over all its pairs; nothing is built before it is needed.
#[derive(Debug)]
pub struct HttpClient {
    https: bool,
    limits: Limits,
    transport: Arc<Transport>,
    /// By what is asked for: no compression, compression, and the same two over HTTP/2.
    clients: [OnceCell<reqwest::Client>; 4],
    /// Whether the endpoint has refused HTTP/1.1.
    http2: Cell<bool>,
    /// The latest origin, as it was written and as it was read: a run mostly has one.
    origin: RefCell<Option<(String, Url)>>,
}

impl HttpClient {
    /// A client for a target. TLS costs milliseconds to set up, so it is set up for `https` only.
    pub fn new(https: bool, limits: Limits) -> Self {
        let transport = Arc::default();
        Self {
            https,
            limits,
            transport,
            clients: Default::default(),
            http2: Cell::new(false),
            origin: RefCell::default(),
        }
    }

    /// A client for a target, by the way that leads there.
    pub fn to(target: &Target, limits: Limits) -> Self {
        Self { transport: Arc::clone(&target.transport), ..Self::new(target.is_https(), limits) }
    }

    /// Whether the endpoint speaks HTTP/2 and nothing else, as far as is known yet.
    pub fn speaks_only_http2(&self) -> bool {
        self.http2.get()
    }

    /// Sends one request, its target below a base URL, and reads the answer within the limits.
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
        let mut response = match self.call(base, authorization, request).await? {
            Ok(response) => response,
            Err(error) if self.https && !self.http2.get() && refuses_version(&error) => {
                // Nothing of the request was sent yet.
                self.http2.set(true);
                self.call(base, authorization, request).await?.map_err(|error| classify(&error))?
            }
            Err(error) => return Err(classify(&error)),
        };
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let mut body: Vec<u8> = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
            if body.len() + chunk.len() > self.limits.max_body {
                return Err(TransportError::TooLarge(self.limits.max_body));
            }
            body.extend_from_slice(&chunk);
        }
        let body = String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(Response::new(status, headers, body))
    }

    async fn call(
        &self,
        base: &str,
        authorization: Option<&str>,
        request: &Request,
    ) -> Result<Result<reqwest::Response, reqwest::Error>, TransportError> {
        let client = self.client(request.header_value("accept-encoding").is_some())?;
        let url = self.url(base, &request.target)?;
        let mut call = reqwest::Request::new(method(request.method), url);
        *call.headers_mut() = headers(request, authorization)?;
        *call.body_mut() = request.body.clone().map(Into::into);
        Ok(client.execute(call).await)
    }

    /// The URL of a target below a base. The origin is read once: of all parts it takes longest.
    fn url(&self, base: &str, target: &str) -> Result<Url, TransportError> {
        let whole = || {
            Url::parse(&format!("{base}{target}"))
                .map_err(|error| TransportError::Broken(format!("`{target}` makes no URL ({error})")))
        };
        let Some((origin, path)) = split_origin(base).filter(|_| is_plain(target)) else { return whole() };
        let path = format!("{path}{target}");
        if !path.starts_with('/') {
            return whole();
        }
        let known =
            self.origin.borrow().as_ref().filter(|(text, _)| text == origin).map(|(_, url)| url.clone());
        let mut url = if let Some(url) = known {
            url
        } else {
            let Ok(url) = Url::parse(origin) else { return whole() };
            *self.origin.borrow_mut() = Some((origin.to_owned(), url.clone()));
            url
        };
        let (path, query) =
            path.split_once('?').map_or((path.as_str(), None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        Ok(url)
    }

    /// Decompression follows what the provider asks for: the library would ask for more than Entra does.
    fn client(&self, compressing: bool) -> Result<&reqwest::Client, TransportError> {
        let cell = &self.clients[usize::from(compressing) + 2 * usize::from(self.http2.get())];
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let client = self.build(compressing)?;
        Ok(cell.get_or_init(|| client))
    }

    #[expect(clippy::disallowed_methods, reason = "the one constructor")]
    fn build(&self, compressing: bool) -> Result<reqwest::Client, TransportError> {
        let mut builder = reqwest::Client::builder()
            .http1_title_case_headers()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .gzip(compressing)
            .deflate(compressing);
        // The providers send HTTP/1.1, headers spelt as they spell them. HTTP/2 is for whoever takes nothing else.
        builder = if self.http2.get() {
            builder.http2_max_header_list_size(MAX_HEADERS)
        } else {
            builder.http1_only()
        };
        if self.https {
            // Ignored where a provider is installed already: both are the same one.
            let _ = rustls::crypto::ring::default_provider().install_default();
        } else {
            builder = builder.tls_backend_preconfigured(no_tls()?);
        }
        builder = self.transport.apply(builder, self.https);
        builder.build().map_err(|error| TransportError::Tls(error.to_string()))
    }
}

/// A TLS configuration that trusts nobody, for targets that need none: loading roots is what costs time.
fn no_tls() -> Result<rustls::ClientConfig, TransportError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportError::Tls(error.to_string()))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth())
}

/// Scheme and authority of a base URL, and its path.
fn split_origin(base: &str) -> Option<(&str, &str)> {
    if !is_plain(base) || base.contains('?') {
        return None;
    }
    let authority = base.find("://")? + 3;
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    Some(base.split_at(end))
}

/// Whether all of a text stands for itself in a URL, so that its parts can be read one by one.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#' && byte != b'\\')
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

fn headers(request: &Request, authorization: Option<&str>) -> Result<HeaderMap, TransportError> {
    let bad = |name: &str| TransportError::Broken(format!("`{name}` has a value that HTTP cannot carry"));
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
        headers.insert(reqwest::header::AUTHORIZATION, value);
    }
    Ok(headers)
}

/// The library's error in our words; the innermost cause says most.
fn classify(error: &reqwest::Error) -> TransportError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let detail = cause.to_string();
    if error.is_timeout() {
        TransportError::Timeout(CONNECT_TIMEOUT)
    } else if error.is_connect() {
        if tls_error(error).is_some() { TransportError::Tls(detail) } else { TransportError::Connect(detail) }
    } else {
        TransportError::Broken(detail)
    }
}

/// Whether TLS was broken off because none of the versions of HTTP that were offered is spoken there (RFC 7301 §3.2).
fn refuses_version(error: &reqwest::Error) -> bool {
    use rustls::AlertDescription::NoApplicationProtocol;
    matches!(tls_error(error), Some(rustls::Error::AlertReceived(NoApplicationProtocol)))
}

/// What TLS has to say, where it is the cause.
fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut source = error.source();
    while let Some(mut cause) = source {
        // What an IO error wraps is no source of it.
        while let Some(inner) = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            cause = inner;
        }
        if let Some(found) = cause.downcast_ref() {
            return Some(found);
        }
        source = cause.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A target is sent to the byte, whatever stands in it, and never leads to another host.
        #[test]
        fn a_url_is_read_in_parts_as_it_is_read_whole(
            base in "(http|https|HTTP)://(127\\.0\\.0\\.1|Example\\.com|\\[::1\\]|a_b)(:80|:443|:8080)?(/[a-z%/.;@]{0,8})?(\\?x)?",
            targets in proptest::collection::vec("[/?]{0,2}([ -~\n\té]|%2[0-9A-F]|\\.\\./|//|@|:){0,16}", 1..4),
        ) {
            let client = HttpClient::new(false, Limits::default());
            for target in targets {
                let whole = Url::parse(&format!("{base}{target}")).ok();
                prop_assert_eq!(client.url(&base, &target).ok(), whole, "{} {}", base, target);
            }
        }
    }
}
