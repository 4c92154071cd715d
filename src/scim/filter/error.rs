//! Why a text is no filter.

use std::ops::Range;

use crate::scim::{PathError, ScimError, ScimType};

/// Why a text is no filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at byte {})", span.start)]
pub struct FilterError {
    /// The bytes that are wrong.
    pub span: Range<usize>,
    /// What is wrong with them.
    pub message: String,
}

impl FilterError {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }

    /// The error of a path that begins at the given byte of the filter.
    pub(crate) fn of_path(error: PathError, at: usize) -> Self {
        Self::new(error.span.start + at..error.span.end + at, error.message)
    }
}

impl From<FilterError> for ScimError {
    /// 400 `invalidFilter` (RFC 7644 §3.12).
    fn from(error: FilterError) -> Self {
        Self::bad_request(ScimType::InvalidFilter, error.to_string())
    }
}

impl From<FilterError> for PathError {
    fn from(error: FilterError) -> Self {
        Self { span: error.span, message: error.message, in_filter: true }
    }
}
