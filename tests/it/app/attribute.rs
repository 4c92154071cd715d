//! Attributes by their names, which have no case (RFC 7643 §2.1).

use serde_json::{Map, Value};

const CORE: [&str; 2] =
    ["urn:ietf:params:scim:schemas:core:2.0:User:", "urn:ietf:params:scim:schemas:core:2.0:Group:"];
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(super) fn find<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The key under which an attribute is stored, or would be.
pub(super) fn key(object: &Map<String, Value>, name: &str) -> String {
    object.keys().find(|key| key.eq_ignore_ascii_case(name)).map_or(name, String::as_str).to_owned()
}

pub(super) fn is_list(name: &str) -> bool {
    const LISTS: [&str; 7] =
        ["members", "emails", "phoneNumbers", "addresses", "roles", "entitlements", "photos"];
    LISTS.iter().any(|list| list.eq_ignore_ascii_case(name))
}

/// A path of PATCH in its parts.
#[derive(Debug)]
pub(super) struct Path {
    /// The extension that holds the attribute.
    pub(super) extension: Option<String>,
    pub(super) name: String,
    pub(super) filter: Option<String>,
    pub(super) sub: Option<String>,
}

impl Path {
    pub(super) fn new(text: &str) -> Self {
        let text = CORE.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
        let (extension, rest) = match text.strip_prefix(ENTERPRISE) {
            Some(rest) => (Some(ENTERPRISE.to_owned()), rest.trim_start_matches(':')),
            None => (None, text),
        };
        let (name, filter, rest) = match rest.split_once('[') {
            Some((name, rest)) => {
                let (filter, rest) = rest.rsplit_once(']').unwrap_or((rest, ""));
                (name, Some(filter.to_owned()), rest)
            }
            None => match rest.split_once('.') {
                Some((name, sub)) => (name, None, sub),
                None => (rest, None, ""),
            },
        };
        let sub = rest.trim_start_matches('.');
        Self { extension, name: name.to_owned(), filter, sub: (!sub.is_empty()).then(|| sub.to_owned()) }
    }
}
