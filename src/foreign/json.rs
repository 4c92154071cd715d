//! Writes JSON with invisible characters escaped. A parser still gets the original value.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::character::Eye;
use super::command::{bracket_command, is_command};

/// A value as JSON on one line.
pub fn json(value: &(impl Serialize + ?Sized)) -> serde_json::Result<String> {
    write(value, CompactFormatter)
}

/// A value as JSON with a line for each of its members, indented by two.
pub fn json_pretty(value: &(impl Serialize + ?Sized)) -> serde_json::Result<String> {
    write(value, PrettyFormatter::new())
}

fn write(value: &(impl Serialize + ?Sized), inner: impl Formatter) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Escaping(inner)))?;
    // The serializer writes UTF-8 only.
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}

/// A basic string of TOML, which a double-quoted string of YAML is too: unlike in JSON, a character beyond the first
/// 65,536 has one escape.
pub(super) fn quoted(text: &str) -> String {
    let mut eye = Eye::default();
    let mut quoted = String::from("\"");
    for (at, character) in text.char_indices() {
        let is_seen = eye.sees(character) && !is_command(&text[at..]);
        // Writing to a `String` cannot fail.
        let _ = match (character, u32::from(character)) {
            ('"' | '\\', _) => write!(quoted, "\\{character}"),
            (_, _) if is_seen => write!(quoted, "{character}"),
            (_, code @ ..=0xffff) => write!(quoted, "\\u{code:04x}"),
            (_, code) => write!(quoted, "\\U{code:08x}"),
        };
    }
    quoted + "\""
}

/// Escapes more than JSON asks for, and leaves everything else to another formatter.
struct Escaping<F>(F);

/// Escapes of UTF-16, as JSON has them.
fn escape<W: ?Sized + io::Write>(writer: &mut W, character: char) -> io::Result<()> {
    character.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))
}

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = bracket_command(rest) {
            seen(writer, &rest[..at])?;
            escape(writer, '#')?;
            rest = &rest[at + 1..];
        }
        seen(writer, rest)
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_key(writer)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

/// Writes a fragment, and escapes what nobody sees in it.
fn seen<W: ?Sized + io::Write>(writer: &mut W, fragment: &str) -> io::Result<()> {
    if fragment.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return writer.write_all(fragment.as_bytes());
    }
    let mut eye = Eye::default();
    let mut written = 0;
    for (at, character) in fragment.char_indices() {
        if !eye.sees(character) {
            writer.write_all(&fragment.as_bytes()[written..at])?;
            escape(writer, character)?;
            written = at + character.len_utf8();
        }
    }
    writer.write_all(&fragment.as_bytes()[written..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json as value};

    use super::*;

    #[test]
    fn nothing_hides_in_the_text() {
        let hidden = "a\u{1b}\u{7f}\u{9b}\u{202e}\u{200b}\u{e0041}##vso[x]é👍";
        let text = json(&value!({ hidden: [hidden] })).unwrap();
        let escaped = r"a\u001b\u007f\u009b\u202e\u200b\udb40\udc41\u0023#vso[x]é👍";
        assert_eq!(text, format!(r#"{{"{escaped}":["{escaped}"]}}"#));
    }

    #[test]
    fn ordinary_values_are_written_as_ever() {
        let all = value!({"a": [1, -2.5, true, null, "é \" \\ \n"], "b": {}, "c": [], "d": {"e": [[]]}});
        assert_eq!(json(&all).unwrap(), all.to_string());
        assert_eq!(json_pretty(&all).unwrap(), serde_json::to_string_pretty(&all).unwrap());
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "\\PC{0,20}|[\0-\u{10ffff}]{0,20}|(##[a-z]*\\[|\u{200b}|\\\\){0,8}") {
            let written = json_pretty(&text).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), Value::from(text.as_str()));
            let quoted = quoted(&text);
            let read: toml::Table = toml::from_str(&format!("a = {quoted}")).unwrap();
            prop_assert_eq!(read["a"].as_str(), Some(text.as_str()));
            let mut eye = Eye::default();
            prop_assert!(quoted.chars().chain(written.chars()).all(|character| eye.sees(character) || character.is_ascii()));
        }
    }
}
