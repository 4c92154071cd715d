//! A resource's attributes as JSON text, from which an answer is put together without reading it.

use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::scim::attribute;
use crate::scim::text::{push_string, push_value};
use crate::scim::urn;

/// The values of `schemas` that nearly every user has: they are not written again for each.
static USUAL: [&[&str]; 4] = [
    &[urn::USER],
    &[urn::USER, urn::ENTERPRISE_USER],
    &[urn::USER, urn::ATLASSIAN_EXTERNAL],
    &[urn::USER, urn::ATLASSIAN_EXTERNAL, urn::ENTERPRISE_USER],
];

static USUAL_TEXTS: LazyLock<[String; 4]> =
    LazyLock::new(|| USUAL.map(|urns| Value::from(urns.to_vec()).to_string()));

/// The text of an object of attributes: 1,000 bytes for what takes 8,000 as a [`Value`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Document {
    schemas: Schemas,
    /// All other members, in their order and without braces.
    members: Box<str>,
    /// From where to where in `members` the value of `userName` stands; nowhere, if there is none.
    user_name: (u32, u32),
}

#[derive(Debug, PartialEq, Eq)]
enum Schemas {
    Usual(u8),
    Other(Box<str>),
}

impl Document {
    /// Writes the attributes down.
    pub(crate) fn of(attributes: &Value) -> Self {
        let schemas = attribute::get(attributes, "schemas").unwrap_or(&Value::Null);
        let others = attributes.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        Self::of_members(schemas, others.filter(|(name, _)| !name.eq_ignore_ascii_case("schemas")))
    }

    /// Writes down `schemas`, and what else there is.
    pub(crate) fn of_members<'a>(
        schemas: &Value,
        others: impl Iterator<Item = (&'a str, &'a Value)>,
    ) -> Self {
        let mut members = Vec::with_capacity(2048);
        let mut user_name = (0, 0);
        for (name, value) in others {
            if !members.is_empty() {
                members.push(b',');
            }
            push_string(&mut members, name);
            members.push(b':');
            let start = members.len();
            push_value(&mut members, value);
            if user_name == (0, 0) && name.eq_ignore_ascii_case("userName") {
                user_name = places(start..members.len()).unwrap_or((0, 0));
            }
        }
        // What is written here is UTF-8.
        let members = std::str::from_utf8(&members).unwrap_or_default().into();
        Self { schemas: Schemas::of(schemas), members, user_name }
    }

    /// The attributes, `schemas` first.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or_default()
    }

    /// The text of the attributes, `schemas` first.
    pub(crate) fn text(&self) -> String {
        let comma = if self.members.is_empty() { "" } else { "," };
        format!("{{\"schemas\":{}{comma}{}}}", self.schemas(), self.members)
    }

    /// The text of the value of `schemas`.
    pub(crate) fn schemas(&self) -> &str {
        match &self.schemas {
            Schemas::Usual(which) => USUAL_TEXTS.get(usize::from(*which)).map_or("null", String::as_str),
            Schemas::Other(text) => text,
        }
    }

    /// The text of the other members, without braces.
    pub(crate) fn members(&self) -> &str {
        &self.members
    }

    /// The text of the value of `userName`.
    pub(crate) fn user_name(&self) -> Option<&str> {
        let (start, end) = self.user_name;
        self.members.get(start as usize..end as usize).filter(|text| !text.is_empty())
    }

    /// Whether both say the same, in whatever order.
    pub(crate) fn says_as(&self, other: &Self) -> bool {
        self == other || (self.letters() == other.letters() && self.value() == other.value())
    }

    /// The same for all orders in which the same can be said, so that most differences cost no reading.
    fn letters(&self) -> (usize, u64) {
        let (schemas, members) = (self.schemas(), &self.members);
        (schemas.len() + members.len(), squares(schemas) + squares(members))
    }
}

/// The sum of all bytes' squares, for which a processor adds many at a time.
fn squares(text: &str) -> u64 {
    let of_chunk = |chunk: &[u8]| chunk.iter().map(|byte| u32::from(*byte) * u32::from(*byte)).sum::<u32>();
    text.as_bytes().chunks(1024).map(|chunk| u64::from(of_chunk(chunk))).sum()
}

impl Schemas {
    fn of(value: &Value) -> Self {
        let named = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let same = |usual: &&[&str]| {
            !named.is_empty()
                && usual.len() == named.len()
                && usual.iter().zip(named).all(|(urn, named)| named == urn)
        };
        match USUAL.iter().position(same).and_then(|which| u8::try_from(which).ok()) {
            Some(which) => Self::Usual(which),
            None => Self::Other(value.to_string().into()),
        }
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.text()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(&Value::deserialize(deserializer)?))
    }
}

fn places(range: Range<usize>) -> Option<(u32, u32)> {
    Some((u32::try_from(range.start).ok()?, u32::try_from(range.end).ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Document, Schemas};
    use crate::scim::urn;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            members in prop::collection::btree_map("[a-zA-Z\"é]{1,8}", value(), 0..6),
            user_name in any::<String>(),
        ) {
            let mut attributes = json!({"schemas": [urn::USER]});
            attributes.as_object_mut().unwrap().extend(members);
            attributes["userName"] = json!(user_name);
            let document = Document::of(&attributes);
            prop_assert_eq!(&document.value(), &attributes);
            prop_assert_eq!(document.text(), attributes.to_string());
            let shown: Value = serde_json::from_str(document.user_name().unwrap()).unwrap();
            prop_assert_eq!(&shown, &attributes["userName"]);
            let written = serde_json::to_string(&document).unwrap();
            let read: Document = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(&read, &document);
            let mut turned: serde_json::Map<String, Value> =
                attributes.as_object().unwrap().clone().into_iter().rev().collect();
            prop_assert!(Document::of(&Value::Object(turned.clone())).says_as(&document));
            turned.insert("more".to_owned(), json!(1));
            prop_assert!(!Document::of(&Value::Object(turned)).says_as(&document));
        }
    }

    #[test]
    fn usual_schemas_take_no_text() {
        let usual =
            Document::of(&json!({"schemas": [urn::USER, urn::ATLASSIAN_EXTERNAL], "userName": "ada"}));
        assert!(matches!(usual.schemas, Schemas::Usual(_)));
        assert_eq!(
            usual.text(),
            format!(r#"{{"schemas":["{}","{}"],"userName":"ada"}}"#, urn::USER, urn::ATLASSIAN_EXTERNAL)
        );
        let other = Document::of(&json!({"schemas": ["urn:own"]}));
        assert_eq!(other.text(), r#"{"schemas":["urn:own"]}"#);
    }
}
