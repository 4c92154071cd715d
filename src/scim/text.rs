//! JSON as text, put together piece by piece.

use serde::Serialize;

/// Adds a value.
pub(crate) fn push_json<T: Serialize + ?Sized>(text: &mut Vec<u8>, value: &T) {
    // Into memory, and of what is JSON, writing does not fail.
    let _ = serde_json::to_writer(text, value);
}
