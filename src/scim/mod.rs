//! The protocol's vocabulary: resources, filters, paths, PATCH, lists, errors, discovery, bulk and paging (RFC 7643, RFC
//! 7644, RFC 9865). It does no IO and has no clock, and both sides use it: clients and the reference endpoint.
//!
//! Resources stay [`serde_json::Value`]s: what a provider sends and what an endpoint answers is data to be judged, odd
//! spellings and all, and a typed resource would silently repair it.
//!
//! May use: no other room.
//!
//! # Example
//!
//! A PATCH without a path, as Okta sends it, with a string for a boolean, as Entra sends it; and a filter on what it leaves:
//!
//! ```
//! use scimsnap::scim::resource::attribute::get;
//! use scimsnap::scim::{Filter, Leniency, PatchRequest, ResourceKind};
//! use serde_json::json;
//!
//! let mut user = json!({"id": "4f1", "userName": "ada@example.com", "active": true});
//! let body = json!({
//!     "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
//!     "Operations": [{"op": "replace", "value": {"active": "False"}}],
//! });
//!
//! let lenient = Leniency::all();
//! let patch = PatchRequest::parse(&body, &lenient)?;
//! assert!(patch.apply(ResourceKind::User, &mut user, &lenient)?, "the user has changed");
//! assert_eq!(get(&user, "active"), Some(&json!(false)));
//!
//! let filter = Filter::parse("userName eq \"ADA@example.com\" and active eq false", &lenient)?;
//! assert!(filter.matches(ResourceKind::User, &user), "userName has no case");
//!
//! // A strict endpoint takes no string for a boolean.
//! let strict = Leniency::none();
//! let refused = PatchRequest::parse(&body, &strict)
//!     .and_then(|patch| patch.apply(ResourceKind::User, &mut user, &strict));
//! assert_eq!(refused.unwrap_err().status, 400);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
