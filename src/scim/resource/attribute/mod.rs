//! Values of a resource's attributes, found by paths (RFC 7644 §3.10).

use serde_json::Value;

use crate::scim::attr_path::is_core;
use crate::scim::json::Json as _;
use crate::scim::{AttrPath, Leniency, schema};

pub use crate::scim::json::members::{get, get_mut, remove, set};

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

impl AttrPath {
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

fn fan_out(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(elements) => elements.iter().collect(),
        other => vec![other],
    }
}

#[cfg(test)]
mod tests;
