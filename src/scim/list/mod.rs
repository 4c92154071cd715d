//! Queries and their answers (RFC 7644 §3.4.2, RFC 9865). Sorting and cursors have files of their own.
//!
//! May use, of `scim`: `attr_path`, `error`, `filter`, `json`, `kind`, `leniency`, `message`, `resource`, `schema`,
//! `urn`.

pub mod cursor;
pub mod query;
pub mod sort;

use serde_json::{Value, json};

use super::json::text::push_number;
use super::resource::attribute::set;
use super::urn;

/// The answer to a query: numbers are JSON numbers, `Resources` is there even where it is empty (docs/providers/entra.md#required-empty-lists).
pub fn list_response(total: usize, start_index: usize, resources: Vec<Value>) -> Value {
    let mut answer = json!({
        "schemas": [urn::LIST_RESPONSE],
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": resources.len(),
    });
    // Moved, not copied: a page can be large.
    set(&mut answer, "Resources", Value::Array(resources));
    answer
}

/// What [`list_response`] gives, as text, from resources that `push` adds as JSON text.
pub(crate) fn list_text<T>(
    total: usize,
    start_index: usize,
    resources: &[T],
    push: impl Fn(&mut Vec<u8>, &T),
) -> Vec<u8> {
    let mut text = Vec::with_capacity(2048);
    text.extend(b"{\"schemas\":[\"");
    text.extend(urn::LIST_RESPONSE.as_bytes());
    text.extend(b"\"],\"totalResults\":");
    push_number(&mut text, total);
    text.extend(b",\"startIndex\":");
    push_number(&mut text, start_index);
    text.extend(b",\"itemsPerPage\":");
    push_number(&mut text, resources.len());
    text.extend(b",\"Resources\":[");
    for (place, resource) in resources.iter().enumerate() {
        if place > 0 {
            text.push(b',');
        }
        push(&mut text, resource);
    }
    text.extend(b"]}");
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{list_response, list_text};

    #[test]
    fn the_text_of_a_list_is_the_list() {
        for count in 0..3 {
            let resources: Vec<Value> = (0..count).map(|number| json!({"id": number.to_string()})).collect();
            let push = |text: &mut Vec<u8>, each: &Value| text.extend(each.to_string().into_bytes());
            let text = list_text(7, 3, &resources, push);
            assert_eq!(String::from_utf8(text).unwrap(), list_response(7, 3, resources).to_string());
        }
    }

    #[test]
    fn an_empty_answer_still_has_resources() {
        assert_eq!(
            list_response(0, 1, vec![]),
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []})
        );
        assert_eq!(list_response(9, 4, vec![json!({}), json!({})])["itemsPerPage"], 2);
    }
}
