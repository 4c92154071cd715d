//! PATCH (RFC 7644 §3.5.2), with the forms that identity providers send.

use serde_json::{Map, Value, json};

use super::attribute::{ENTERPRISE, Path, is_list, key};
use super::bug::Bug;
use super::filter::{matches, terms};
use super::{App, typed};

/// Applies a request to a resource, or says why it cannot.
pub(super) fn apply(app: &App, resource: &mut Value, body: &Value) -> Result<(), String> {
    let operations = body["Operations"].as_array().or_else(|| body["operations"].as_array());
    let operations = operations.ok_or("Operations are missing")?;
    let first = if app.has(Bug::OnlyTheFirstOperation) { 1 } else { operations.len() };
    for operation in operations.iter().take(first) {
        let name = operation["op"].as_str().ok_or("op is missing")?;
        if app.has(Bug::CapitalsAreRefused) && name.starts_with(char::is_uppercase) {
            return Err(format!("{name} is not an operation"));
        }
        let name = name.to_lowercase();
        let value = &operation["value"];
        match operation["path"].as_str().filter(|path| !path.is_empty()) {
            Some(path) => at(app, resource, &name, path, value)?,
            None if name == "remove" => return Err("remove needs a path".to_owned()),
            None if app.has(Bug::PathlessIsIgnored) => {}
            None => {
                for (path, value) in value.as_object().ok_or("value is no object")? {
                    at(app, resource, &name, path, value)?;
                }
            }
        }
    }
    Ok(())
}

fn at(app: &App, resource: &mut Value, operation: &str, path: &str, value: &Value) -> Result<(), String> {
    if path == ENTERPRISE {
        for (name, value) in value.as_object().ok_or("value is no object")? {
            at(app, resource, operation, &format!("{ENTERPRISE}:{name}"), value)?;
        }
        return Ok(());
    }
    let path = Path::new(path);
    let mut object = resource.as_object_mut().ok_or("no resource")?;
    if let Some(extension) = &path.extension {
        if app.has(Bug::ExtensionIsDropped) {
            return Ok(());
        }
        object = inner(object, extension);
    }
    match operation {
        "add" | "replace" => set(app, object, operation, &path, value),
        "remove" => remove(app, object, &path, value),
        other => return Err(format!("{other} is not an operation")),
    }
    Ok(())
}

fn inner<'a>(object: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let name = key(object, name);
    let inner = object.entry(name).or_insert_with(|| json!({}));
    if !inner.is_object() {
        *inner = json!({});
    }
    inner.as_object_mut().unwrap()
}

fn set(app: &App, object: &mut Map<String, Value>, operation: &str, path: &Path, value: &Value) {
    let name = key(object, &path.name);
    if let Some(filter) = &path.filter {
        let list = list(object, &name);
        if !list.iter().any(|element| matches(filter, element, false)) {
            let element: Map<String, Value> = terms(filter).into_iter().collect();
            list.push(Value::Object(element));
        }
        for element in list.iter_mut().filter(|element| matches(filter, element, false)) {
            match (&path.sub, element.as_object_mut()) {
                (Some(sub), Some(element)) => {
                    element.insert(key(element, sub), typed(sub, value));
                }
                _ => *element = value.clone(),
            }
        }
        return;
    }
    if let Some(sub) = &path.sub {
        let inner = inner(object, &name);
        inner.insert(key(inner, sub), value.clone());
        return;
    }
    if name == "active" && app.has(Bug::TextIsNoBoolean) && value.is_string() {
        return;
    }
    if is_list(&name) {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let replaces = operation == "replace" || (name == "members" && app.has(Bug::AdditionReplacesMembers));
        let list = list(object, &name);
        if replaces {
            list.clear();
        }
        for value in values {
            if !list.iter().any(|element| element["value"] == value["value"] && !value["value"].is_null()) {
                list.push(value);
            }
        }
        return;
    }
    if name == "externalId" && app.has(Bug::ExternalIdIsDropped) {
        return;
    }
    if name == "displayName" && object.contains_key("members") && app.has(Bug::RenameIsForgotten) {
        return;
    }
    match value {
        Value::Null => {
            object.shift_remove(&name);
        }
        Value::Object(more) if object.get(&name).is_some_and(Value::is_object) => {
            inner(object, &name).extend(more.clone());
        }
        value => {
            object.insert(name.clone(), typed(&name, value));
        }
    }
}

fn remove(app: &App, object: &mut Map<String, Value>, path: &Path, value: &Value) {
    let name = key(object, &path.name);
    if let Some(filter) = &path.filter {
        let list = list(object, &name);
        if name == "members" && app.has(Bug::RemovalEmptiesTheGroup) {
            list.clear();
        }
        match &path.sub {
            Some(sub) => {
                for element in list.iter_mut().filter(|element| matches(filter, element, false)) {
                    if let Some(element) = element.as_object_mut() {
                        element.shift_remove(&key(element, sub));
                    }
                }
            }
            None => list.retain(|element| !matches(filter, element, false)),
        }
    } else if let Some(sub) = &path.sub {
        let inner = inner(object, &name);
        inner.shift_remove(&key(inner, sub));
    } else if let (true, Some(values)) = (is_list(&name), value.as_array()) {
        list(object, &name).retain(|element| values.iter().all(|value| value["value"] != element["value"]));
    } else if name == "members" {
        list(object, &name).clear();
    } else {
        object.shift_remove(&name);
    }
}

fn list<'a>(object: &'a mut Map<String, Value>, name: &str) -> &'a mut Vec<Value> {
    let list = object.entry(name.to_owned()).or_insert_with(|| json!([]));
    if !list.is_array() {
        *list = json!([]);
    }
    list.as_array_mut().unwrap()
}
