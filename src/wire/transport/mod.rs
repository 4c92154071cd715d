//! Connections to an endpoint: HTTP/1.1, HTTP/2, TLS and proxies. A request goes in, and one answer comes back within the
//! limits.
//!
//! May use, of `wire`: `intake`, `limits`, `message`, `redact`.

pub(crate) mod address;
pub mod client;
pub(crate) mod http1;
pub(crate) mod http2;
pub(crate) mod root_cause;
pub(crate) mod tls;
pub(crate) mod watched;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper_util::client::proxy::matcher::Matcher;
use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use url::Url;

use super::message::exchange::TransportError;
use super::redact::secret::Secret;
use address::Origin;
use tls::Identity;

/// The way to an endpoint.
#[derive(Clone, Default)]
pub struct Transport {
    ca: Vec<CertificateDer<'static>>,
    identity: Option<Arc<Identity>>,
    insecure: bool,
    proxies: Vec<Arc<Proxy>>,
    secrets: Vec<Secret>,
    /// Whether a kept connection was closed without a word.
    closes_silently: Arc<AtomicBool>,
}

/// A proxy, as the client takes it that goes through it, and what it takes.
struct Proxy {
    client: reqwest::Proxy,
    matcher: Matcher,
    is_https: bool,
}

impl fmt::Debug for Transport {
    /// Certificates and proxies may hold secrets, so only their number is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("ca", &self.ca.len())
            .field("identity", &self.identity.is_some())
            .field("insecure", &self.insecure)
            .field("proxies", &self.proxies.len())
            .finish_non_exhaustive()
    }
}

/// Which requests a proxy takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyFor {
    /// `http` targets.
    Http,
    /// `https` targets.
    Https,
    /// All.
    All,
}

/// Why a way cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TransportSetupError {
    /// There is it contains no certificate.
    #[error("it contains no PEM certificate")]
    NoCertificate,
    /// There is no certificate with its key in it.
    #[error("it is not a PEM certificate with its private key ({0})")]
    NoIdentity(String),
    /// The proxy's URL is none.
    #[error("it is not the URL of an HTTP proxy, such as http://proxy.example:3128")]
    NoProxy,
}

impl Transport {
    /// Trusts these PEM certificates too, beside those of the system.
    pub fn trust(&mut self, pem: &[u8]) -> Result<(), TransportSetupError> {
        let certificates = certificates(pem).map_err(|_| TransportSetupError::NoCertificate)?;
        if certificates.is_empty() {
            return Err(TransportSetupError::NoCertificate);
        }
        self.ca.extend(certificates);
        Ok(())
    }

    /// Shows this certificate to whoever asks for one (mutual TLS). The key's text is masked like a token.
    pub fn identify(&mut self, certificate: &str, key: &str) -> Result<(), TransportSetupError> {
        let pem = format!("{certificate}\n{key}\n");
        let broken = |error: &dyn fmt::Display| TransportSetupError::NoIdentity(error.to_string());
        let key_der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|error| broken(&error))?;
        let certificates = certificates(pem.as_bytes()).map_err(|error| broken(&error))?;
        if certificates.is_empty() {
            return Err(broken(&"it contains no certificate"));
        }
        self.identity = Some(Arc::new(Identity { certificates, key: key_der }));
        let lines: Vec<&str> = key
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with("-----"))
            .collect();
        self.secrets.push(Secret::new(&lines.concat()));
        self.secrets.extend(lines.iter().filter(|line| line.len() >= 16).map(|line| Secret::new(line)));
        Ok(())
    }

    /// Takes any certificate, from anybody. Whoever stands between sees everything.
    pub fn trust_anybody(&mut self) {
        self.insecure = true;
    }

    /// Whether any certificate is taken.
    pub fn is_insecure(&self) -> bool {
        self.insecure
    }

    /// Goes through a proxy, but for hosts in `except` (as in `NO_PROXY`). A password in the URL is masked.
    pub fn through(
        &mut self,
        url: &str,
        which: ProxyFor,
        except: Option<&str>,
    ) -> Result<(), TransportSetupError> {
        let parsed = Url::parse(url).map_err(|_| TransportSetupError::NoProxy)?;
        if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
            return Err(TransportSetupError::NoProxy);
        }
        if let Some(password) = parsed.password() {
            self.secrets.push(Secret::new(password));
            let plain = percent_encoding::percent_decode_str(password).decode_utf8_lossy();
            self.secrets.push(Secret::new(&plain));
        }
        let rules = Matcher::builder().no(except.unwrap_or_default());
        let (rules, client) = match which {
            ProxyFor::Http => (rules.http(url), reqwest::Proxy::http(url)),
            ProxyFor::Https => (rules.https(url), reqwest::Proxy::https(url)),
            ProxyFor::All => (rules.all(url), reqwest::Proxy::all(url)),
        };
        let client = client.map_err(|_| TransportSetupError::NoProxy)?;
        let client = client.no_proxy(except.and_then(reqwest::NoProxy::from_string));
        let is_https = parsed.scheme() == "https";
        self.proxies.push(Arc::new(Proxy { client, matcher: rules.build(), is_https }));
        Ok(())
    }

    /// Whether a proxy stands between.
    pub(super) fn is_proxied(&self, origin: &Origin) -> bool {
        !self.proxies.is_empty()
            && origin
                .uri()
                .is_ok_and(|uri| self.proxies.iter().any(|proxy| proxy.matcher.intercept(&uri).is_some()))
    }

    /// Notes that a kept connection was closed without a word (RFC 9112 §9.5).
    pub(super) fn note_silent_close(&self) {
        self.closes_silently.store(true, Ordering::Relaxed);
    }

    /// Whether that has happened.
    pub(super) fn closes_silently(&self) -> bool {
        self.closes_silently.load(Ordering::Relaxed)
    }

    /// The proxies, for a client that goes through them.
    pub(super) fn proxies(&self) -> impl Iterator<Item = reqwest::Proxy> {
        self.proxies.iter().map(|proxy| proxy.client.clone())
    }

    /// Whether TLS is needed to get to a proxy.
    pub(super) fn has_https_proxy(&self) -> bool {
        self.proxies.iter().any(|proxy| proxy.is_https)
    }

    /// What TLS is set up with, for a version of HTTP by its name in ALPN.
    pub(super) fn tls(&self, version: &[u8]) -> Result<ClientConfig, TransportError> {
        tls::config(&self.ca, self.identity.as_deref(), self.insecure, version)
    }

    /// What must be masked.
    pub(super) fn secrets(&self) -> &[Secret] {
        &self.secrets
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, rustls::pki_types::pem::Error> {
    CertificateDer::pem_slice_iter(pem).collect()
}
