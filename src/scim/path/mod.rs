//! The path of a PATCH operation (RFC 7644 §3.5.2, figure 7).

use std::fmt;

use super::filter::parse::Parser;
use super::{AttrPath, Filter, Leniency, PathError};

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
        let (attr, filter, sub) = Parser::new(text, leniency).path()?;
        Ok(Self { attr, filter, sub })
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

#[cfg(test)]
mod tests;
