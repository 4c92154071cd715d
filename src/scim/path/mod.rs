//! The path of a PATCH operation (RFC 7644 §3.5.2, figure 7).

use std::fmt;
use std::ops::Range;

use super::filter::parse::Parser;
use super::{AttrPath, Filter, FilterError, Leniency, ScimError, ScimType};

/// Where a PATCH operation applies: an attribute, a sub-attribute, or the values of a multi-valued attribute that a filter selects.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The attribute; its sub-attribute is set for `name.givenName` and never together with a filter's.
    pub attr: AttrPath,
    /// The filter between the brackets.
    pub filter: Option<Filter>,
    /// The sub-attribute behind the brackets.
    pub sub: Option<String>,
}

impl Path {
    /// Parses a path: `userName`, `name.givenName`, `members[value eq "1"]`, `emails[type eq "work"].value`, `urn:…:User:department`.
    pub fn parse(text: &str, leniency: &Leniency) -> Result<Self, PathError> {
        Parser::new(text, leniency).path()
    }

    /// The path of a whole attribute.
    pub fn attribute(attr: AttrPath) -> Self {
        Self { attr, filter: None, sub: None }
    }

    /// The sub-attribute, wherever in the path it stands.
    pub fn sub_attribute(&self) -> Option<&str> {
        self.sub.as_deref().or(self.attr.sub.as_deref())
    }

    /// Whether the path leads to a group's members, all or some.
    pub fn is_members(&self) -> bool {
        self.attr.parent().is("members")
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.attr)?;
        if let Some(filter) = &self.filter {
            write!(f, "[{filter}]")?;
        }
        if let Some(sub) = &self.sub {
            write!(f, ".{sub}")?;
        }
        Ok(())
    }
}

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

impl From<FilterError> for PathError {
    fn from(error: FilterError) -> Self {
        Self { span: error.span, message: error.message, in_filter: true }
    }
}

impl From<PathError> for ScimError {
    /// `invalidPath`, or `invalidFilter` where the brackets hold what is wrong (RFC 7644 table 9 names both for PATCH).
    fn from(error: PathError) -> Self {
        let scim_type = if error.in_filter { ScimType::InvalidFilter } else { ScimType::InvalidPath };
        Self::bad_request(scim_type, error.to_string())
    }
}

#[cfg(test)]
mod tests;
