//! SCIM's schemas as JSON Schema (draft 2020-12), for tools that know no SCIM.
//!
//! Names stand in their canonical spelling, as answers have them; what no schema knows is allowed. `canonicalValues` are
//! the usual values and no others' end (RFC 7643 §7), so that they become examples.

use serde_json::{Map, Value, json};

use super as schema;
use super::{AttributeDef, AttributeType, Mutability, Returned};
use crate::scim::json::members::set;
use crate::scim::{ResourceKind, urn};

/// Which bodies a JSON Schema is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// What a client sends in a POST or PUT. Null says unassigned, and of what is read-only anything is ignored.
    Request,
    /// What an endpoint answers: it has what is always returned and never what is never.
    Answer,
}

/// The JSON Schema of a kind's resources.
pub fn resource(kind: ResourceKind, usage: Usage) -> Value {
    let attributes: Vec<&AttributeDef> =
        schema::common_attributes().iter().chain(schema::core_attributes(kind)).collect();
    let mut made = object(&attributes, usage);
    let mut schemas = json!({"type": "array", "items": {"type": "string"}});
    set(&mut schemas, "contains", json!({"const": kind.schema()}));
    if let Some(properties) = made.get_mut("properties") {
        set(properties, "schemas", schemas);
        if kind == ResourceKind::User {
            let extension: Vec<&AttributeDef> = schema::enterprise_attributes().iter().collect();
            set(properties, urn::ENTERPRISE_USER, nullable(object(&extension, usage), usage));
        }
    }
    let mut whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name(),
    });
    for (name, value) in made.as_object().into_iter().flatten() {
        set(&mut whole, name, value.clone());
    }
    whole
}

fn object(attributes: &[&AttributeDef], usage: Usage) -> Value {
    let properties: Map<String, Value> =
        attributes.iter().map(|def| (def.name.clone(), attribute(def, usage))).collect();
    let required: Vec<&str> = attributes
        .iter()
        .filter(|def| match usage {
            Usage::Request => def.required && def.mutability != Mutability::ReadOnly,
            Usage::Answer => def.required || def.returned == Returned::Always,
        })
        .map(|def| def.name.as_str())
        .collect();
    json!({"type": "object", "properties": properties, "required": required})
}

fn attribute(def: &AttributeDef, usage: Usage) -> Value {
    match usage {
        Usage::Request if def.mutability == Mutability::ReadOnly => return json!(true),
        Usage::Answer if def.returned == Returned::Never => return json!(false),
        Usage::Request | Usage::Answer => {}
    }
    let one = single(def, usage);
    // A required attribute is not unassigned by null.
    match (def.multi_valued, def.required) {
        (true, _) => nullable(json!({"type": "array", "items": one}), usage),
        (false, true) => one,
        (false, false) => nullable(one, usage),
    }
}

fn single(def: &AttributeDef, usage: Usage) -> Value {
    let mut made = match def.data_type {
        AttributeType::String => json!({"type": "string"}),
        AttributeType::Reference => json!({"type": "string", "format": "uri-reference"}),
        AttributeType::Boolean => json!({"type": "boolean"}),
        AttributeType::Decimal => json!({"type": "number"}),
        AttributeType::Integer => json!({"type": "integer"}),
        AttributeType::DateTime => json!({"type": "string", "format": "date-time"}),
        AttributeType::Binary => json!({"type": "string", "contentEncoding": "base64"}),
        AttributeType::Complex => {
            let subs: Vec<&AttributeDef> = def.sub_attributes.iter().collect();
            object(&subs, usage)
        }
    };
    if def.required && def.data_type == AttributeType::String {
        set(&mut made, "minLength", json!(1));
    }
    if !def.canonical_values.is_empty() {
        set(&mut made, "examples", json!(def.canonical_values));
    }
    made
}

/// The schema, which in a request takes null as well (RFC 7643 §2.5).
fn nullable(schema: Value, usage: Usage) -> Value {
    let mut schema = schema;
    if usage == Usage::Request
        && let Some(Value::String(name)) = schema.get("type").cloned()
    {
        set(&mut schema, "type", json!([name, "null"]));
    }
    schema
}

#[cfg(test)]
mod tests;
