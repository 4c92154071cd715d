//! The HTTP client: target, authentication, limits, waiting, transcript, redaction.
//!
//! The only room that knows `reqwest`. May use `scim`.
