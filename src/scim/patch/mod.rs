//! PATCH (RFC 7644 §3.5.2) in every form that providers send. Operations are applied all or nothing.
//!
//! docs/providers says what each provider sends.
//!
//! May use, of `scim`: `attr_path`, `error`, `filter`, `json`, `kind`, `leniency`, `message`, `path`, `resource`,
//! `schema`, `urn`.

mod apply;
mod change;
mod request;
mod target;

pub use request::{MAX_OPERATIONS, Op, Operation, PatchRequest};
