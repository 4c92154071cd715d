//! Bodies as Python's `json.dumps` spells them: a blank after each comma and colon, and ASCII only.
//!
//! Source: docs/providers/authentik.md#spelling-of-bodies.

use std::io;

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

use crate::wire::message::body::Body;

/// A body in that spelling.
pub(super) fn body(value: Value) -> Body {
    let mut text = Vec::new();
    // Neither a value nor memory can fail to be written.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut text, Python));
    Body::spelled(value, String::from_utf8(text).unwrap_or_default())
}

/// Writes what Python's `json` writes otherwise than `serde_json`.
struct Python;

impl Formatter for Python {
    fn begin_array_value<W: io::Write + ?Sized>(&mut self, text: &mut W, is_first: bool) -> io::Result<()> {
        text.write_all(if is_first { b"" } else { b", " })
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, text: &mut W, is_first: bool) -> io::Result<()> {
        text.write_all(if is_first { b"" } else { b", " })
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, text: &mut W) -> io::Result<()> {
        text.write_all(b": ")
    }

    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, text: &mut W, part: &str) -> io::Result<()> {
        for character in part.chars() {
            if matches!(character, ' '..='~') {
                write!(text, "{character}")?;
                continue;
            }
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(text, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// What `CPython` 3 prints for the same.
    #[test]
    fn it_is_spelled_as_python_spells_it() {
        let value = json!({"a": [1, true, null, {}], "é": "O\u{2019}Hara \u{1f600}", "c": "\"\\\n\u{7f}/"});
        assert_eq!(
            &*body(value),
            r#"{"a": [1, true, null, {}], "\u00e9": "O\u2019Hara \ud83d\ude00", "c": "\"\\\n\u007f/"}"#
        );
    }

    proptest! {
        #[test]
        fn it_is_read_back_as_it_was(key in ".*", value in ".*") {
            let value = json!({key: [value, "", {}, []]});
            let read: Value = serde_json::from_str(&body(value.clone())).unwrap();
            prop_assert_eq!(read, value);
        }
    }
}
