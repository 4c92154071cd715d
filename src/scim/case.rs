//! Texts that are the same but for their case.

/// Whether two texts differ in case at most, in any script.
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
        || (!(left.is_ascii() && right.is_ascii())
            && left.chars().flat_map(char::to_lowercase).eq(right.chars().flat_map(char::to_lowercase)))
}
