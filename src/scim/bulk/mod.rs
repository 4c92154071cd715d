//! Bulk requests (RFC 7644 §3.7): many operations in one, which may refer to each other's resources by `bulkId`.
//!
//! [`BulkRequest::parse`] reads the body, [`BulkRun`] says which request comes next and takes its outcome, and makes the
//! answer of all of them. It does no IO: the endpoint carries the requests out by the code that serves them one by one.

mod plan;
mod reference;
mod request;
mod run;
mod split;

pub use request::{BulkLimits, BulkMethod, BulkOperation, BulkRequest, RefusedOperation};
pub use run::{BulkCall, BulkDone, BulkRun};
