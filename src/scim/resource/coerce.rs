//! A client's value, made to fit its attribute: types checked, leniencies applied, names in their canonical spelling.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use super::attribute::boolean;
use crate::scim::json::Json;
use crate::scim::schema::{AttributeDef, AttributeType, Mutability};
use crate::scim::{Leniency, ScimError, ScimType};

/// How a client's value is taken.
#[derive(Clone, Copy)]
pub(in crate::scim) struct Coercion<'a> {
    pub(in crate::scim) leniency: &'a Leniency,
    /// Read-only sub-attributes are left out instead of refused.
    pub(in crate::scim) ignore_read_only: bool,
    /// Nulls in a complex single value are kept: in a PATCH they unassign the sub-attribute.
    pub(in crate::scim) keep_nulls: bool,
}

impl Coercion<'_> {
    /// The value for the attribute, null where it is unassigned. Without a definition the value stays as it is, but for nulls.
    ///
    /// A multi-valued attribute always gives an array.
    pub(in crate::scim) fn attribute(
        &self,
        definition: Option<&AttributeDef>,
        value: &Value,
    ) -> Result<Value, ScimError> {
        let Some(definition) = definition else {
            return Ok(self.unknown(value));
        };
        if fits(definition, value) {
            return Ok(value.clone());
        }
        match (definition.multi_valued, value) {
            (_, Value::Null) => Ok(Value::Null),
            (true, Value::Array(elements)) => self.elements(definition, elements),
            (true, single) => self.elements(definition, std::slice::from_ref(single)),
            (false, Value::Array(elements)) if self.leniency.array_for_single => match elements.as_slice() {
                [] => Ok(Value::Null),
                [only] => self.single(definition, only),
                _ => Err(misfit(definition, "takes one value, not several")),
            },
            (false, single) => self.single(definition, single),
        }
    }

    fn unknown(&self, value: &Value) -> Value {
        match value {
            Value::Object(object) if self.keep_nulls => {
                object.iter().map(|(name, value)| (name.clone(), without_nulls(value))).collect()
            }
            other => without_nulls(other),
        }
    }

    fn elements(&self, definition: &AttributeDef, elements: &[Value]) -> Result<Value, ScimError> {
        let mut fitting = Vec::with_capacity(elements.len());
        for element in elements {
            let element = self.single(definition, element)?;
            let empty = element.as_object().is_some_and(Map::is_empty);
            if !element.is_null() && !empty {
                fitting.push(element);
            }
        }
        Ok(Value::Array(fitting))
    }

    /// One value of the attribute.
    fn single(&self, definition: &AttributeDef, value: &Value) -> Result<Value, ScimError> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let fits = match definition.data_type {
            AttributeType::Complex => return self.complex(definition, value),
            AttributeType::Boolean => {
                return boolean(value, self.leniency)
                    .map(Value::Bool)
                    .ok_or_else(|| misfit(definition, "is a boolean"));
            }
            AttributeType::Decimal => value.is_number(),
            AttributeType::Integer => value.is_i64() || value.is_u64(),
            AttributeType::Binary if !value.as_str().is_some_and(is_base64) => {
                return Err(misfit(definition, "is not base64"));
            }
            AttributeType::Binary => true,
            AttributeType::String | AttributeType::DateTime | AttributeType::Reference => value.is_string(),
        };
        if fits { Ok(value.clone()) } else { Err(misfit(definition, "does not take a value of this type")) }
    }

    fn complex(&self, definition: &AttributeDef, value: &Value) -> Result<Value, ScimError> {
        let has_value = definition.sub("value").is_some();
        let unassigns = has_value && !definition.multi_valued && self.leniency.empty_value_unassigns;
        let object = match value {
            Value::Object(object) => self.sub_attributes(definition, object)?,
            Value::String(_) if has_value && self.leniency.complex_as_string => {
                Map::from_iter([("value".to_owned(), value.clone())])
            }
            _ => return Err(misfit(definition, "is a complex attribute")),
        };
        if unassigns && object.get("value").and_then(Value::as_str) == Some("") {
            return Ok(Value::Null);
        }
        Ok(Value::Object(object))
    }

    fn sub_attributes(
        &self,
        definition: &AttributeDef,
        object: &Map<String, Value>,
    ) -> Result<Map<String, Value>, ScimError> {
        let keep_nulls = self.keep_nulls && !definition.multi_valued;
        let mut fitting = Map::with_capacity(object.len());
        for (key, value) in object {
            let sub = definition.sub(key);
            if sub.is_none() && !self.leniency.unknown_attributes {
                return Err(misfit(definition, &format!("has no sub-attribute {key:?}")));
            }
            if sub.is_some_and(|sub| sub.mutability == Mutability::ReadOnly) {
                if self.ignore_read_only {
                    continue;
                }
                let detail = format!("\"{}.{key}\" is read-only", definition.name);
                return Err(ScimError::bad_request(ScimType::Mutability, detail));
            }
            let name = sub.map_or(key, |sub| &sub.name);
            let value = self.attribute(sub, value).map_err(|error| within(definition, error))?;
            if keep_nulls || !value.is_null() {
                fitting.insert(name.clone(), value);
            }
        }
        Ok(fitting)
    }
}

/// Whether the value is already what would be made of it, as nearly every provider's is: to see that costs less than to
/// make it. A false says nothing.
pub(in crate::scim) fn fits<J: Json>(definition: &AttributeDef, value: &J) -> bool {
    match value.elements() {
        Some(elements) => {
            definition.multi_valued && elements.iter().all(|element| fits_one(definition, element))
        }
        None => !definition.multi_valued && fits_one(definition, value),
    }
}

fn fits_one<J: Json>(definition: &AttributeDef, value: &J) -> bool {
    match definition.data_type {
        AttributeType::Complex => value.members().is_some_and(|members| {
            let mut members = members.peekable();
            members.peek().is_some() && members.all(|(name, value)| fits_sub(definition, name, value))
        }),
        AttributeType::Boolean => value.flag().is_some(),
        AttributeType::Binary => value.text().is_some_and(is_base64),
        AttributeType::String | AttributeType::DateTime | AttributeType::Reference => value.text().is_some(),
        AttributeType::Decimal | AttributeType::Integer => false,
    }
}

fn fits_sub<J: Json>(definition: &AttributeDef, name: &str, value: &J) -> bool {
    let fits_it =
        |sub: &AttributeDef| sub.name == name && sub.mutability != Mutability::ReadOnly && fits(sub, value);
    // An empty `value` may unassign the whole.
    definition.sub(name).is_some_and(fits_it) && !(name == "value" && value.text() == Some(""))
}

/// Whether the text is base64 (RFC 7643 §2.3.6).
fn is_base64(text: &str) -> bool {
    BASE64_STANDARD.decode(text).is_ok()
}

/// The value without what is null in it: null says unassigned (RFC 7643 §2.5).
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().filter(|value| !value.is_null()).map(without_nulls).collect(),
        Value::Object(object) => object
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        other => other.clone(),
    }
}

fn misfit(definition: &AttributeDef, why: &str) -> ScimError {
    let detail = format!("\"{}\" {why}", definition.name);
    ScimError::bad_request(ScimType::InvalidValue, detail)
}

/// The error of a sub-attribute, which says of what it is one.
fn within(definition: &AttributeDef, mut error: ScimError) -> ScimError {
    if let Some(rest) = error.detail.strip_prefix('"') {
        error.detail = format!("\"{}.{rest}", definition.name);
    }
    error
}
