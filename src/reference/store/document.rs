//! A resource's attributes as JSON text, from which an answer is put together without reading it.

use std::ops::Range;
use std::sync::LazyLock;

use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::user_keys::UserKeys;
use crate::scim::json::Json;
use crate::scim::json::text::{push_string, push_value};
use crate::scim::resource::attribute;
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

/// The text of an object of attributes: 1,000 bytes for what takes 8,000 as a [`Value`]. What the user is found by is a part of
/// it, or stands behind it.
#[derive(Debug)]
pub(crate) struct Document {
    schemas: Schemas,
    /// All other members, in their order and without braces; then the keys that do not stand there as they are compared.
    text: Box<str>,
    /// Where the members end.
    members_end: u32,
    /// From where to where in `text` the value of `userName` stands; nowhere, if there is none.
    user_name: Place,
    keys: UserKeys<Place>,
}

/// From where to where in a text something stands.
type Place = (u32, u32);

#[derive(Debug, PartialEq, Eq)]
enum Schemas {
    Usual(u8),
    Other(Box<str>),
}

impl Document {
    /// Writes the attributes down, and what the user is found by.
    pub(crate) fn of(attributes: &Value, keys: UserKeys<&str>) -> Self {
        let schemas = attribute::get(attributes, "schemas").unwrap_or(&Value::Null);
        let others = attributes.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        Self::of_members(schemas, others.filter(|(name, _)| !name.eq_ignore_ascii_case("schemas")), keys)
    }

    /// Writes down `schemas`, what else there is, and what the user is found by.
    pub(crate) fn of_members<'a, J: Json + 'a>(
        schemas: &Value,
        others: impl Iterator<Item = (&'a str, &'a J)>,
        keys: UserKeys<&str>,
    ) -> Self {
        let mut text = Vec::with_capacity(2048);
        // From where to where the values stand in which keys are.
        let [mut user_name, mut emails, mut external_id] = [const { 0..0 }; 3];
        for (name, value) in others {
            if !text.is_empty() {
                text.push(b',');
            }
            push_string(&mut text, name);
            text.push(b':');
            let start = text.len();
            push_value(&mut text, value);
            for (own, place) in
                [("userName", &mut user_name), ("emails", &mut emails), ("externalId", &mut external_id)]
            {
                if place.end == 0 && name.eq_ignore_ascii_case(own) {
                    *place = start..text.len();
                }
            }
        }
        let members = text.len();
        let mut place_of = |key: &str, value: &Range<usize>| {
            let within = std::str::from_utf8(text.get(value.clone()).unwrap_or_default()).unwrap_or_default();
            // A key is mostly a string's whole text, which searching would find at some cost.
            let is_first = within.get(1..).is_some_and(|text| text.starts_with(key));
            let offset = if is_first { Some(1) } else { within.find(key) };
            let start = offset.map_or(text.len(), |offset| value.start + offset);
            if start == text.len() {
                text.extend(key.as_bytes());
            }
            place(start..start + key.len())
        };
        let key = place_of(keys.user_name, &user_name);
        let keys = UserKeys {
            user_name: key,
            email: if keys.email == keys.user_name { key } else { place_of(keys.email, &emails) },
            external_id: keys.external_id.map(|id| place_of(id, &external_id)),
        };
        Self {
            schemas: Schemas::of(schemas),
            // What is written here is UTF-8.
            text: std::str::from_utf8(&text).unwrap_or_default().into(),
            members_end: place(0..members).1,
            user_name: place(user_name),
            keys,
        }
    }

    /// What the user is found by.
    pub(crate) fn keys(&self) -> UserKeys<&str> {
        UserKeys {
            user_name: self.at(self.keys.user_name),
            email: self.at(self.keys.email),
            external_id: self.keys.external_id.map(|place| self.at(place)).filter(|id| !id.is_empty()),
        }
    }

    fn at(&self, (start, end): Place) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The attributes, `schemas` first.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or_default()
    }

    /// The text of the attributes, `schemas` first.
    pub(crate) fn text(&self) -> String {
        let comma = if self.members_end == 0 { "" } else { "," };
        ["{\"schemas\":", self.schemas(), comma, self.members(), "}"].concat()
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
        self.at((0, self.members_end))
    }

    /// The text of the value of `userName`.
    pub(crate) fn user_name(&self) -> Option<&str> {
        Some(self.at(self.user_name)).filter(|text| !text.is_empty())
    }

    /// Whether both say the same, in whatever order.
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        let is_same = self.schemas == other.schemas && self.members() == other.members();
        is_same || (self.letters() == other.letters() && self.value() == other.value())
    }

    /// The same for all orders in which the same can be said, so that most differences cost no reading.
    fn letters(&self) -> (usize, u64) {
        let (schemas, members) = (self.schemas(), self.members());
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

/// A text is never so long: a body has its limit.
fn place(range: Range<usize>) -> Place {
    let [start, end] = [range.start, range.end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
    (start, end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Document, Schemas, UserKeys};
    use crate::scim::resource::attribute;
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

    fn keys() -> UserKeys<&'static str> {
        UserKeys { user_name: "ada", email: "ada@example.com", external_id: None }
    }

    proptest! {
        #[test]
        fn the_keys_are_what_was_given_wherever_they_stand(
            user_name in "[aAé\"]{0,3}",
            email in "[aAé\"]{0,3}",
            external_id in prop::option::of("[aAé\"]{1,3}"),
            keys in ("[aAé\"]{1,3}", "[aAé\"]{1,3}", prop::option::of("[aAé\"]{1,3}")),
        ) {
            let attributes = json!({"emails": [{"value": email}], "userName": user_name, "externalId": external_id});
            let given = UserKeys { user_name: &*keys.0, email: &*keys.1, external_id: keys.2.as_deref() };
            let document = Document::of(&attributes, given);
            prop_assert_eq!(document.keys(), given);
            let mut read = document.value();
            attribute::remove(&mut read, "schemas");
            prop_assert_eq!(read, attributes);
        }

        #[test]
        fn what_is_written_is_read(
            members in prop::collection::btree_map("[a-zA-Z\"é]{1,8}", value(), 0..6),
            user_name in any::<String>(),
        ) {
            let mut attributes = json!({"schemas": [urn::USER]});
            attributes.as_object_mut().unwrap().extend(members);
            attributes["userName"] = json!(user_name);
            let document = Document::of(&attributes, keys());
            prop_assert_eq!(&document.value(), &attributes);
            prop_assert_eq!(document.text(), attributes.to_string());
            let shown: Value = serde_json::from_str(document.user_name().unwrap()).unwrap();
            prop_assert_eq!(&shown, &attributes["userName"]);
            prop_assert_eq!(serde_json::to_string(&document).unwrap(), document.text());
            let mut turned: serde_json::Map<String, Value> =
                attributes.as_object().unwrap().clone().into_iter().rev().collect();
            prop_assert!(Document::of(&Value::Object(turned.clone()), keys()).same_as(&document));
            turned.insert("more".to_owned(), json!(1));
            prop_assert!(!Document::of(&Value::Object(turned), keys()).same_as(&document));
        }
    }

    #[test]
    fn a_key_that_stands_in_the_text_takes_no_room() {
        let attributes = json!({
            "userName": "ada", "externalId": "00u1", "emails": [{"value": "ada@example.com", "type": "work"}],
        });
        let keys = UserKeys { user_name: "ada", email: "ada@example.com", external_id: Some("00u1") };
        let document = Document::of(&attributes, keys);
        assert_eq!(document.text.len(), document.members().len());
        assert_eq!(document.keys(), keys);
        let spelled = Document::of(&attributes, UserKeys { user_name: "ADA", ..keys });
        assert_eq!(spelled.keys().user_name, "ADA");
    }

    #[test]
    fn usual_schemas_take_no_text() {
        let usual = Document::of(
            &json!({"schemas": [urn::USER, urn::ATLASSIAN_EXTERNAL], "userName": "ada"}),
            keys(),
        );
        assert!(matches!(usual.schemas, Schemas::Usual(_)));
        assert_eq!(
            usual.text(),
            format!(r#"{{"schemas":["{}","{}"],"userName":"ada"}}"#, urn::USER, urn::ATLASSIAN_EXTERNAL)
        );
        let other = Document::of(&json!({"schemas": ["urn:own"]}), keys());
        assert_eq!(other.text(), r#"{"schemas":["urn:own"]}"#);
    }
}
