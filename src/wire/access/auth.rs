//! Authentication at the target: the value of the `Authorization` header, fixed or fetched.

use std::sync::Arc;

use super::header::basic;
use super::token::TokenSource;
use crate::wire::message::encode::query_plus;
use crate::wire::message::key::{Key, shortened};
use crate::wire::redact::Redactor;
use crate::wire::redact::secret::Secret;

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
    pub fn fixed(&self, key: Key) -> Option<String> {
        match self {
            Self::Open | Self::Fetched(_) => None,
            Self::Bearer(token) => key.header(token.expose()),
            Self::Raw(value) => Some(value.expose().to_owned()),
            Self::Basic { user, password } => Some(basic(user, password)),
        }
    }

    /// Whether it is a bearer token, which can be shown in other forms.
    pub fn is_bearer(&self) -> bool {
        matches!(self, Self::Bearer(_) | Self::Fetched(_))
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

    /// Has its secrets masked.
    pub(in crate::wire) fn mask(&self, redactor: &mut Redactor) {
        match self {
            Self::Open => {}
            Self::Bearer(token) => {
                redactor.add(token);
                redactor.add(&Secret::new(shortened(token.expose())));
            }
            Self::Raw(value) => {
                redactor.add(value);
                // The word before the token may be left out where somebody repeats it.
                if let Some((_, token)) = value.expose().split_once(' ') {
                    redactor.add(&Secret::new(token));
                }
            }
            Self::Basic { user, password } => redactor.add_pair(user, password),
            Self::Fetched(source) => {
                if let Some((user, secret)) = source.key() {
                    redactor.add_pair(user, secret);
                    redactor.add_pair(&query_plus(user), &Secret::new(&query_plus(secret.expose())));
                }
                redactor.follow(source.seen());
            }
        }
    }
}
