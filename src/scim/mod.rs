//! The protocol's vocabulary: resources, filter, path, PATCH, lists, errors, discovery, bulk, paging (RFC 7643, RFC 7644, RFC 9865).
//!
//! Pure: no IO, no clock, nothing of the other rooms. Clients and the reference endpoint both use it.
//!
//! Resources stay [`serde_json::Value`]s: what a provider sends and what an endpoint answers is data to be judged, odd
//! spellings and all, and a typed resource would silently repair it.

pub mod bulk;
pub mod discovery;
pub mod error;
pub mod etag;
pub mod filter;
pub mod kind;
pub mod list;
pub mod patch;
pub mod path;
pub mod resource;
pub mod schema;
#[cfg(test)]
mod tests;
pub mod urn;

pub mod json;
mod message;

pub use error::{ScimError, ScimType};
pub use etag::{ETag, Preconditions};
pub use filter::{Filter, FilterError};
pub use json::body::BodyReader;
pub use kind::ResourceKind;
pub use list::cursor::{Cursor, Pagination};
pub use list::list_response;
pub use list::query::{ListQuery, SortOrder};
pub use list::sort::Sorting;
pub use patch::{Op, Operation, PatchRequest};
pub use path::{Path, PathError};
pub use resource::attribute::AttrPath;
pub use resource::leniency::Leniency;
pub use resource::projection::Projection;
