//! Numbers with their nouns: `1 run`, `2 runs`. Messages that count use it.
//!
//! May use: no other room.

/// A number with its noun: `1 run`, `2 runs`. The noun is regular.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_singular_and_none_is_plural() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "run")), ["0 runs", "1 run", "2 runs"]);
    }
}
