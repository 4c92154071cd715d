//! PATCH (RFC 7644 §3.5.2) in every form that providers send. Operations are applied all or nothing.
//!
//! What each provider sends is in the fact sheets `entra` §4 and `okta-google-others` §2, §7, §10.
//!
//! May use, of `scim`: `attr_path`, `error`, `filter`, `json`, `kind`, `leniency`, `message`, `path`, `resource`,
//! `schema`, `urn`.

mod apply;
mod change;
mod request;
mod target;

pub use request::{MAX_OPERATIONS, Op, Operation, PatchRequest};
