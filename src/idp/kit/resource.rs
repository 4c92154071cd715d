//! What clients read out of answers: ids, lists, error details. Nothing here trusts the endpoint.

use serde_json::{Map, Value};

use crate::wire::{Answer, Exchange};

/// Longest excerpt of an answer that a notice quotes.
const EXCERPT: usize = 200;

/// The value of an attribute, by its name in any case (RFC 7643 §2.1); null is no value.
pub(crate) fn field<'a>(resource: &'a Value, name: &str) -> Option<&'a Value> {
    let map = resource.as_object()?;
    map.get(name)
        .or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
        .filter(|value| !value.is_null())
}

/// The place of an attribute in an object, under the spelling that stands there already.
pub(crate) fn slot<'a>(map: &'a mut Map<String, Value>, name: &str) -> &'a mut Value {
    let key =
        map.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned().unwrap_or_else(|| name.to_owned());
    map.entry(key).or_insert(Value::Null)
}

/// A resource's id, where it has one that can stand in a path: a dot segment would leave the collection.
pub(crate) fn id(resource: &Value) -> Option<&str> {
    field(resource, "id")?.as_str().filter(|id| !matches!(*id, "" | "." | ".."))
}

/// A `ListResponse` (RFC 7644 §3.4.2), as far as clients look at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'a> {
    /// `totalResults`, where it is a number.
    pub(crate) total: Option<u64>,
    /// Whether `totalResults` is there and no integer.
    pub(crate) odd_total: bool,
    /// `Resources`; an absent one is empty.
    pub(crate) resources: &'a [Value],
}

/// Reads a list: nothing where the answer is no object with a total or resources.
pub(crate) fn list(body: &Value) -> Option<List<'_>> {
    let total = field(body, "totalResults");
    let resources = field(body, "Resources");
    if total.is_none() && resources.is_none() {
        return None;
    }
    let resources = match resources {
        Some(Value::Array(items)) => items.as_slice(),
        None => &[],
        Some(_) => return None,
    };
    Some(List {
        total: total.and_then(Value::as_u64),
        odd_total: total.is_some_and(|total| !total.is_u64()),
        resources,
    })
}

/// What an endpoint says about an error: its `detail` (RFC 7644 §3.12), else the start of the body.
pub(crate) fn detail(exchange: &Exchange) -> String {
    if let Answer::Failed(error) = &exchange.answer {
        return error.to_string();
    }
    if let Some(detail) = exchange.json().and_then(|body| field(body, "detail")).and_then(Value::as_str) {
        return excerpt(detail);
    }
    let body = exchange.response().map(|response| response.body.trim()).unwrap_or_default();
    match (body, exchange.json()) {
        ("", _) => format!("HTTP {} with an empty body", exchange.status()),
        (body, Some(_)) => format!("HTTP {}: {}", exchange.status(), excerpt(body)),
        (body, None) => format!("HTTP {}: Invalid JSON: {}", exchange.status(), excerpt(body)),
    }
}

fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(EXCERPT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_that_would_leave_its_collection_is_none() {
        for bad in [json!(""), json!(".."), json!("."), json!(7), json!(null)] {
            assert_eq!(id(&json!({"id": bad.clone()})), None, "{bad}");
        }
        assert_eq!(id(&json!({"ID": "a"})), Some("a"));
    }

    #[test]
    fn a_list_is_read_leniently_and_anything_else_is_no_list() {
        let lower = json!({"totalResults": 1, "resources": [{"id": "a"}]});
        assert_eq!(list(&lower).map(|list| list.resources.len()), Some(1));
        let empty = json!({"totalResults": 0});
        assert_eq!(list(&empty).map(|list| list.resources.len()), Some(0));
        let odd = json!({"totalResults": "1", "Resources": []});
        assert!(list(&odd).is_some_and(|list| list.odd_total));
        for no_list in [json!({"id": "a"}), json!([]), json!("x"), json!({"Resources": "none"})] {
            assert!(list(&no_list).is_none(), "{no_list}");
        }
    }
}
