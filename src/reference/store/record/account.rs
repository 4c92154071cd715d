//! Account ids of customers.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// An account id, `qm:<site>:<24 hexadecimal digits>`. One of that form is kept in 28 bytes instead of its 64 letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct AccountId(Form);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Form {
    Packed { site: Uuid, number: [u8; 12] },
    Other(Box<str>),
}

impl From<&str> for AccountId {
    fn from(text: &str) -> Self {
        let packed = packed(text).map(Self).filter(|packed| packed.to_string() == text);
        packed.unwrap_or_else(|| Self(Form::Other(text.into())))
    }
}

fn packed(text: &str) -> Option<Form> {
    let (site, digits) = text.strip_prefix("qm:")?.rsplit_once(':')?;
    let mut number = [0; 12];
    for (place, byte) in number.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(Form::Packed { site: site.parse().ok()?, number })
}

impl AccountId {
    /// The id of the site's customer of that number.
    pub(crate) fn packed(site: Uuid, number: [u8; 12]) -> Self {
        Self(Form::Packed { site, number })
    }

    /// Does something with the id as text.
    pub(crate) fn with_text<T>(&self, with: impl FnOnce(&str) -> T) -> T {
        match &self.0 {
            Form::Packed { site, number } => {
                let mut text = [0; LENGTH];
                let (head, tail) = text.split_at_mut(LENGTH - 2 * number.len() - 1);
                let (start, id) = head.split_at_mut(3);
                start.copy_from_slice(b"qm:");
                site.hyphenated().encode_lower(id);
                let (colon, digits) = tail.split_at_mut(1);
                colon.copy_from_slice(b":");
                for (pair, byte) in digits.chunks_exact_mut(2).zip(number) {
                    pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
                }
                // All of it is ASCII.
                with(std::str::from_utf8(&text).unwrap_or_default())
            }
            Form::Other(text) => with(text),
        }
    }
}

/// How long the usual form is as text.
const LENGTH: usize = 3 + uuid::fmt::Hyphenated::LENGTH + 1 + 24;

fn digit(half: u8) -> u8 {
    if half < 10 { b'0' + half } else { b'a' + half - 10 }
}

impl fmt::Display for AccountId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_text(|text| out.write_str(text))
    }
}

impl Serialize for AccountId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountId, Form};

    #[test]
    fn whatever_the_form_the_text_is_kept() {
        let usual = "qm:7a0d3f52-0f1e-5c3b-9d4e-0123456789ab:0000002a0123456789abcdef";
        assert!(matches!(AccountId::from(usual).0, Form::Packed { .. }));
        for text in [usual, &usual.to_uppercase(), &format!("{usual}0"), "qm:site:00", "ada", "", "qm:é:é"]
        {
            assert_eq!(AccountId::from(text).to_string(), text);
        }
    }
}
