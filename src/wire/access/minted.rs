//! A token that was fetched.

use jiff::SignedDuration;

use crate::wire::redact::secret::Secret;

/// A fetched token.
#[derive(Debug, Clone)]
pub(in crate::wire) struct Token {
    /// The token.
    pub secret: Secret,
    /// How long it lasts, where that was said.
    pub lasts: Option<SignedDuration>,
}
