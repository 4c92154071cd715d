//! Filters (RFC 7644 §3.4.2.2): the grammar, the tree, and the evaluation of a resource. Comparisons follow what the
//! schemas say about each attribute.
//!
//! May use, of `scim`: `attr_path`, `case`, `error`, `json`, `kind`, `leniency`, `path_error`, `resource`, `schema`,
//! `urn`.

pub mod ast;
pub mod error;
pub mod eval;
pub(crate) mod instant;
pub mod parse;
mod print;

#[cfg(test)]
pub(crate) mod arbitrary;

pub use ast::{CompareOp, Filter, Literal};
pub use error::FilterError;
