//! How much one resource may hold, so that no request keeps the others waiting.

use crate::scim::error::ScimError;
use crate::scim::json::Json;

/// The most values in a resource, each element and member counted, but for a group's members.
///
/// Comparing the values of an attribute with each other, and copying a resource for each operation of a PATCH, costs more
/// the more there are; a user as providers send it has about fifty.
const LIMIT: usize = 10_000;

/// 413 where these, and so many besides, are more values than a resource may hold.
pub(crate) fn check_size<'a, J: Json + 'a>(
    besides: usize,
    values: impl IntoIterator<Item = &'a J>,
) -> Result<(), ScimError> {
    if besides + values.into_iter().map(count).sum::<usize>() <= LIMIT {
        return Ok(());
    }
    Err(ScimError::payload_too_large(format!("a resource has no more than {LIMIT} values")))
}

/// Depth is no danger: it was bounded when the body was read.
fn count<J: Json>(value: &J) -> usize {
    let elements = value.elements().unwrap_or_default().iter().map(count).sum::<usize>();
    let members = value.members().map_or(0, |members| members.map(|(_, value)| count(value)).sum());
    1 + elements + members
}
