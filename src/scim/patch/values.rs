//! The values of a multi-valued attribute: which of them are the same, which one is primary, which ones go.

use serde_json::{Map, Value};

use crate::scim::attribute::get;
use crate::scim::filter::eval::same_text;
use crate::scim::schema::{AttributeDef, Mutability};

/// Adds values to those that are there, and says where they are now. One that is there already takes on what is new about it,
/// and stays one (RFC 7644 §3.5.2.1).
pub(crate) fn union(
    definition: Option<&AttributeDef>,
    present: &mut Vec<Value>,
    new: Vec<Value>,
) -> Vec<usize> {
    let mut touched = Vec::with_capacity(new.len());
    for value in new {
        let same = present
            .iter()
            .position(|each| same_element(definition, each, &value));
        if let Some(index) = same {
            refresh(definition, &mut present[index], value);
            touched.push(index);
        } else {
            touched.push(present.len());
            present.push(value);
        }
    }
    touched
}

/// Whether two values are the same one: equal, or equal in `value` and not different in `type` (RFC 7643 §2.4).
pub(crate) fn same_element(definition: Option<&AttributeDef>, left: &Value, right: &Value) -> bool {
    match (get(left, "value"), get(right, "value")) {
        (Some(left_value), Some(right_value)) => {
            same_value(
                definition.and_then(|def| def.sub("value")),
                left_value,
                right_value,
            ) && match (get(left, "type"), get(right, "type")) {
                (Some(left), Some(right)) => same_value(None, left, right),
                _ => true,
            }
        }
        _ => same_value(definition, left, right),
    }
}

/// Whether a value is one of those that a `remove` lists: by its `value`, else by everything that is said about it.
pub(super) fn is_listed(definition: Option<&AttributeDef>, value: &Value, listed: &Value) -> bool {
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
    let primary = touched
        .iter()
        .rev()
        .copied()
        .find(|&index| values.get(index).is_some_and(is_primary));
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
pub(super) fn is_label_only(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|object| object.keys().all(|key| is_label(key)))
}

/// Whether the sub-attribute only labels a value.
pub(super) fn is_label(name: &str) -> bool {
    ["type", "primary", "display"]
        .iter()
        .any(|label| label.eq_ignore_ascii_case(name))
}

/// Writes one object's members over another's; null takes a member away.
pub(super) fn merge(into: &mut Value, from: Map<String, Value>) {
    for (name, value) in from {
        if value.is_null() {
            crate::scim::attribute::remove(into, &name);
        } else {
            crate::scim::attribute::set(into, &name, value);
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
