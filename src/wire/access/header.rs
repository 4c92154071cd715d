//! Values of the `Authorization` header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::wire::redact::secret::Secret;

/// A user's header (RFC 7617 §2).
pub(in crate::wire) fn basic(user: &str, password: &Secret) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose())))
}
