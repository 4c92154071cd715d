//! Errors of the YAML reader, in the words of a person who writes a scenario.

use serde_saphyr::{Error, UserMessageFormatter};

use crate::diag::{At, Diagnostic, Source, in_plain_words};

use super::resolver::{Resolver, place};

/// The longest value that a label quotes.
const QUOTED: usize = 40;

/// Points at the place of an error.
pub(super) fn diagnostic(source: &Source, error: &Error) -> Diagnostic {
    let error = error.without_snippet();
    let at = error.location().map_or_else(At::default, place);
    let diagnostic = Diagnostic::new(source, at, message(error));
    match error {
        Error::Unexpected { expected: "sequence start", .. } => {
            diagnostic.label(format!("write a list: `[{}]`", value(source, at)))
        }
        Error::Unexpected { expected: "mapping start", .. } => diagnostic.label("write a map: `key: value`"),
        _ => diagnostic.help("`scimsnap schema` prints what a scenario may contain"),
    }
}

fn message(error: &Error) -> String {
    match error {
        Error::Unexpected { expected: "sequence start", .. } => "expected a list".to_owned(),
        Error::Unexpected { expected: "mapping start", .. } => "expected a map".to_owned(),
        Error::Unexpected { expected: "string scalar" | "scalar", .. } => {
            "expected a single value".to_owned()
        }
        Error::InvalidScalar { ty, .. } if is_integer(ty) => "expected a whole number".to_owned(),
        Error::InvalidBooleanStrict { .. } => "expected `true` or `false`".to_owned(),
        Error::NullIntoString { .. } => "the value is missing".to_owned(),
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("the key `{key}` appears twice"),
        Error::Budget { .. } => "the file has too many values".to_owned(),
        other => in_plain_words(&as_the_library_says(other)),
    }
}

/// The library's message without the place, which the excerpt shows.
fn as_the_library_says(error: &Error) -> String {
    let message = error.render_with_formatter(&UserMessageFormatter);
    let message = message.lines().next().unwrap_or_default();
    message.split(" at line ").next().unwrap_or(message).trim_end_matches('.').to_owned()
}

fn is_integer(ty: &str) -> bool {
    ty.strip_prefix(['u', 'i']).is_some_and(|bits| bits == "size" || bits.parse::<u8>().is_ok())
}

/// The value at a place, as far as it fits into a label.
fn value(source: &Source, at: At) -> String {
    let text = Resolver::new(source).text(at);
    let text = text.trim();
    if text.is_empty() || text.len() > QUOTED { "…".to_owned() } else { text.to_owned() }
}
