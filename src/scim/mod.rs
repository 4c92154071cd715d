//! The protocol's vocabulary: resources, filters, paths, PATCH, lists, errors, discovery, bulk and paging (RFC 7643, RFC
//! 7644, RFC 9865). It does no IO and has no clock, and both sides use it: clients and the reference endpoint.
//!
//! Resources stay [`serde_json::Value`]s: what a provider sends and what an endpoint answers is data to be judged, odd
//! spellings and all, and a typed resource would silently repair it.
//!
//! May use: no other room.

pub mod attr_path;
pub mod bulk;
mod case;
pub mod discovery;
pub mod error;
pub mod etag;
pub mod filter;
pub mod kind;
pub mod leniency;
pub mod list;
pub mod patch;
pub mod path;
mod path_error;
pub mod resource;
pub mod schema;
#[cfg(test)]
mod tests;
pub mod urn;

pub mod json;
mod message;

pub use attr_path::AttrPath;
pub use error::{ScimError, ScimType};
pub use etag::{ETag, Preconditions};
pub use filter::{Filter, FilterError};
pub use json::body::BodyReader;
pub use kind::ResourceKind;
pub use leniency::Leniency;
pub use list::cursor::{Cursor, Pagination};
pub use list::list_response;
pub use list::query::{ListQuery, SortOrder};
pub use list::sort::Sorting;
pub use patch::{Op, Operation, PatchRequest};
pub use path::Path;
pub use path_error::PathError;
pub use resource::projection::Projection;
