//! The way to an endpoint below HTTP: whom TLS trusts, the client's own certificate, a proxy.

use std::fmt;

use super::secret::Secret;

/// The way to an endpoint.
#[derive(Clone, Default)]
pub struct Transport {
    ca: Vec<reqwest::Certificate>,
    identity: Option<reqwest::Identity>,
    insecure: bool,
    proxies: Vec<reqwest::Proxy>,
    proxy_is_https: bool,
    secrets: Vec<Secret>,
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
    /// There is no certificate in it.
    #[error("it holds no PEM certificate")]
    NoCertificate,
    /// There is no certificate with its key in it.
    #[error("it is no PEM certificate with its private key ({0})")]
    NoIdentity(String),
    /// The proxy's URL is none.
    #[error("it is no URL of an HTTP proxy, such as http://proxy.example:3128")]
    NoProxy,
}

impl Transport {
    /// Trusts these PEM certificates too, beside those of the system.
    pub fn trust(&mut self, pem: &[u8]) -> Result<(), TransportSetupError> {
        let certificates =
            reqwest::Certificate::from_pem_bundle(pem).map_err(|_| TransportSetupError::NoCertificate)?;
        if certificates.is_empty() {
            return Err(TransportSetupError::NoCertificate);
        }
        self.ca.extend(certificates);
        Ok(())
    }

    /// Shows this certificate to whoever asks for one (mutual TLS). The key's text is masked like a token.
    pub fn identify(&mut self, certificate: &str, key: &str) -> Result<(), TransportSetupError> {
        let pem = format!("{certificate}\n{key}\n");
        let identity = reqwest::Identity::from_pem(pem.as_bytes());
        self.identity = Some(identity.map_err(|error| TransportSetupError::NoIdentity(innermost(&error)))?);
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
        let parsed = reqwest::Url::parse(url).map_err(|_| TransportSetupError::NoProxy)?;
        if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
            return Err(TransportSetupError::NoProxy);
        }
        if let Some(password) = parsed.password() {
            self.secrets.push(Secret::new(password));
            let plain = percent_encoding::percent_decode_str(password).decode_utf8_lossy();
            self.secrets.push(Secret::new(&plain));
        }
        let proxy = match which {
            ProxyFor::Http => reqwest::Proxy::http(url),
            ProxyFor::Https => reqwest::Proxy::https(url),
            ProxyFor::All => reqwest::Proxy::all(url),
        };
        let proxy = proxy.map_err(|_| TransportSetupError::NoProxy)?;
        self.proxies.push(proxy.no_proxy(except.and_then(reqwest::NoProxy::from_string)));
        self.proxy_is_https |= parsed.scheme() == "https";
        Ok(())
    }

    /// Whether TLS is needed to get to the proxy.
    pub(super) fn is_https(&self) -> bool {
        self.proxy_is_https
    }

    /// What must be masked.
    pub(super) fn secrets(&self) -> &[Secret] {
        &self.secrets
    }

    /// Sets a client up for this way.
    pub(super) fn apply(&self, mut builder: reqwest::ClientBuilder, https: bool) -> reqwest::ClientBuilder {
        for proxy in &self.proxies {
            builder = builder.proxy(proxy.clone());
        }
        if !https {
            return builder;
        }
        if !self.ca.is_empty() {
            builder = builder.tls_certs_merge(self.ca.clone());
        }
        if let Some(identity) = &self.identity {
            builder = builder.identity(identity.clone());
        }
        builder.tls_danger_accept_invalid_certs(self.insecure)
    }
}

/// What the library says at the bottom.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
