//! How much one resource may hold, so that no request keeps the others waiting.

use serde_json::Value;

use crate::scim::error::ScimError;

/// The most values in a resource, each element and member counted, but for a group's members.
///
/// Comparing the values of an attribute with each other, and copying a resource for each operation of a PATCH, costs more
/// the more there are; a user as providers send it has about fifty.
const LIMIT: usize = 10_000;

/// 413 where there are more values than a resource may hold.
pub(crate) fn check_size<'a>(values: impl IntoIterator<Item = &'a Value>) -> Result<(), ScimError> {
    if values.into_iter().map(count).sum::<usize>() <= LIMIT {
        return Ok(());
    }
    Err(ScimError::payload_too_large(format!("a resource has no more than {LIMIT} values")))
}

/// Depth is no danger: it was bounded when the body was read.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}
