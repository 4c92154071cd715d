//! Account ids of customers.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// An account id, `qm:<site>:<24 hexadecimal digits>`. One of that form is kept in 28 bytes instead of its 64 letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountId(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
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

impl fmt::Display for AccountId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Packed { site, number } => {
                write!(out, "qm:{site}:")?;
                number.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
            }
            Form::Other(text) => out.write_str(text),
        }
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
