//! Bodies of POST and PUT (RFC 7644 §3.3, §3.5.1).

use serde_json::{Map, Value, json};

use super::attribute::{get, remove, set};
use super::coerce::Coercion;
use super::values::{same_element, settle_primary, union};
use crate::scim::json::Json;
use crate::scim::schema;
use crate::scim::schema::{AttributeDef, Mutability};
use crate::scim::{Leniency, ResourceKind, ScimError, ScimType, urn};

/// What a POST's body says, ready to be stored: read-only attributes (`id`, `meta`, `groups`) are ignored, nulls and
/// empty arrays are unassigned, names and types are canonical, and `schemas` lists what is used. A schema that the kind has
/// not is left out of the list: Google names those of SCIM 1.1 besides.
///
/// 400 `invalidSyntax` where the body is no object or has attributes that are refused, `invalidValue` where a value does
/// not fit or a required one is missing.
pub fn create(kind: ResourceKind, body: &Value, leniency: &Leniency) -> Result<Value, ScimError> {
    let Value::Object(body) = body else {
        let detail = "the body is not a JSON object";
        return Err(ScimError::bad_request(ScimType::InvalidSyntax, detail));
    };
    create_of(kind, body.iter().map(|(name, value)| (name.as_str(), value)), leniency)
}

/// What [`create`] makes of a body with these members.
pub(crate) fn create_of<'a>(
    kind: ResourceKind,
    members: impl IntoIterator<Item = (&'a str, &'a Value)>,
    leniency: &Leniency,
) -> Result<Value, ScimError> {
    let resource = Body { kind, leniency }.read(members)?;
    check_required(kind, |name| get(&resource, name))?;
    Ok(resource)
}

/// The resource that a PUT leaves behind: what the body says, and of the current resource only what clients cannot write
/// or read (read-only attributes, the password) and the immutable parts of values that stay.
///
/// Errors are those of [`create`].
pub fn replace(
    kind: ResourceKind,
    current: &Value,
    body: &Value,
    leniency: &Leniency,
) -> Result<Value, ScimError> {
    Ok(in_place_of(kind, current, create(kind, body, leniency)?))
}

/// What [`replace`] leaves behind of a body that [`create`] has read.
pub(crate) fn in_place_of(kind: ResourceKind, current: &Value, mut resource: Value) -> Value {
    for definition in schema::common_attributes().iter().chain(schema::core_attributes(kind)) {
        let name = &definition.name;
        let Some(was) = get(current, name) else {
            continue;
        };
        match definition.mutability {
            Mutability::ReadOnly | Mutability::Immutable => {
                set(&mut resource, name, was.clone());
            }
            Mutability::WriteOnly if get(&resource, name).is_none() => {
                set(&mut resource, name, was.clone());
            }
            _ => keep_immutable(definition, was, super::attribute::get_mut(&mut resource, name)),
        }
    }
    resource
}

/// In values that stay, what is immutable stays.
fn keep_immutable(definition: &AttributeDef, was: &Value, now: Option<&mut Value>) {
    let (Value::Array(was), Some(Value::Array(now))) = (was, now) else {
        return;
    };
    let immutable: Vec<&str> = definition
        .sub_attributes
        .iter()
        .filter(|sub| sub.mutability == Mutability::Immutable)
        .map(|sub| sub.name.as_str())
        .collect();
    if immutable.is_empty() {
        return;
    }
    for value in now {
        let same = was.iter().find(|each| same_element(Some(definition), each, value));
        for name in &immutable {
            if let Some(kept) = same.and_then(|same| get(same, name)) {
                set(value, name, kept.clone());
            }
        }
    }
}

/// `invalidValue` where a required attribute is missing.
pub(crate) fn check_required<'a, J: Json + 'a>(
    kind: ResourceKind,
    value_of: impl Fn(&str) -> Option<&'a J>,
) -> Result<(), ScimError> {
    let missing = schema::core_attributes(kind)
        .iter()
        .find(|definition| definition.required && value_of(&definition.name).is_none_or(J::says_nothing));
    match missing {
        None => Ok(()),
        Some(definition) => Err(ScimError::bad_request(
            ScimType::InvalidValue,
            format!("\"{}\" is required", definition.name),
        )),
    }
}

/// Whether a resource can list this in `schemas`: what its kind has and nothing else (RFC 7643 §3), unless what is unknown
/// is kept.
pub(in crate::scim) fn is_schema(kind: ResourceKind, named: &Value, leniency: &Leniency) -> bool {
    leniency.unknown_attributes || named.as_str().is_some_and(|urn| kind.has_schema(urn))
}

struct Body<'a> {
    kind: ResourceKind,
    leniency: &'a Leniency,
}

impl Body<'_> {
    fn read<'b>(&self, members: impl IntoIterator<Item = (&'b str, &'b Value)>) -> Result<Value, ScimError> {
        let mut resource = json!({ "schemas": [] });
        let mut schemas = vec![json!(self.kind.schema())];
        for (key, value) in members {
            if key.eq_ignore_ascii_case("schemas") {
                let definition = schema::top_level(self.kind, None, "schemas");
                if let Value::Array(mut named) = self.coercion().attribute(definition, value)? {
                    named.retain(|named| is_schema(self.kind, named, self.leniency));
                    union(definition, &mut schemas, named);
                }
                continue;
            }
            let nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            match value {
                _ if nothing => {}
                Value::Object(attributes) if self.is_extension(key) => {
                    for (name, value) in attributes {
                        self.attribute(Some(key), name, value, &mut resource)?;
                    }
                }
                _ if self.kind == ResourceKind::User && key.eq_ignore_ascii_case(urn::ENTERPRISE_USER) => {
                    let detail = format!("the extension {key} needs an object as its value");
                    return Err(ScimError::bad_request(ScimType::InvalidValue, detail));
                }
                _ => {
                    let extension = schema::extension_of(key)
                        .filter(|_| self.kind == ResourceKind::User && self.leniency.unqualified_extension);
                    self.attribute(extension, key, value, &mut resource)?;
                }
            }
        }
        let used = resource.as_object().into_iter().flat_map(Map::keys);
        let extensions = used.filter(|key| urn::is_urn(key)).map(|key| json!(key)).collect();
        union(None, &mut schemas, extensions);
        set(&mut resource, "schemas", Value::Array(schemas));
        Ok(resource)
    }

    fn is_extension(&self, key: &str) -> bool {
        let known = self.kind == ResourceKind::User && key.eq_ignore_ascii_case(urn::ENTERPRISE_USER);
        known || (urn::is_urn(key) && self.leniency.unknown_attributes)
    }

    /// One attribute, put where it belongs.
    fn attribute(
        &self,
        extension: Option<&str>,
        name: &str,
        value: &Value,
        resource: &mut Value,
    ) -> Result<(), ScimError> {
        let unqualified = extension.is_none() && schema::extension_of(name).is_some();
        let definition = schema::top_level(self.kind, extension, name).filter(|_| !unqualified);
        let Some(definition) = definition else {
            if !self.leniency.unknown_attributes {
                let detail = format!("{name:?} is not an attribute of a {}", self.kind.name());
                return Err(ScimError::bad_request(ScimType::InvalidSyntax, detail));
            }
            let value = self.coercion().attribute(None, value)?;
            if !value.is_null() {
                place(resource, extension, name, value);
            }
            return Ok(());
        };
        if definition.mutability == Mutability::ReadOnly {
            return Ok(());
        }
        let mut value = self.coercion().attribute(Some(definition), value)?;
        if let Value::Array(values) = &mut value {
            let mut distinct = Vec::with_capacity(values.len());
            let touched = union(Some(definition), &mut distinct, std::mem::take(values));
            settle_primary(&mut distinct, &touched);
            *values = distinct;
        }
        let empty = match &value {
            Value::Null => true,
            Value::Array(values) => values.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        if empty {
            // Of an attribute that is given twice in different case the last one counts.
            remove(resource, &definition.name);
        } else {
            place(resource, extension, &definition.name, value);
        }
        Ok(())
    }

    fn coercion(&self) -> Coercion<'_> {
        Coercion { leniency: self.leniency, ignore_read_only: true, keep_nulls: false }
    }
}

/// Sets the attribute in the resource or in its extension.
fn place(resource: &mut Value, extension: Option<&str>, name: &str, value: Value) {
    let Some(urn) = extension else {
        return set(resource, name, value);
    };
    if get(resource, urn).is_none() {
        set(resource, urn, json!({}));
    }
    if let Some(container) = super::attribute::get_mut(resource, urn) {
        set(container, name, value);
    }
}

#[cfg(test)]
mod tests;
