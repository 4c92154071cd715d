//! The values of a multi-valued attribute: which of them are the same, which one is primary, which ones go.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::scim::case::same_text;
use crate::scim::resource::attribute::get;
use crate::scim::schema::{AttributeDef, Mutability};

/// Adds values to those that are there, and says where they are now. One that is there already takes on what is new about it,
/// and stays one (RFC 7644 §3.5.2.1).
pub(crate) fn union(
    definition: Option<&AttributeDef>,
    present: &mut Vec<Value>,
    new: Vec<Value>,
) -> Vec<usize> {
    let mut touched = Vec::with_capacity(new.len());
    let mut index = (new.len() > LINEAR).then(|| Index::of(present));
    for value in new {
        let is_same = |at: &usize| same_element(definition, &present[*at], &value);
        let key = index.as_ref().and_then(|_| key(&value));
        let same = match (&index, &key) {
            (Some(index), Some(key)) => index.at(key).iter().copied().find(is_same),
            _ => (0..present.len()).find(is_same),
        };
        let at = same.unwrap_or(present.len());
        touched.push(at);
        if same.is_some() {
            refresh(definition, &mut present[at], value);
        } else {
            present.push(value);
            if let (Some(index), Some(key)) = (&mut index, key) {
                index.insert(key, at);
            }
        }
    }
    touched
}

/// Up to so many values are looked up one by one; a group that is pushed whole has thousands.
const LINEAR: usize = 8;

/// Where the values stand that have a given `value`, whatever its case.
struct Index(BTreeMap<String, Vec<usize>>);

impl Index {
    fn of(values: &[Value]) -> Self {
        let mut index = Self(BTreeMap::new());
        for (at, value) in values.iter().enumerate() {
            if let Some(key) = key(value) {
                index.insert(key, at);
            }
        }
        index
    }

    fn insert(&mut self, key: String, at: usize) {
        self.0.entry(key).or_default().push(at);
    }

    fn at(&self, key: &str) -> &[usize] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }
}

/// What two values have in common that are the same one, where it is text.
fn key(value: &Value) -> Option<String> {
    let text = get(value, "value").unwrap_or(value).as_str()?;
    Some(text.chars().flat_map(char::to_lowercase).collect())
}

/// Whether two values are the same one: equal, or equal in `value` and not different in `type` (RFC 7643 §2.4).
pub(crate) fn same_element(definition: Option<&AttributeDef>, left: &Value, right: &Value) -> bool {
    match (get(left, "value"), get(right, "value")) {
        (Some(left_value), Some(right_value)) => {
            same_value(definition.and_then(|def| def.sub("value")), left_value, right_value)
                && match (get(left, "type"), get(right, "type")) {
                    (Some(left), Some(right)) => same_value(None, left, right),
                    _ => true,
                }
        }
        _ => same_value(definition, left, right),
    }
}

/// The values that a `remove` lists, which may be all of a large group.
pub(in crate::scim) struct Listed<'a> {
    by_key: BTreeMap<String, Vec<&'a Value>>,
    others: Vec<&'a Value>,
}

impl<'a> Listed<'a> {
    pub(in crate::scim) fn of(listed: &'a [Value]) -> Self {
        let mut made = Self { by_key: BTreeMap::new(), others: Vec::new() };
        for value in listed {
            match key(value) {
                Some(key) => made.by_key.entry(key).or_default().push(value),
                None => made.others.push(value),
            }
        }
        made
    }

    pub(in crate::scim) fn has(&self, definition: Option<&AttributeDef>, value: &Value) -> bool {
        let same_key = key(value).and_then(|key| self.by_key.get(&key));
        let mut candidates = same_key.into_iter().flatten().chain(&self.others);
        candidates.any(|each| is_listed(definition, value, each))
    }
}

/// Whether a value is one of those that a `remove` lists: by its `value`, else by everything that is said about it.
fn is_listed(definition: Option<&AttributeDef>, value: &Value, listed: &Value) -> bool {
    let sub = |name: &str| definition.and_then(|def| def.sub(name));
    match (value, listed) {
        (Value::Object(_), Value::Object(wanted)) if get(listed, "value").is_none() => {
            let mut said = wanted.iter().filter(|(_, wanted)| !wanted.is_null()).peekable();
            said.peek().is_some()
                && said.all(|(name, wanted)| {
                    get(value, name).is_some_and(|has| same_value(sub(name), has, wanted))
                })
        }
        (Value::Object(_), Value::Object(_)) => same_element(definition, value, listed),
        (Value::Object(_), scalar) => {
            get(value, "value").is_some_and(|has| same_value(sub("value"), has, scalar))
        }
        (scalar, Value::Object(_)) => {
            get(listed, "value").is_some_and(|wanted| same_value(definition, scalar, wanted))
        }
        (left, right) => same_value(definition, left, right),
    }
}

/// Leaves one value primary at most: of those just written the last that says so, and no other (RFC 7644 §3.5.2).
pub(crate) fn settle_primary(values: &mut [Value], touched: &[usize]) {
    let is_primary = |value: &Value| get(value, "primary") == Some(&Value::Bool(true));
    let primary = touched.iter().rev().copied().find(|&index| values.get(index).is_some_and(is_primary));
    let Some(primary) = primary else { return };
    for (index, value) in values.iter_mut().enumerate() {
        if index != primary
            && let Some(flag @ Value::Bool(true)) = value.get_mut("primary")
        {
            *flag = Value::Bool(false);
        }
    }
}

/// Whether nothing is left of a value but what labels it: an e-mail without an address is none.
pub(in crate::scim) fn is_label_only(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.keys().all(|key| is_label(key)))
}

/// Whether the sub-attribute only labels a value.
pub(in crate::scim) fn is_label(name: &str) -> bool {
    ["type", "primary", "display"].iter().any(|label| label.eq_ignore_ascii_case(name))
}

/// Writes one object's members over another's; null takes a member away.
pub(in crate::scim) fn merge(into: &mut Value, from: Map<String, Value>) {
    for (name, value) in from {
        if value.is_null() {
            crate::scim::resource::attribute::remove(into, &name);
        } else {
            crate::scim::resource::attribute::set(into, &name, value);
        }
    }
}

/// What is new about a value that is there already; what is immutable stays.
fn refresh(definition: Option<&AttributeDef>, present: &mut Value, new: Value) {
    let Value::Object(new) = new else { return };
    let writable = new
        .into_iter()
        .filter(|(name, _)| {
            let sub = definition.and_then(|def| def.sub(name));
            let immutable = sub.is_some_and(|sub| sub.mutability == Mutability::Immutable);
            !immutable || get(present, name).is_none()
        })
        .collect();
    merge(present, writable);
}

fn same_value(definition: Option<&AttributeDef>, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(left), Value::String(right)) => {
            if definition.is_some_and(|def| def.case_exact) {
                left == right
            } else {
                same_text(left, right)
            }
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Listed, is_listed, union};
    use crate::scim::{AttrPath, ResourceKind, schema};

    fn any_value() -> impl Strategy<Value = Value> {
        let text = "[abAB]|ä|Ä";
        prop_oneof![
            4 => (text, prop::option::of("work|home")).prop_map(|(value, kind)| match kind {
                Some(kind) => json!({"value": value, "type": kind}),
                None => json!({"value": value}),
            }),
            1 => text.prop_map(Value::from),
            1 => Just(json!({"display": "x"})),
            1 => (0..3i64).prop_map(|value| json!({"value": value})),
        ]
    }

    proptest! {
        #[test]
        fn what_is_listed_is_found_as_if_each_were_looked_at(
            values in prop::collection::vec(any_value(), 0..8),
            listed in prop::collection::vec(any_value(), 0..8),
        ) {
            let emails = schema::attribute(ResourceKind::User, &AttrPath::of("emails"));
            for definition in [emails, None] {
                let index = Listed::of(&listed);
                for value in &values {
                    let expected = listed.iter().any(|each| is_listed(definition, value, each));
                    prop_assert_eq!(index.has(definition, value), expected, "{} {:?}", value, listed);
                }
            }
        }

        #[test]
        fn adding_many_at_once_is_adding_them_one_by_one(
            present in prop::collection::vec(any_value(), 0..6),
            new in prop::collection::vec(any_value(), 0..24),
        ) {
            let emails = schema::attribute(ResourceKind::User, &AttrPath::of("emails"));
            for definition in [emails, None] {
                let (mut at_once, mut one_by_one) = (present.clone(), present.clone());
                let touched = union(definition, &mut at_once, new.clone());
                let each: Vec<usize> = new.iter().flat_map(|value| union(definition, &mut one_by_one, vec![value.clone()])).collect();
                prop_assert_eq!(&at_once, &one_by_one);
                prop_assert_eq!(touched, each);
            }
        }
    }
}
