//! References to other operations' resources: `bulkId:NAME` (RFC 7644 §3.7.2).
//!
//! A whole string is a reference if it begins so. Within a string one counts behind a slash or a quotation mark
//! (`/Users/bulkId:x`, `members[value eq "bulkId:x"]`), up to the next one, and only where the name is known.

use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

const PREFIX: &str = "bulkId:";

/// What may stand in a path as it is (RFC 3986 §2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The names that a text refers to, with the bytes where each reference stands.
pub(super) fn in_text(text: &str) -> Vec<(Range<usize>, &str)> {
    if let Some(name) = text.strip_prefix(PREFIX) {
        return vec![(0..text.len(), name)];
    }
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(PREFIX).map(|offset| from + offset) {
        let begin = at + PREFIX.len();
        let end = text[begin..].find(['/', '"', '?', '#']).map_or(text.len(), |offset| begin + offset);
        if text[..at].ends_with(['/', '"']) && end > begin {
            found.push((at..end, &text[begin..end]));
        }
        from = end;
    }
    found
}

/// Whether the text is a reference and nothing else, so that it can mean nothing else.
pub(super) fn is_whole(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// Every string in a value.
pub(super) fn strings<'a>(value: &'a Value, see: &mut dyn FnMut(&'a str)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(elements) => elements.iter().for_each(|element| strings(element, see)),
        Value::Object(members) => members.values().for_each(|member| strings(member, see)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text with each name that has an id replaced by it.
pub(super) fn replaced(text: &str, id_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut made = String::new();
    let mut copied = 0;
    for (span, name) in in_text(text) {
        if let Some(id) = id_of(name) {
            made.push_str(&text[copied..span.start]);
            made.push_str(&id);
            copied = span.end;
        }
    }
    (copied > 0).then(|| made + &text[copied..])
}

/// Puts ids in place of references, everywhere in a value.
pub(super) fn replace_in(value: &mut Value, id_of: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(made) = replaced(text, id_of) {
                *text = made;
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| replace_in(element, id_of)),
        Value::Object(members) => members.values_mut().for_each(|member| replace_in(member, id_of)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// An id as it stands in a path.
pub(super) fn segment(id: &str) -> String {
    utf8_percent_encode(id, SEGMENT).to_string()
}
