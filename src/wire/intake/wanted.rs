//! What an answer that is too large to be kept whole is searched for.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::wire::message::marks::Marks;
use crate::wire::message::request::Request;

/// The marks of a request as they are when its answer comes, and what its filter asks for.
#[derive(Debug)]
pub(in crate::wire) struct Wanted(Marks);

impl Wanted {
    /// What the answer to a request is searched for.
    pub(in crate::wire) fn of(request: &Request) -> Self {
        let all = request.marks.as_ref().map(Marks::as_they_are).unwrap_or_default();
        for literal in filter_literals(request) {
            all.add_part(&literal);
        }
        Self(all)
    }

    /// Whether a text in a value is one of ours.
    pub(in crate::wire) fn are_in(&self, value: &Value) -> bool {
        self.0.are_in(value)
    }
}

/// The texts in quotes of a request's filter.
fn filter_literals(request: &Request) -> Vec<String> {
    let mut parts = request.query().unwrap_or_default().split('&');
    let Some(filter) = parts.find_map(|part| part.strip_prefix("filter=")) else {
        return Vec::new();
    };
    let filter = filter.replace('+', " ");
    let filter = percent_decode_str(&filter).decode_utf8_lossy();
    let mut literals = Vec::new();
    let mut rest = &*filter;
    while let Some(start) = rest.find('"') {
        let mut texts = serde_json::Deserializer::from_str(&rest[start..]).into_iter::<String>();
        match texts.next() {
            Some(Ok(literal)) => literals.push(literal),
            _ => break,
        }
        rest = &rest[start + texts.byte_offset()..];
    }
    literals
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::Method;

    fn is_in(marks: &Marks, target: &str, text: &str) -> bool {
        let mut request = Request::new(Method::Get, target);
        request.marks = Some(marks.clone());
        Wanted::of(&request).are_in(&json!([{"a": text}]))
    }

    #[test]
    fn finds_names_by_a_part_and_ids_as_a_whole() {
        let marks = Marks::default();
        marks.add_part("k3f92x01");
        marks.add("7");
        for (text, ours) in
            [("K3F92x01.ada@example.com", true), ("7", true), ("77", false), ("bob@example.com", false)]
        {
            assert_eq!(is_in(&marks, "/Users", text), ours, "{text}");
        }
    }

    #[test]
    fn finds_what_the_filter_asks_for() {
        for target in [
            "/Users?filter=userName+eq+%22Ada+%5C%22B%5C%22%22+or+title+eq+%22x%22&count=1",
            "/Users?count=1&filter=userName%20eq%20%22Ada%20%5C%22B%5C%22%22%20or%20title%20eq%20%22x%22",
        ] {
            for (text, ours) in [("ada \"b\"", true), ("X", true), ("max", false)] {
                assert_eq!(is_in(&Marks::default(), target, text), ours, "{text} {target}");
            }
        }
        assert!(!is_in(&Marks::default(), "/Users?filter=userName+eq+%22", ""));
    }
}
