//! Passwords in the bodies of requests and answers.

use serde_json::Value;

use super::masking::MASK;

/// A body that is no JSON: the rest of whatever follows the word is masked up to the next quote, comma or bracket.
pub(super) fn mask_broken(body: &str) -> String {
    let lower = body.to_ascii_lowercase();
    let mut masked = String::new();
    let mut from = 0;
    while let Some(found) = lower[from..].find("password") {
        let after = from + found + "password".len();
        masked.push_str(&body[from..after]);
        from = after;
        let rest = &body[after..];
        let value = rest.trim_start_matches(['"', '\'', ' ', ':', '=', '>', '\\']);
        if value.len() == rest.len() {
            continue;
        }
        let end = value.find(['"', '\'', ',', '}', '<', '&', '\n']).unwrap_or(value.len());
        masked.push_str(&rest[..rest.len() - value.len()]);
        if end > 0 {
            masked.push_str(MASK);
        }
        from = body.len() - value.len() + end;
    }
    masked.push_str(&body[from..]);
    masked
}

/// Masks `password` wherever it stands, also as the `path` of a PATCH operation. Tells whether it stood anywhere.
pub(super) fn mask_passwords(value: &mut Value) -> bool {
    match value {
        Value::Object(map) => {
            let is_operation = sets_password(map);
            let mut found = false;
            for (key, inner) in map.iter_mut() {
                if is_password(key, is_operation) {
                    *inner = Value::from(MASK);
                    found = true;
                } else {
                    found |= mask_passwords(inner);
                }
            }
            found
        }
        Value::Array(items) => items.iter_mut().fold(false, |found, item| mask_passwords(item) | found),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Tells what stands there.
pub(super) fn find_passwords(value: &Value, tell: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(map) => {
            let is_operation = sets_password(map);
            for (key, inner) in map {
                match inner.as_str() {
                    Some(password) if is_password(key, is_operation) => tell(password),
                    _ => find_passwords(inner, tell),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| find_passwords(item, tell)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn sets_password(operation: &serde_json::Map<String, Value>) -> bool {
    let path = operation.get("path").and_then(Value::as_str);
    path.is_some_and(|path| path.to_ascii_lowercase().ends_with("password"))
}

fn is_password(key: &str, is_operation: bool) -> bool {
    key.eq_ignore_ascii_case("password") || (is_operation && key.eq_ignore_ascii_case("value"))
}
