//! A resource's attributes as JSON text, from which an answer is put together without reading it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::scim::attribute;
use crate::scim::urn;

/// The values of `schemas` that nearly every user has: they are not written again for each.
static USUAL_SCHEMAS: LazyLock<[String; 4]> = LazyLock::new(|| {
    let usual: [&[&str]; 4] = [
        &[urn::USER],
        &[urn::USER, urn::ENTERPRISE_USER],
        &[urn::USER, urn::ATLASSIAN_EXTERNAL],
        &[urn::USER, urn::ATLASSIAN_EXTERNAL, urn::ENTERPRISE_USER],
    ];
    usual.map(|urns| Value::from(urns.to_vec()).to_string())
});

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
        let mut schemas = Vec::new();
        push(&mut schemas, attribute::get(attributes, "schemas").unwrap_or(&Value::Null));
        let mut members = Vec::with_capacity(1024);
        let mut user_name = (0, 0);
        for (name, value) in attributes.as_object().into_iter().flatten() {
            if name.eq_ignore_ascii_case("schemas") {
                continue;
            }
            if !members.is_empty() {
                members.push(b',');
            }
            push(&mut members, name);
            members.push(b':');
            let start = members.len();
            push(&mut members, value);
            if user_name == (0, 0) && name.eq_ignore_ascii_case("userName") {
                user_name = places(start..members.len()).unwrap_or((0, 0));
            }
        }
        Self { schemas: Schemas::of(text(schemas)), members: text(members).into(), user_name }
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
            Schemas::Usual(which) => USUAL_SCHEMAS.get(usize::from(*which)).map_or("null", String::as_str),
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
        let sum = |text: &str| text.bytes().map(|byte| u64::from(byte) * u64::from(byte)).sum::<u64>();
        let (schemas, members) = (self.schemas(), &self.members);
        (schemas.len() + members.len(), sum(schemas) + sum(members))
    }
}

impl Schemas {
    fn of(text: String) -> Self {
        let usual = USUAL_SCHEMAS.iter().position(|usual| *usual == text);
        match usual.and_then(|which| u8::try_from(which).ok()) {
            Some(which) => Self::Usual(which),
            None => Self::Other(text.into()),
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

fn push(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    // Into memory, and of what is JSON, writing does not fail.
    let _ = serde_json::to_writer(out, value);
}

fn text(bytes: Vec<u8>) -> String {
    match String::from_utf8_lossy(&bytes) {
        Cow::Owned(text) => text,
        Cow::Borrowed(_) => String::from_utf8(bytes).unwrap_or_default(),
    }
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
