//! The members of a JSON object, looked up without case (RFC 7643 §2.1).

use serde_json::{Map, Value};

/// An object of so many keys is searched from its beginning.
const FEW: usize = 24;

/// The attribute's value, whatever the case of its key. Of several spellings the exact one counts, then the first.
pub fn get<'a>(resource: &'a Value, name: &str) -> Option<&'a Value> {
    let object = resource.as_object()?;
    // A few keys are compared sooner than one is hashed.
    let exact = if object.len() <= FEW {
        object.iter().find_map(|(key, value)| (key == name).then_some(value))
    } else {
        object.get(name)
    };
    exact.or_else(|| object.iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value)))
}

/// The attribute's value, to change it in place.
pub fn get_mut<'a>(resource: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let object = resource.as_object_mut()?;
    let key = spelling(object, name)?;
    object.get_mut(&key)
}

/// Sets the attribute, and keeps the key's spelling where it is there already. Does nothing to what is no object.
pub fn set(resource: &mut Value, name: &str, value: Value) {
    if let Some(object) = resource.as_object_mut() {
        let key = spelling(object, name).unwrap_or_else(|| name.to_owned());
        object.insert(key, value);
    }
}

/// Removes the attribute in every spelling, and gives back the first value. The other keys keep their order.
pub fn remove(resource: &mut Value, name: &str) -> Option<Value> {
    let object = resource.as_object_mut()?;
    let mut first = None;
    while let Some(key) = spelling(object, name) {
        let value = object.shift_remove(&key);
        first = first.or(value);
    }
    first
}

/// The key by which the attribute stands in the object.
fn spelling(object: &Map<String, Value>, name: &str) -> Option<String> {
    if object.contains_key(name) {
        return Some(name.to_owned());
    }
    object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned()
}
