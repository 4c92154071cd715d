//! Operations on a resource's attributes: finding, checking and coercing, storing, projecting. All of them work on JSON
//! values and what the schemas say about them.
//!
//! May use, of `scim`: `attr_path`, `case`, `error`, `json`, `kind`, `leniency`, `schema`, `urn`.

pub mod attribute;
pub(crate) mod canonical;
pub(crate) mod coerce;
pub mod projection;
pub mod put;
pub(crate) mod values;
