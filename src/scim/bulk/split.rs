//! A resource that is created in two steps, because it refers to one that does not exist yet.

use serde_json::{Map, Value, json};

use super::reference;
use crate::scim::resource::attribute::{get, get_mut, remove};
use crate::scim::{AttrPath, ResourceKind, schema, urn};

/// Whether a resource can be created without the attribute; extensions are no more than their attributes.
pub(super) fn can_wait(kind: Option<ResourceKind>, extension: Option<&str>, name: &str) -> bool {
    let path = AttrPath { schema: extension.map(str::to_owned), name: name.to_owned(), sub: None };
    let required = kind.and_then(|kind| schema::attribute(kind, &path)).is_some_and(|def| def.required);
    !required && !name.eq_ignore_ascii_case("schemas")
}

/// The attributes of a resource, each with the extension in which it stands.
pub(super) fn attributes(data: &Value) -> impl Iterator<Item = (Option<&str>, &str, &Value)> {
    let members = data.as_object().into_iter().flatten();
    members.flat_map(|(key, value)| -> Vec<(Option<&str>, &str, &Value)> {
        match value {
            Value::Object(inner) if urn::is_urn(key) => {
                inner.iter().map(|(name, value)| (Some(key.as_str()), name.as_str(), value)).collect()
            }
            value => vec![(None, key.as_str(), value)],
        }
    })
}

/// Takes out of the resource what refers to the given names, and gives back the PATCH that puts it in.
///
/// Of a multi-valued attribute only the values that refer to them are taken out.
pub(super) fn split(data: &mut Value, waits_for: &dyn Fn(&str) -> bool) -> Value {
    let refers = |value: &Value| {
        let mut found = false;
        reference::strings(value, &mut |text| {
            found |= reference::in_text(text).iter().any(|(_, name)| waits_for(name));
        });
        found
    };
    let waiting: Vec<(Option<String>, String)> = attributes(data)
        .filter(|(.., value)| refers(value))
        .map(|(extension, name, _)| (extension.map(str::to_owned), name.to_owned()))
        .collect();
    let mut operations = Vec::with_capacity(waiting.len());
    for (extension, name) in waiting {
        let path = match &extension {
            Some(urn) => format!("{urn}:{name}"),
            None => name.clone(),
        };
        let container = match &extension {
            Some(urn) => get_mut(data, urn),
            None => Some(&mut *data),
        };
        let Some(container) = container else { continue };
        let mut later = remove(container, &name).unwrap_or_default();
        if let Value::Array(values) = &mut later {
            let now: Vec<Value> = values.extract_if(.., |value| !refers(value)).collect();
            if let (false, Some(object)) = (now.is_empty(), container.as_object_mut()) {
                object.insert(name, Value::Array(now));
            }
        }
        operations.push(json!({"op": "add", "path": path, "value": later}));
        if let Some(urn) = &extension
            && get(data, urn).and_then(Value::as_object).is_some_and(Map::is_empty)
        {
            remove(data, urn);
        }
    }
    json!({"schemas": [urn::PATCH_OP], "Operations": operations})
}
