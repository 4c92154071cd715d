//! JSON bodies, read strictly: bounded in depth, of one value, in UTF-8, and where it is wanted with every name once.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Borrowed, Json as _};
use crate::scim::{ScimError, ScimType};

/// How deep a body may nest, where nothing else is said: a SCIM resource needs five levels, a bulk request of them eight.
pub const MAX_DEPTH: usize = 64;

/// The deepest nesting that can be allowed; the JSON reader itself goes no deeper.
pub const DEEPEST: usize = 120;

/// What a reader takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyReader {
    /// How deep arrays and objects may nest, up to [`DEEPEST`].
    pub max_depth: usize,
    /// Whether a name may be given twice in one object, in which case the last one counts. Names differ by more than case
    /// (RFC 7643 §2.1), so `userName` and `username` are the same.
    pub duplicate_names: bool,
}

impl Default for BodyReader {
    /// Depth of [`MAX_DEPTH`], and every name once: which of two values counts is what a proxy and the endpoint behind it
    /// may disagree on (RFC 8259 §4).
    fn default() -> Self {
        Self { max_depth: MAX_DEPTH, duplicate_names: false }
    }
}

impl BodyReader {
    /// Reads a whole body.
    ///
    /// 400 `invalidSyntax` where it is empty, no JSON, not in UTF-8, nested too deep, followed by something else, has a
    /// number that no double can hold or a name twice. The detail says where, and quotes names only.
    pub fn read(&self, bytes: &[u8]) -> Result<Value, ScimError> {
        if bytes.is_empty() {
            return Err(syntax("the body is empty"));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| syntax(format!("the body is not UTF-8, at byte {}", error.valid_up_to())))?;
        let mut json = serde_json::Deserializer::from_str(text);
        let depth = self.max_depth.min(DEEPEST);
        let value = Node { depth, limits: self }.deserialize(&mut json).and_then(|value| {
            json.end()?;
            Ok(value)
        });
        value.map_err(|error| syntax(format!("the body is not valid JSON: {error}")))
    }

    /// The same value in its text, with every name once. None where [`read`](Self::read) has an error, and where it costs
    /// more than a look to know that it has none.
    pub(crate) fn read_borrowed<'a>(&self, bytes: &'a [u8]) -> Option<Borrowed<'a>> {
        let text = std::str::from_utf8(bytes).ok()?;
        let value: Borrowed<'_> = serde_json::from_str(text).ok()?;
        is_strict(&value, self.max_depth.min(DEEPEST)).then_some(value)
    }
}

/// Whether every name is given once, and nothing nests deeper than `depth`. Of an object with many members that is not said.
fn is_strict(value: &Borrowed<'_>, depth: usize) -> bool {
    let Some(inside) = depth.checked_sub(1) else {
        return value.elements().is_none() && value.members().is_none();
    };
    if let Some(object) = value.as_object() {
        let members = object.as_vec();
        let is_new = |place: usize, name: &str| {
            members.iter().take(place).all(|(given, _)| !given.eq_ignore_ascii_case(name))
        };
        return members.len() <= FEW
            && members.iter().enumerate().all(|(place, (name, _))| is_new(place, name))
            && members.iter().all(|(_, value)| is_strict(value, inside));
    }
    value.elements().unwrap_or_default().iter().all(|element| is_strict(element, inside))
}

fn syntax(detail: impl Into<String>) -> ScimError {
    ScimError::bad_request(ScimType::InvalidSyntax, detail)
}

/// A value that may nest so many levels deeper.
#[derive(Clone, Copy)]
struct Node<'a> {
    depth: usize,
    limits: &'a BodyReader,
}

impl Node<'_> {
    fn inside<E: Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(E::custom(format!("nested deeper than {}", self.limits.max_depth.min(DEEPEST)))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(inside)? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        // The outermost object is a resource, and those have about so many members; others have a few.
        let is_outermost = inside.depth + 1 == self.limits.max_depth.min(DEEPEST);
        let usual = if is_outermost { 16 } else { 4 };
        let mut object = Map::new();
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.is_empty() {
                object = Map::with_capacity(usual);
            }
            if !self.limits.duplicate_names && is_given(&object, &mut names, &name) {
                return Err(A::Error::custom(format!("the key {:?} appears twice", shortened(&name))));
            }
            let value = members.next_value_seed(inside)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// Up to so many members of an object are compared one by one.
const FEW: usize = 24;

/// Whether the object has a member of that name, in any case. `names` are those of an object with many members.
fn is_given(object: &Map<String, Value>, names: &mut BTreeSet<String>, name: &str) -> bool {
    if object.len() < FEW {
        return object.keys().any(|given| given.eq_ignore_ascii_case(name));
    }
    if names.is_empty() {
        names.extend(object.keys().map(|given| given.to_ascii_lowercase()));
    }
    !names.insert(name.to_ascii_lowercase())
}

/// A name may be as long as the whole body, and a message should not.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 64;
    match name.char_indices().nth(LONGEST) {
        None => name.to_owned(),
        Some((end, _)) => format!("{}…", &name[..end]),
    }
}

#[cfg(test)]
mod tests;
