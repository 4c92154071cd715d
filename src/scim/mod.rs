//! The protocol's vocabulary: resources, filter, path, PATCH, lists, errors, discovery, bulk, paging (RFC 7643, RFC 7644, RFC 9865).
//!
//! Pure: no IO, no clock, nothing of the other rooms. Clients and the reference endpoint both use it.
//!
//! Resources stay [`serde_json::Value`]s: what a provider sends and what an endpoint answers is data to be judged, odd
//! spellings and all, and a typed resource would silently repair it.

pub mod attribute;
pub mod body;
pub mod bulk;
pub mod cursor;
pub mod discovery;
pub mod error;
pub mod etag;
pub mod filter;
pub mod json_schema;
pub mod kind;
pub mod leniency;
pub mod list;
pub mod patch;
pub mod path;
pub mod projection;
pub mod put;
pub mod query;
pub mod schema;
pub mod sort;
pub mod urn;

pub(crate) mod canonical;
mod coerce;
#[cfg(test)]
mod hostile_tests;
pub(crate) mod json;
#[cfg(test)]
mod keyword_tests;
mod message;
pub(crate) mod text;

pub use attribute::AttrPath;
pub use body::BodyReader;
pub use cursor::{Cursor, Pagination};
pub use error::{ScimError, ScimType};
pub use etag::{ETag, Preconditions};
pub use filter::{Filter, FilterError};
pub use kind::ResourceKind;
pub use leniency::Leniency;
pub use list::list_response;
pub use patch::{Op, Operation, PatchRequest};
pub use path::{Path, PathError};
pub use projection::Projection;
pub use query::{ListQuery, SortOrder};
pub use sort::Sorting;
