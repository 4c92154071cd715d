//! Queries, in a URL and in the body of a search (RFC 7644 §3.4.2, §3.4.3).

use std::borrow::Cow;

use serde_json::Value;

use crate::scim::message::check_schema;
use crate::scim::resource::attribute::get;
use crate::scim::{Leniency, ScimError, ScimType, urn};

/// In which direction a query sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SortOrder {
    /// Smallest first, which is the default.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// The parameters of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// The filter, not parsed yet.
    pub filter: Option<String>,
    /// The first result wanted; the first of all is 1.
    pub start_index: usize,
    /// How many results are wanted at most; as many as the endpoint likes, where that is not said.
    pub count: Option<usize>,
    /// The attributes wanted, separated by commas.
    pub attributes: Option<String>,
    /// The attributes not wanted, separated by commas.
    pub excluded_attributes: Option<String>,
    /// The attribute to sort by.
    pub sort_by: Option<String>,
    /// The direction of sorting.
    pub sort_order: SortOrder,
    /// The cursor, where the query pages by cursors; empty for the first page (RFC 9865).
    pub cursor: Option<String>,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            filter: None,
            start_index: 1,
            count: None,
            attributes: None,
            excluded_attributes: None,
            sort_by: None,
            sort_order: SortOrder::Ascending,
            cursor: None,
        }
    }
}

impl ListQuery {
    /// The parameters that a query string may have.
    pub const PARAMETERS: [&str; 8] = [
        "filter",
        "startIndex",
        "count",
        "attributes",
        "excludedAttributes",
        "sortBy",
        "sortOrder",
        "cursor",
    ];

    /// Reads a raw query string, without its `?`. `+` and `%20` are both a space.
    ///
    /// A `startIndex` below 1 counts as 1 and a `count` below 0 as 0 (RFC 7644 §3.4.2.4). Parameters that are unknown or
    /// have no value are ignored: Entra's `aadOptscim062020` flag can reach the endpoint (docs/providers/entra.md#flag-in-the-tenant-url). Of a
    /// parameter that is given twice, the first counts. Names of parameters have no case. Only `cursor` means something
    /// without a value: the first page (RFC 9865 §2).
    ///
    /// 400 `invalidValue` where a number is none or `sortOrder` is neither of its two values.
    pub fn parse(query: &str) -> Result<Self, ScimError> {
        let mut read = Self::default();
        let mut seen = [false; Self::PARAMETERS.len()];
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name);
            let known =
                Self::PARAMETERS.iter().zip(&mut seen).find(|(known, _)| known.eq_ignore_ascii_case(&name));
            let Some((&name, seen)) = known else { continue };
            let value = decode(value);
            if (value.is_empty() && name != "cursor") || std::mem::replace(seen, true) {
                continue;
            }
            let value = value.into_owned();
            match name {
                "filter" => read.filter = Some(value),
                "startIndex" => read.start_index = whole(name, &value)?.max(1),
                "count" => read.count = Some(whole(name, &value)?),
                "attributes" => read.attributes = Some(value),
                "excludedAttributes" => read.excluded_attributes = Some(value),
                "sortBy" => read.sort_by = Some(value),
                "sortOrder" => read.sort_order = sort_order(&value)?,
                _ => read.cursor = Some(value),
            }
        }
        Ok(read)
    }

    /// Reads the body of a query that is sent by POST to `/.search` (RFC 7644 §3.4.3); the rules are those of [`Self::parse`].
    ///
    /// 400 `invalidSyntax` where the body is no object or does not name its schema, `invalidValue` where a member has the
    /// wrong type.
    pub fn from_search_request(body: &Value, leniency: &Leniency) -> Result<Self, ScimError> {
        if !body.is_object() {
            let detail = "the body of a search must be a JSON object";
            return Err(ScimError::bad_request(ScimType::InvalidSyntax, detail));
        }
        if !leniency.message_schemas {
            check_schema(body, urn::SEARCH_REQUEST)?;
        }
        let wrong = |name: &str| {
            let detail = format!("{name:?} has the wrong type");
            ScimError::bad_request(ScimType::InvalidValue, detail)
        };
        let text = |name: &str| match get(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(wrong(name)),
        };
        let names = |name: &str| match get(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(names)) => {
                let names: Option<Vec<&str>> = names.iter().map(Value::as_str).collect();
                let names = names.ok_or_else(|| wrong(name))?.join(",");
                Ok(Some(names).filter(|names| !names.is_empty()))
            }
            Some(_) => Err(wrong(name)),
        };
        let number = |name: &str| match get(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => whole(name, &number.to_string()).map(Some),
            Some(_) => Err(wrong(name)),
        };
        Ok(Self {
            filter: text("filter")?,
            start_index: number("startIndex")?.unwrap_or(1).max(1),
            count: number("count")?,
            attributes: names("attributes")?,
            excluded_attributes: names("excludedAttributes")?,
            sort_by: text("sortBy")?,
            sort_order: match text("sortOrder")? {
                Some(order) => sort_order(&order)?,
                None => SortOrder::Ascending,
            },
            cursor: match get(body, "cursor") {
                None | Some(Value::Null) => None,
                Some(Value::String(cursor)) => Some(cursor.clone()),
                Some(_) => return Err(wrong("cursor")),
            },
        })
    }
}

/// The text without its escapes; what is no UTF-8 then is replaced.
///
/// `percent_encoding` does the same in twice the instructions, which would be a twentieth of a whole lookup.
fn decode(text: &str) -> Cow<'_, str> {
    let is_escape = |byte: &u8| matches!(byte, b'%' | b'+');
    let Some(first) = text.as_bytes().iter().position(is_escape) else {
        return text.into();
    };
    let (plain, mut rest) = text.as_bytes().split_at(first);
    let mut decoded = Vec::with_capacity(text.len());
    decoded.extend(plain);
    while let [byte, behind @ ..] = rest {
        let (meant, behind) = match (byte, behind) {
            (b'%', [high, low, behind @ ..]) if let (Some(high), Some(low)) = (hex(*high), hex(*low)) => {
                (high << 4 | low, behind)
            }
            (b'+', _) => (b' ', behind),
            _ => (*byte, behind),
        };
        decoded.push(meant);
        rest = behind;
    }
    String::from_utf8(decoded)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
        .into()
}

/// The value of a hexadecimal digit.
fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// A whole number; a negative one counts as 0, one that is too large as the largest.
fn whole(name: &str, value: &str) -> Result<usize, ScimError> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let detail = format!("{name} must be a whole number, not {value:?}");
        return Err(ScimError::bad_request(ScimType::InvalidValue, detail));
    }
    if value.starts_with('-') {
        return Ok(0);
    }
    Ok(digits.parse().unwrap_or(usize::MAX))
}

fn sort_order(value: &str) -> Result<SortOrder, ScimError> {
    if value.eq_ignore_ascii_case("ascending") {
        Ok(SortOrder::Ascending)
    } else if value.eq_ignore_ascii_case("descending") {
        Ok(SortOrder::Descending)
    } else {
        let detail = format!("sortOrder must be ascending or descending, not {value:?}");
        Err(ScimError::bad_request(ScimType::InvalidValue, detail))
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;
    use serde_json::json;

    use super::{ListQuery, SortOrder};
    use crate::scim::{Leniency, ScimType};

    fn parse(query: &str) -> ListQuery {
        ListQuery::parse(query).unwrap()
    }

    #[test]
    fn both_spellings_of_a_space_are_one() {
        let expected = Some(r#"userName eq "a+b@example.com""#.to_owned());
        for query in [
            "filter=userName+eq+%22a%2Bb%40example.com%22",
            "filter=userName%20eq%20%22a%2Bb@example.com%22",
            "filter=userName+eq%20%22a%2bb@example.com%22",
        ] {
            assert_eq!(parse(query).filter, expected, "{query}");
        }
        assert_eq!(
            parse("filter=displayName+eq+%22M%C3%BCller%22").filter.unwrap(),
            "displayName eq \"Müller\""
        );
    }

    #[test]
    fn pages_are_bounded_as_the_rfc_says() {
        for (query, start_index, count) in [
            ("", 1, None),
            ("startIndex=0&count=-1", 1, Some(0)),
            ("startIndex=-7", 1, None),
            ("startIndex=101&count=100", 101, Some(100)),
            ("STARTINDEX=2&Count=3", 2, Some(3)),
            ("count=99999999999999999999999", 1, Some(usize::MAX)),
            ("startIndex=&count=", 1, None),
            ("startIndex=5&startIndex=9", 5, None),
        ] {
            let read = parse(query);
            assert_eq!((read.start_index, read.count), (start_index, count), "{query}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for query in ["startIndex=abc", "count=1.5", "count=-", "count=%2B1", "sortOrder=up"] {
            let error = ListQuery::parse(query).unwrap_err();
            assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidValue)), "{query}");
        }
    }

    #[test]
    fn flags_that_leak_into_the_query_are_ignored() {
        for query in
            ["aadOptscim062020&filter=id+pr", "filter=id+pr&aadOptscim062020=true", "&&filter=id+pr&=x"]
        {
            let expected = ListQuery { filter: Some("id pr".to_owned()), ..ListQuery::default() };
            assert_eq!(parse(query), expected, "{query}");
        }
    }

    #[test]
    fn an_empty_cursor_asks_for_the_first_page() {
        for (query, cursor) in [
            ("count=10", None),
            ("cursor&count=10", Some("")),
            ("count=10&cursor=", Some("")),
            ("cursor=VZUTiyhEQJ94IR&count=10", Some("VZUTiyhEQJ94IR")),
            ("Cursor=a&cursor=b", Some("a")),
        ] {
            assert_eq!(parse(query).cursor.as_deref(), cursor, "{query}");
        }
    }

    #[test]
    fn the_rest_is_read_too() {
        let read =
            parse("excludedAttributes=members&attributes=id,userName&sortBy=userName&sortOrder=Descending");
        assert_eq!(read.excluded_attributes.as_deref(), Some("members"));
        assert_eq!(read.attributes.as_deref(), Some("id,userName"));
        assert_eq!(read.sort_by.as_deref(), Some("userName"));
        assert_eq!(read.sort_order, SortOrder::Descending);
    }

    #[test]
    fn a_search_request_says_the_same_as_a_query() {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "Attributes": ["id", "userName"], "excludedAttributes": [], "filter": "id pr", "sortBy": "userName",
            "sortOrder": "descending", "startIndex": 0, "count": -1
        });
        let query =
            "attributes=id,userName&filter=id+pr&sortBy=userName&sortOrder=descending&startIndex=0&count=-1";
        assert_eq!(ListQuery::from_search_request(&body, &Leniency::none()), Ok(parse(query)));
        let lenient = |body| ListQuery::from_search_request(&body, &Leniency::all());
        assert_eq!(lenient(json!({"filter": null, "cursor": null})), Ok(ListQuery::default()));
        assert_eq!(lenient(json!({"cursor": "", "count": 2})), Ok(parse("cursor&count=2")));
        for (body, expected) in [
            (json!([]), ScimType::InvalidSyntax),
            (json!({"filter": 1}), ScimType::InvalidValue),
            (json!({"attributes": "id"}), ScimType::InvalidValue),
            (json!({"attributes": [1]}), ScimType::InvalidValue),
            (json!({"count": "1"}), ScimType::InvalidValue),
            (json!({"count": 1.5}), ScimType::InvalidValue),
            (json!({"sortOrder": "up"}), ScimType::InvalidValue),
            (json!({"cursor": 1}), ScimType::InvalidValue),
        ] {
            let error = ListQuery::from_search_request(&body, &Leniency::all()).unwrap_err();
            assert_eq!(error.scim_type, Some(expected), "{body}");
        }
        for schemas in [json!(null), json!([]), json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"])] {
            let error =
                ListQuery::from_search_request(&json!({"schemas": schemas}), &Leniency::none()).unwrap_err();
            assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax), "{schemas}");
        }
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_read_as_it_was(filter in "\\PC+", id in any::<String>()) {
            let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let query = format!("filter={}&attributes={}", escape(&filter), escape(&id));
            let read = parse(&query);
            prop_assert_eq!(read.filter, Some(filter));
            prop_assert_eq!(read.attributes.unwrap_or_default(), id);
        }

        #[test]
        fn any_query_is_read_or_refused(query in "\\PC*") {
            let _ = ListQuery::parse(&query);
        }
    }
}
