//! How a target is told who we are: one value of the `Authorization` header, fixed or fetched.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::secret::Secret;
use super::token::TokenSource;

/// The ways in that providers know (docs/providers/okta.md#authentication, docs/providers/entra.md#authentication).
#[derive(Debug, Clone, Default)]
pub enum Auth {
    /// None.
    #[default]
    Open,
    /// `Bearer` and a token that lasts.
    Bearer(Secret),
    /// The whole value of the header, as Okta's `Header` mode sends it.
    Raw(Secret),
    /// A user with a password (RFC 7617).
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
    /// `Bearer` and a token that is fetched, and fetched again before it expires or when it is refused.
    Fetched(Arc<TokenSource>),
}

impl Auth {
    /// The header's value, where it needs no fetching.
    pub fn fixed(&self) -> Option<String> {
        match self {
            Self::Open | Self::Fetched(_) => None,
            Self::Bearer(token) => Some(bearer(token)),
            Self::Raw(value) => Some(value.expose().to_owned()),
            Self::Basic { user, password } => Some(basic(user, password)),
        }
    }

    /// The way in, in a word or two, for people.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Open => "none",
            Self::Bearer(_) => "bearer token",
            Self::Raw(_) => "raw header",
            Self::Basic { .. } => "basic",
            Self::Fetched(source) => source.describe(),
        }
    }
}

/// A bearer token's header (RFC 6750 §2.1).
pub(in crate::wire) fn bearer(token: &Secret) -> String {
    format!("Bearer {}", token.expose())
}

/// A user's header (RFC 7617 §2).
pub(in crate::wire) fn basic(user: &str, password: &Secret) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose())))
}
