//! PATCH (RFC 7644 §3.5.2): every form that providers send, applied all or nothing.
//!
//! What each provider sends is in the fact sheets `entra` §4 and `okta-google-others` §2, §7, §10.

mod apply;
mod change;
mod request;
mod target;
mod values;

pub use request::{MAX_OPERATIONS, Op, Operation, PatchRequest};

pub(super) use values::{same_element, settle_primary, union};
