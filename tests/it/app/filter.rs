//! Filters of lookups and of value paths: comparisons by `eq`, joined by `and`.

use serde_json::Value;

use super::attribute::find;

/// Whether a resource or an element of a list is meant.
pub(super) fn matches(filter: &str, object: &Value, heeds_case: bool) -> bool {
    filter.split(" and ").all(|term| term_matches(term, object, heeds_case))
}

/// The comparisons of a filter: attribute and value.
pub(super) fn terms(filter: &str) -> Vec<(String, Value)> {
    filter.split(" and ").filter_map(comparison).collect()
}

fn comparison(term: &str) -> Option<(String, Value)> {
    let (path, rest) = term.trim().split_once(' ')?;
    let (operator, value) = rest.trim().split_once(' ')?;
    if !operator.eq_ignore_ascii_case("eq") {
        return None;
    }
    let value = value.trim();
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    Some((path.to_owned(), value))
}

fn term_matches(term: &str, object: &Value, heeds_case: bool) -> bool {
    // `emails[type eq "work"].value eq "ada@acme.example"`
    if let Some((name, (inner, rest))) =
        term.split_once('[').and_then(|(name, rest)| Some((name, rest.split_once(']')?)))
    {
        let Some((sub, wanted)) = comparison(rest.trim_start_matches('.')) else { return false };
        let elements = find(object, name.trim()).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        return elements.iter().any(|element| {
            matches(inner, element, heeds_case) && is_same(find(element, &sub), &wanted, heeds_case)
        });
    }
    let Some((path, wanted)) = comparison(term) else { return false };
    let (name, sub) = path.split_once('.').map_or((path.as_str(), None), |(name, sub)| (name, Some(sub)));
    match find(object, name) {
        Some(Value::Array(elements)) => {
            elements.iter().any(|element| is_same(find(element, sub.unwrap_or("value")), &wanted, heeds_case))
        }
        Some(value) => is_same(sub.map_or(Some(value), |sub| find(value, sub)), &wanted, heeds_case),
        None => false,
    }
}

fn is_same(value: Option<&Value>, wanted: &Value, heeds_case: bool) -> bool {
    match (value, wanted) {
        (Some(Value::String(value)), Value::String(wanted)) if !heeds_case => {
            value.to_lowercase() == wanted.to_lowercase()
        }
        (Some(Value::Bool(value)), Value::String(wanted)) => value.to_string() == wanted.to_lowercase(),
        (value, wanted) => value == Some(wanted),
    }
}
