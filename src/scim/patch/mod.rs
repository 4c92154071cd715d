//! PATCH (RFC 7644 §3.5.2): every form that providers send, applied all or nothing.
//!
//! What each provider sends is in the docs/providers/entra.md#the-two-dialects and docs/providers/okta.md and the other pages of docs/providers.

mod apply;
mod change;
mod request;
mod target;
mod values;

pub use request::{MAX_OPERATIONS, Op, Operation, PatchRequest};

pub(super) use values::{same_element, settle_primary, union};
