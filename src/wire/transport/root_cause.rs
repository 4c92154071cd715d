//! What a library says at the bottom: of all causes, the last one says most.

/// The text of an error's innermost cause.
pub(in crate::wire) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
