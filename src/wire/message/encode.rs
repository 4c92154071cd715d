//! How values are written into a request target: filter literal first, then path segment or query.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// RFC 3986 §2.3: what never needs encoding.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same for what would be a step up or nowhere.
const WITHOUT_DOTS: &AsciiSet = &UNRESERVED.add(b'.');

/// A value as a JSON string's inside, which is what a SCIM filter literal is (RFC 7644 §3.4.2.2).
pub fn filter_literal(value: &str) -> String {
    json_string(value)
}

/// A value as it stands between the quotes of a JSON string.
pub fn json_string(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// A value as one segment of a path. Dots are escaped, too, where they would lead somewhere else if a server decoded the
/// path before it splits it.
pub fn path_segment(value: &str) -> Cow<'_, str> {
    let has_steps = value.split(['/', '\\']).any(|piece| matches!(piece, "." | ".."));
    percent_encode(value.as_bytes(), if has_steps { WITHOUT_DOTS } else { UNRESERVED }).into()
}

/// Whether an id can be a segment of a path. `.` and `..` cannot, however they are escaped (RFC 3986 §6.2.2.2), and nothing
/// is no segment.
pub fn stays_in_its_segment(id: &str) -> bool {
    !matches!(id, "" | "." | "..")
}

/// A query value with `%20` for a space, as Okta and Google write it.
pub fn query_percent(value: &str) -> String {
    percent_encode(value.as_bytes(), UNRESERVED).to_string()
}

/// A query value with `+` for a space, as Entra writes it.
pub fn query_plus(value: &str) -> String {
    query_percent(value).replace("%20", "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_write_the_same_filter_differently() {
        let filter = format!("userName eq \"{}\"", filter_literal("o'hara+1@example.com"));
        assert_eq!(query_plus(&filter), "userName+eq+%22o%27hara%2B1%40example.com%22");
        assert_eq!(query_percent(&filter), "userName%20eq%20%22o%27hara%2B1%40example.com%22");
    }

    #[test]
    fn quotes_in_a_value_stay_inside_the_literal() {
        assert_eq!(filter_literal(r#"a "b" \c"#), r#"a \"b\" \\c"#);
    }

    #[test]
    fn ids_cannot_leave_their_segment() {
        assert_eq!(path_segment("a/b?c d@e"), "a%2Fb%3Fc%20d%40e");
        assert_eq!(path_segment("a.b"), "a.b");
        assert_eq!(path_segment(".."), "%2E%2E");
        assert_eq!(path_segment("../Groups/1"), "%2E%2E%2FGroups%2F1");
        for id in ["", ".", ".."] {
            assert!(!stays_in_its_segment(id), "{id}");
        }
        for id in ["a", "...", "a..b", "a/b", "../x", "%2e%2e", "1.", "\0"] {
            assert!(stays_in_its_segment(id), "{id}");
        }
    }
}
