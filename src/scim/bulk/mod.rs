//! Bulk requests (RFC 7644 §3.7): many operations in one, which may refer to each other's resources by `bulkId`.
//! [`BulkRequest::parse`] reads the body; [`BulkRun`] says which request comes next, takes its outcome, and makes the
//! answer.
//!
//! May use, of `scim`: `attr_path`, `error`, `json`, `kind`, `leniency`, `message`, `schema`, `urn`.

mod plan;
mod reference;
mod request;
mod run;
mod split;

pub use request::{BulkLimits, BulkMethod, BulkOperation, BulkRequest, RefusedOperation};
pub use run::{BulkCall, BulkDone, BulkRun};
