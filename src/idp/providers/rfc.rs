//! A client that stands for no provider: it sends the literal requests of a scenario, with headers that RFC 7644 asks for,
//! and nothing by itself. What goes wrong with it is said of the endpoint, and of no provider's readiness.
//!
//! Source: RFC 7644 §3.1, §8.1.

use crate::directory::Event;

use crate::idp::idp_client::IdpClient;
use crate::idp::notices::Notices;
use crate::idp::row::Knowledge;
use crate::idp::{Broken, Links, Session};

const MEDIA_TYPE: &str = "application/scim+json";

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "stands for no provider: sends the literal requests of the scenarios in `rfc`, for what RFC 7643, RFC 7644 and RFC 9865 ask for",
    unknown: "nothing: it has no behaviour of its own",
};

/// Why it expresses no event.
pub(in crate::idp) const NO_EVENTS: &str = "it is no provider, and sends literal requests only";

/// The headers of a request, with or without a body.
pub(in crate::idp) fn headers(body: bool) -> Vec<(String, String)> {
    let mut headers =
        vec![("User-Agent".to_owned(), "scimsnap".to_owned()), ("Accept".to_owned(), MEDIA_TYPE.to_owned())];
    headers.extend(body.then(|| ("Content-Type".to_owned(), MEDIA_TYPE.to_owned())));
    headers
}

/// The client.
#[derive(Debug, Default)]
pub struct Rfc {
    links: Links,
    notices: Notices,
}

impl IdpClient for Rfc {
    fn links(&self) -> &Links {
        &self.links
    }

    fn links_mut(&mut self) -> &mut Links {
        &mut self.links
    }

    fn notices(&mut self) -> &mut Notices {
        &mut self.notices
    }

    async fn perform(&mut self, _events: &[Event], _session: &Session<'_>) -> Result<(), Broken> {
        Ok(())
    }
}
