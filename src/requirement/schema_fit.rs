//! Whether a resource fits a schema of ours, without compiling it: nearly every resource does, and a compiler that is never
//! asked for costs neither time nor memory.

use serde_json::Value;

use super::resource_schema::is_date_time;

/// Whether a resource surely fits. Names have no case, and null says the same as nothing (RFC 7643 §2.1, §2.5). What is
/// required and what else a list must contain are other rules' matters.
pub(super) fn fits(value: &Value, schema: &Value) -> bool {
    let schema = match schema {
        Value::Bool(allowed) => return *allowed,
        Value::Object(schema) => schema,
        _ => return false,
    };
    let is_typed = match schema.get("type") {
        None => true,
        Some(Value::String(name)) => is_a(value, name),
        Some(_) => false,
    };
    is_typed
        && match value {
            Value::String(text) => {
                let is_dated = schema.get("format").and_then(Value::as_str) != Some("date-time");
                let is_long = schema.get("minLength").is_none() || !text.is_empty();
                is_long && (is_dated || is_date_time(text))
            }
            Value::Array(values) => {
                schema.get("items").is_none_or(|items| values.iter().all(|value| fits(value, items)))
            }
            Value::Object(object) => {
                let properties = schema.get("properties").and_then(Value::as_object);
                object.iter().filter(|(_, value)| !value.is_null()).all(|(name, value)| {
                    let known = properties.and_then(|properties| {
                        properties.get(name).or_else(|| {
                            let same = |known: &&String| known.eq_ignore_ascii_case(name);
                            properties.keys().find(same).and_then(|known| properties.get(known))
                        })
                    });
                    known.is_none_or(|schema| fits(value, schema))
                })
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
        }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
