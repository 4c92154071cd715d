//! The names of attributes: `userName`, `name.givenName`, `urn:…:User:manager.value` (RFC 7644 §3.10).

use std::fmt;
use std::str::FromStr;

use super::path_error::PathError;
use super::{Leniency, urn};

/// The name of an attribute: `userName`, `name.givenName`, `urn:…:User:manager.value`.
///
/// The URN of a whole extension is a path as well (`urn:…:enterprise:2.0:User`): it stands in `name`, as the
/// extension's container is an attribute of the resource by that name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttrPath {
    /// The URN of the schema, where the path says one.
    pub schema: Option<String>,
    /// The attribute.
    pub name: String,
    /// The sub-attribute.
    pub sub: Option<String>,
}

impl AttrPath {
    /// The path of a core attribute.
    pub fn of(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into(), sub: None }
    }

    /// Parses a path, leniently: a dot behind the URN counts as a colon.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        Self::parse_with(text, &Leniency::all())
    }

    /// Parses a path. A URN contains colons and dots itself: where it ends is known for the schemas that are known, else
    /// it ends behind its version and resource name (`…:2.0:User`), else at the last colon.
    pub fn parse_with(text: &str, leniency: &Leniency) -> Result<Self, PathError> {
        let whole = 0..text.len();
        if !urn::is_urn(text) {
            return Self::split(None, text, 0);
        }
        let Some(end) = urn_end(text) else {
            return Err(PathError::new(whole, "this URN is not followed by an attribute"));
        };
        if end == text.len() {
            return Ok(Self::of(text));
        }
        if text.as_bytes()[end] == b'.' && !leniency.dot_after_urn {
            return Err(PathError::new(
                end..end + 1,
                "use a colon between the URN and the attribute, not a dot",
            ));
        }
        Self::split(Some(text[..end].to_owned()), &text[end + 1..], end + 1)
    }

    /// `name` or `name.sub`, which begins at the given byte of the path.
    fn split(schema: Option<String>, text: &str, at: usize) -> Result<Self, PathError> {
        let (name, sub) = match text.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (text, None),
        };
        check_name(name, at)?;
        if let Some(sub) = sub {
            check_name(sub, at + name.len() + 1)?;
        }
        Ok(Self { schema, name: name.to_owned(), sub: sub.map(str::to_owned) })
    }

    /// The same attribute without the sub-attribute.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self { sub: None, ..self.clone() }
    }

    /// Whether the path is the URN of a whole schema.
    pub fn is_container(&self) -> bool {
        self.schema.is_none() && urn::is_urn(&self.name)
    }

    /// Whether the path is this core attribute, in any case, with no sub-attribute.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
            && self.sub.is_none()
            && self.schema.as_deref().is_none_or(is_core)
    }
}

impl fmt::Display for AttrPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.name)?;
        if let Some(sub) = &self.sub {
            write!(f, ".{sub}")?;
        }
        Ok(())
    }
}

impl FromStr for AttrPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse(text)
    }
}

/// Whether the URN is a core schema's, whose attributes stand in the resource itself.
pub(crate) fn is_core(schema: &str) -> bool {
    schema.eq_ignore_ascii_case(urn::USER) || schema.eq_ignore_ascii_case(urn::GROUP)
}

/// The byte at which the URN of a path ends.
fn urn_end(text: &str) -> Option<usize> {
    let known = urn::RESOURCE_SCHEMAS
        .iter()
        .filter(|known| {
            text.get(..known.len()).is_some_and(|head| head.eq_ignore_ascii_case(known))
                && matches!(text.as_bytes().get(known.len()), None | Some(b':' | b'.'))
        })
        .map(|known| known.len())
        .max();
    known.or_else(|| versioned_end(text)).or_else(|| {
        let colon = text.rfind(':')?;
        let starts_name = text[colon + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '$');
        match colon {
            _ if !starts_name => Some(text.len()),
            0..=3 => None,
            _ => Some(colon),
        }
    })
}

/// The end of `…:2.0:User`: a version, then the resource's name, which begins with a capital.
fn versioned_end(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut versioned = false;
    for segment in text.split(':') {
        if versioned && segment.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Some(at + segment.find('.').unwrap_or(segment.len()));
        }
        versioned = segment.split_once('.').is_some_and(|(major, minor)| {
            [major, minor].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        });
        at += segment.len() + 1;
    }
    None
}

/// RFC 7643 §2.1: a letter, then letters, digits, `-` and `_`; `$ref` is the one exception.
fn check_name(name: &str, at: usize) -> Result<(), PathError> {
    let rest = name.strip_prefix('$').unwrap_or(name);
    let message = match rest.chars().next() {
        None => "the name of an attribute is missing here",
        Some(first) if !first.is_ascii_alphabetic() => "the name of an attribute begins with a letter",
        Some(_) if !rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) => {
            "the name of an attribute has only letters, digits, \"-\" and \"_\""
        }
        Some(_) => return Ok(()),
    };
    Err(PathError::new(at..at + name.len(), message))
}

#[cfg(test)]
mod tests;
