//! Help for a name that does not exist: the name that was probably meant.

use crate::suggest::nearest;

/// The question whether a near name was meant.
pub(crate) fn did_you_mean(near: &str) -> String {
    format!("did you mean `{near}`?")
}

/// The known name that was probably meant, or else what to say instead.
pub(crate) fn nearest_or<'a>(
    wanted: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    nearest(wanted, known).map_or_else(|| otherwise.to_owned(), did_you_mean)
}

/// The known name that was probably meant, or all that there are.
pub(crate) fn nearest_or_all(wanted: &str, known: &[&str], none: &str) -> String {
    let otherwise = if known.is_empty() { none.to_owned() } else { format!("it has: {}", known.join(", ")) };
    nearest_or(wanted, known.iter().copied(), &otherwise)
}
