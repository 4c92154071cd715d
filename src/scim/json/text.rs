//! JSON as text, put together piece by piece, as `serde_json` writes it: a string that needs no escaping, as nearly all do,
//! is copied. A tenth of a creation is writing JSON, which `serde_json` does byte by byte.

use serde::Serialize;

use super::Json;

/// Adds a value.
pub(crate) fn push_value<J: Json>(text: &mut Vec<u8>, value: &J) {
    if let Some(string) = value.text() {
        push_string(text, string);
    } else if let Some(elements) = value.elements() {
        text.push(b'[');
        for (place, element) in elements.iter().enumerate() {
            if place > 0 {
                text.push(b',');
            }
            push_value(text, element);
        }
        text.push(b']');
    } else if let Some(members) = value.members() {
        text.push(b'{');
        for (place, (name, value)) in members.enumerate() {
            if place > 0 {
                text.push(b',');
            }
            push_string(text, name);
            text.push(b':');
            push_value(text, value);
        }
        text.push(b'}');
    } else {
        write(text, value);
    }
}

/// Adds a string, with its quotes.
pub(crate) fn push_string(text: &mut Vec<u8>, string: &str) {
    if needs_escaping(string) {
        return write(text, string);
    }
    text.reserve(string.len() + 2);
    text.push(b'"');
    text.extend(string.as_bytes());
    text.push(b'"');
}

/// Adds a whole number.
pub(crate) fn push_number(text: &mut Vec<u8>, number: usize) {
    write(text, &number);
}

fn write<T: Serialize + ?Sized>(text: &mut Vec<u8>, value: &T) {
    // Into memory, and of what is JSON, writing does not fail.
    let _ = serde_json::to_writer(text, value);
}

/// Eight bytes are looked at at a time; of a longer string the last eight, of which some have been seen.
fn needs_escaping(string: &str) -> bool {
    let bytes = string.as_bytes();
    let Some(last) = bytes.last_chunk::<8>() else {
        return bytes.iter().any(|byte| *byte < b' ' || matches!(byte, b'"' | b'\\'));
    };
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().chain([last]).fold(0, |any, word| any | escaped_in(u64::from_le_bytes(*word))) != 0
}

/// Not 0 where one of eight bytes needs escaping: subtracting borrows into the highest bit of a byte that is too small.
fn escaped_in(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, 0x20) | is(b'"') | is(b'\\')) & (ONES << 7)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{push_string, push_value};

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[ -~\\\\\"\n\u{7f}é]{0,40}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_text_is_that_of_serde_json(value in value()) {
            let mut out = Vec::new();
            push_value(&mut out, &value);
            prop_assert_eq!(String::from_utf8(out).unwrap(), value.to_string());
        }

        #[test]
        fn a_string_is_quoted_as_by_serde_json(text in "\\PC*|[\\x00-\\x7f]{0,40}") {
            let mut out = Vec::new();
            push_string(&mut out, &text);
            prop_assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }
}
