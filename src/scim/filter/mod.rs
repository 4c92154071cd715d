//! Filters (RFC 7644 §3.4.2.2): the whole grammar, evaluated by what the schemas say about each attribute.

pub mod ast;
pub mod error;
pub mod eval;
pub mod parse;
mod print;

#[cfg(test)]
pub(crate) mod arbitrary;

pub use ast::{CompareOp, Filter, Literal};
pub use error::FilterError;
