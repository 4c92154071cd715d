//! Attributes of a resource: looked up without case (RFC 7643 §2.1), named by paths (RFC 7644 §3.10).

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use crate::scim::json::Json as _;
use crate::scim::path::PathError;
use crate::scim::{Leniency, schema, urn};

/// An object of so many keys is searched from its beginning.
const FEW: usize = 24;

/// The attribute's value, whatever the case of its key. Of several spellings the exact one counts, then the first.
pub fn get<'a>(resource: &'a Value, name: &str) -> Option<&'a Value> {
    let object = resource.as_object()?;
    // A few keys are compared sooner than one is hashed.
    let exact = if object.len() <= FEW {
        object.iter().find_map(|(key, value)| (key == name).then_some(value))
    } else {
        object.get(name)
    };
    exact.or_else(|| object.iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value)))
}

/// The attribute's value, to change it in place.
pub fn get_mut<'a>(resource: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let object = resource.as_object_mut()?;
    let key = spelling(object, name)?;
    object.get_mut(&key)
}

/// Sets the attribute, and keeps the key's spelling where it is there already. Does nothing to what is no object.
pub fn set(resource: &mut Value, name: &str, value: Value) {
    if let Some(object) = resource.as_object_mut() {
        let key = spelling(object, name).unwrap_or_else(|| name.to_owned());
        object.insert(key, value);
    }
}

/// Removes the attribute in every spelling, and gives back the first value. The other keys keep their order.
pub fn remove(resource: &mut Value, name: &str) -> Option<Value> {
    let object = resource.as_object_mut()?;
    let mut first = None;
    while let Some(key) = spelling(object, name) {
        let value = object.shift_remove(&key);
        first = first.or(value);
    }
    first
}

/// The boolean that the value means: a JSON boolean, or, where that is allowed, `"True"` or `"false"` in any case.
pub fn boolean(value: &Value, leniency: &Leniency) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if leniency.string_booleans => boolean_word(text),
        _ => None,
    }
}

/// `true` or `false`, in any case.
pub(crate) fn boolean_word(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Whether the value says nothing: null, `""`, `[]`, `{}`, or only such (RFC 7643 §2.5, RFC 7644 §3.4.2.2 on `pr`).
pub fn is_unassigned(value: &Value) -> bool {
    value.says_nothing()
}

/// The key by which the attribute stands in the object.
fn spelling(object: &Map<String, Value>, name: &str) -> Option<String> {
    if object.contains_key(name) {
        return Some(name.to_owned());
    }
    object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned()
}

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

    /// The values that the path leads to. Multi-valued attributes give one each, so does a sub-attribute of theirs.
    pub fn resolve<'a>(&self, resource: &'a Value) -> Vec<&'a Value> {
        let Some(value) = self.locate(resource) else {
            return Vec::new();
        };
        let elements = fan_out(value);
        match &self.sub {
            None => elements,
            Some(sub) => {
                elements.into_iter().filter_map(|element| get(element, sub)).flat_map(fan_out).collect()
            }
        }
    }

    /// The attribute itself, as it stands in the resource.
    pub(crate) fn locate<'a>(&self, resource: &'a Value) -> Option<&'a Value> {
        match self.schema.as_deref() {
            Some(schema) if is_core(schema) => get(resource, &self.name),
            Some(schema) => match get(resource, schema) {
                Some(container) => get(container, &self.name),
                // An extension whose URN ends where it could not be told: the attribute is the container.
                None => get(resource, &format!("{schema}:{}", self.name)),
            },
            None if is_core(&self.name) => Some(resource),
            None => get(resource, &self.name).or_else(|| {
                let urn = schema::extension_of(&self.name)?;
                get(get(resource, urn)?, &self.name)
            }),
        }
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

fn fan_out(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(elements) => elements.iter().collect(),
        other => vec![other],
    }
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
