//! TLS settings: trusted certificates and the client certificate.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::wire::message::exchange::TransportError;

/// A certificate, with those above it, and its key.
#[derive(Debug)]
pub(in crate::wire) struct Identity {
    pub(in crate::wire) certificates: Vec<CertificateDer<'static>>,
    pub(in crate::wire) key: PrivateKeyDer<'static>,
}

/// What TLS is set up with. Reading the system's certificates takes milliseconds.
pub(in crate::wire) fn config(
    trusted: &[CertificateDer<'static>],
    identity: Option<&Identity>,
    insecure: bool,
    version: &[u8],
) -> Result<ClientConfig, TransportError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = if insecure {
        Arc::new(Anybody(Arc::clone(&provider)))
    } else {
        let verifier = Verifier::new_with_extra_roots(trusted.iter().cloned(), Arc::clone(&provider));
        let verifier = verifier.map_err(|error| failed(&error))?;
        Arc::new(Named { verifier, trusted: trusted.to_vec() })
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match identity {
        Some(Identity { certificates, key }) => builder
            .with_client_auth_cert(certificates.clone(), key.clone_key())
            .map_err(|error| failed(&error))?,
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![version.to_vec()];
    Ok(config)
}

/// A configuration that trusts nobody, for what needs no TLS: reading certificates is what takes time.
pub(in crate::wire) fn none() -> Result<ClientConfig, TransportError> {
    Ok(ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}

fn failed(error: &Error) -> TransportError {
    TransportError::Tls(said(error))
}

/// An error of TLS in words that say what to do.
pub(in crate::wire) fn said(error: &Error) -> String {
    use rustls::CertificateError::{NotValidForName, NotValidForNameContext, UnknownIssuer};
    use rustls::InvalidMessage::InvalidContentType;
    match error {
        Error::InvalidMessage(InvalidContentType) => {
            "the endpoint does not speak TLS on this port: use http:// in its URL, or its port for https".to_owned()
        }
        Error::InvalidCertificate(UnknownIssuer) => {
            "nobody who is trusted has issued the endpoint's certificate".to_owned()
        }
        Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => {
            format!("the endpoint's certificate is for another name: {error}")
        }
        Error::InvalidCertificate(_) if is_authority(error) => {
            "the endpoint shows the certificate of an authority, which is trusted for it only if --ca names that very certificate".to_owned()
        }
        error => error.to_string(),
    }
}

/// Whether a certificate is refused only since it could issue others. `openssl req -x509` makes such ones for servers.
fn is_authority(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(CertificateError::Other(other)) if other.to_string().contains("CaUsedAsEndEntity"))
}

/// Trusts authorities, and an endpoint that shows a certificate that was named itself.
#[derive(Debug)]
struct Named {
    verifier: Verifier,
    trusted: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Named {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.verifier.verify_server_cert(shown, above, name, ocsp, now) {
            // Its dates were looked at before that, and its name was not.
            Err(error) if is_authority(&error) && self.trusted.iter().any(|named| named == shown) => {
                verify_server_name(&ParsedCertificate::try_from(shown)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, shown, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, shown, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// What TLS has to say, where it is the cause of an error.
pub(in crate::wire) fn cause<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Error> {
    let mut next = Some(error);
    while let Some(mut cause) = next {
        // What an IO error wraps is no source of it.
        while let Some(inner) = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            cause = inner;
        }
        if let Some(found) = cause.downcast_ref() {
            return Some(found);
        }
        next = cause.source();
    }
    None
}

/// Whether TLS was broken off because none of the versions of HTTP that were offered is spoken there (RFC 7301 §3.2).
pub(in crate::wire) fn refuses_version(error: &(dyn std::error::Error + 'static)) -> bool {
    use rustls::AlertDescription::NoApplicationProtocol;
    matches!(cause(error), Some(Error::AlertReceived(NoApplicationProtocol)))
}

/// Takes any certificate from anybody.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    // Whoever trusts anybody gains nothing from a signature, and old certificates cannot be read for it.
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
