//! Why a text is no path, neither of an attribute nor of a PATCH operation.

use std::ops::Range;

use super::{ScimError, ScimType};

/// Why a text is no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at byte {})", span.start)]
pub struct PathError {
    /// The bytes that are wrong.
    pub span: Range<usize>,
    /// What is wrong with them.
    pub message: String,
    /// Whether they are part of the filter between the brackets.
    pub in_filter: bool,
}

impl PathError {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), in_filter: false }
    }
}

impl From<PathError> for ScimError {
    /// `invalidPath`, or `invalidFilter` where the brackets hold what is wrong (RFC 7644 table 9 names both for PATCH).
    fn from(error: PathError) -> Self {
        let scim_type = if error.in_filter { ScimType::InvalidFilter } else { ScimType::InvalidPath };
        Self::bad_request(scim_type, error.to_string())
    }
}
