//! What all messages of the protocol have in common (RFC 7644 §3.1).

use serde_json::Value;

use super::json::members::get;
use super::{ScimError, ScimType};

/// 400 `invalidSyntax` where `schemas` does not name the message.
pub(crate) fn check_schema(body: &Value, urn: &str) -> Result<(), ScimError> {
    let schemas = get(body, "schemas").and_then(Value::as_array);
    let mut named = schemas.into_iter().flatten().filter_map(Value::as_str);
    if named.any(|schema| schema.eq_ignore_ascii_case(urn)) {
        return Ok(());
    }
    let detail = format!("\"schemas\" has to name {urn}");
    Err(ScimError::bad_request(ScimType::InvalidSyntax, detail))
}
