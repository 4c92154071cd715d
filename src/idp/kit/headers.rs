//! Headers for providers whose headers are unknown.

use crate::wire::Request;

/// A request of a provider that has shown no `Accept` and has not been seen without one: any type, which says the same as no
/// header (RFC 9110 §12.5.1) and is what most HTTP libraries send.
pub(in crate::idp) fn accepts_anything(request: Request) -> Request {
    request.header("Accept", "*/*")
}
