//! Network settings of a target: trusted certificates, client certificates, proxy.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::files::input;
use crate::wire::{ProxyFor, Transport, TransportSetupError};

/// What proxies from the environment never take: our own machine.
const NEVER: &str = "localhost,127.0.0.0/8,::1";

/// The way to a target below HTTP.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// PEM certificates that are trusted too.
    pub ca_file: Option<PathBuf>,
    /// The client's PEM certificate, with those above it.
    pub client_cert_file: Option<PathBuf>,
    /// The PEM key of the client's certificate; in the same file where it is left out.
    pub client_key_file: Option<PathBuf>,
    /// Whether any certificate is taken.
    pub insecure: bool,
    /// An HTTP proxy; `none` where those of the environment are not to be taken.
    pub proxy: Option<String>,
}

/// Why a way cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A file cannot be read.
    #[error("`{path}` cannot be read ({error})")]
    NoFile {
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// What was found cannot be used.
    #[error("`{what}` cannot be used: {error}")]
    Unusable {
        /// A file, a flag or a variable.
        what: String,
        /// Why.
        error: TransportSetupError,
    },
}

impl Network {
    /// Reads the files, and the proxies of the environment where none is named.
    pub fn open(&self, context: &Context) -> Result<Transport, NetworkError> {
        let mut transport = Transport::default();
        if let Some(path) = &self.ca_file {
            let pem = read(path, context)?;
            transport.trust(pem.as_bytes()).map_err(|error| unusable(path, error))?;
        }
        if let Some(path) = &self.client_cert_file {
            let certificate = read(path, context)?;
            let key = self.client_key_file.as_ref().map(|path| read(path, context)).transpose()?;
            // Without a file of its own, the key stands beside the certificate, and the whole is kept secret.
            let (certificate, key) = match key {
                Some(key) => (certificate, key),
                None => (String::new(), certificate),
            };
            transport.identify(&certificate, &key).map_err(|error| unusable(path, error))?;
        }
        if self.insecure {
            transport.trust_anybody();
        }
        match self.proxy.as_deref() {
            Some("none") => {}
            Some(url) => {
                let named = |error| NetworkError::Unusable { what: "proxy".to_owned(), error };
                transport.through(url, ProxyFor::All, None).map_err(named)?;
            }
            None => from_environment(&mut transport, context)?,
        }
        Ok(transport)
    }
}

/// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case, as curl and most others read them.
fn from_environment(transport: &mut Transport, context: &Context) -> Result<(), NetworkError> {
    let find = |name: &str| {
        let lower = name.to_ascii_lowercase();
        context
            .var(&lower)
            .map(|value| (lower, value))
            .or_else(|| Some((name.to_owned(), context.var(name)?)))
    };
    let except = find("NO_PROXY").map_or_else(|| NEVER.to_owned(), |(_, list)| format!("{list},{NEVER}"));
    let kinds =
        [("HTTPS_PROXY", ProxyFor::Https), ("HTTP_PROXY", ProxyFor::Http), ("ALL_PROXY", ProxyFor::All)];
    for (name, which) in kinds {
        if let Some((name, url)) = find(name) {
            let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
            transport
                .through(&url, which, Some(&except))
                .map_err(|error| NetworkError::Unusable { what: name, error })?;
        }
    }
    Ok(())
}

fn read(path: &Path, context: &Context) -> Result<String, NetworkError> {
    input::text_or_stream(&context.cwd.join(path), input::CERTIFICATES)
        .map_err(|error| NetworkError::NoFile { path: path.display().to_string(), error })
}

fn unusable(path: &Path, error: TransportSetupError) -> NetworkError {
    NetworkError::Unusable { what: path.display().to_string(), error }
}
