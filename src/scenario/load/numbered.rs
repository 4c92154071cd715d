//! People of a generator by their numbers.

use std::collections::BTreeMap;

/// What stands for the number of a person.
pub(super) const NUMBER: &str = "{n}";

/// How many people each generator of a file makes, by its name.
pub(super) type Crowds = BTreeMap<String, usize>;

/// The key of the person of that number.
pub(super) fn member(crowd: &str, number: usize) -> String {
    format!("{crowd}-{number}")
}

/// A text of the person of that number.
pub(super) fn numbered(text: &str, number: usize) -> String {
    text.replace(NUMBER, &number.to_string())
}
