//! Aliases for what differs from run to run. The same value has the same alias.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;

/// An id shorter than this may be part of anything, so it is looked for only where ids stand.
const TELLING: usize = 6;
/// As many hexadecimal digits in a row are somebody's random number.
const HEX: usize = 16;

/// What stands for what.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    /// Ids of resources, and ids that the provider gives.
    ids: BTreeMap<String, String>,
    /// Times and versions, each with the resource that it is of.
    of_resource: BTreeMap<(String, String), String>,
    /// How many aliases of a sort there are.
    counts: BTreeMap<String, usize>,
}

impl Aliases {
    fn next(&mut self, sort: &str) -> String {
        let count = self.counts.entry(sort.to_owned()).or_default();
        *count += 1;
        format!("<{sort}:{count}>")
    }

    /// Takes note of a resource that was answered.
    pub(super) fn meet(&mut self, kind: ResourceKind, resource: &Value) {
        if let Some(id) = get(resource, "id").and_then(Value::as_str).filter(|id| !id.is_empty())
            && !self.ids.contains_key(id)
        {
            let alias = self.next(&kind.name().to_ascii_lowercase());
            self.ids.insert(id.to_owned(), alias);
        }
    }

    /// Takes note of the id that a provider gives in what it sends.
    pub(super) fn meet_sent(&mut self, sent: &Value) {
        if let Some(id) = get(sent, "externalId").and_then(Value::as_str).filter(|id| id.len() >= TELLING)
            && !self.ids.contains_key(id)
        {
            let alias = self.next("external");
            self.ids.insert(id.to_owned(), alias);
        }
    }

    /// Whether a resource was met.
    pub(super) fn knows(&self, resource: &Value) -> bool {
        get(resource, "id").and_then(Value::as_str).is_some_and(|id| self.ids.contains_key(id))
    }

    /// A JSON value with aliases; names sorted, and lists by what is in them, for neither order means anything.
    pub(super) fn value(&mut self, value: &Value) -> Value {
        self.within(value, "", "")
    }

    fn within(&mut self, value: &Value, key: &str, owner: &str) -> Value {
        match value {
            Value::Object(object) => {
                let own = object.get("id").and_then(Value::as_str).and_then(|id| self.ids.get(id)).cloned();
                let owner = own.unwrap_or_else(|| owner.to_owned());
                let mut names: Vec<&String> = object.keys().collect();
                names.sort();
                let entries = names.into_iter().map(|name| {
                    let within = self.within(&object[name], name, &owner);
                    (name.clone(), within)
                });
                Value::Object(entries.collect::<Map<_, _>>())
            }
            Value::Array(values) => {
                let mut order: Vec<&Value> = values.iter().collect();
                order.sort_by_cached_key(|value| self.blank(value));
                order.into_iter().map(|value| self.within(value, key, owner)).collect()
            }
            Value::String(text) => Value::String(self.string(text, key, owner)),
            other => other.clone(),
        }
    }

    fn string(&mut self, text: &str, key: &str, owner: &str) -> String {
        if key.eq_ignore_ascii_case("password") {
            return "<password>".to_owned();
        }
        if key == "version" {
            return self.of_resource("version", text, owner);
        }
        if text.contains('T') && text.parse::<jiff::Timestamp>().is_ok() {
            // Without a fraction, two times may be the same by accident.
            return if text.contains('.') {
                self.of_resource("time", text, owner)
            } else {
                "<time>".to_owned()
            };
        }
        let is_id = ["id", "value", "$ref", "location"].iter().any(|name| name.eq_ignore_ascii_case(key));
        self.text(text, is_id)
    }

    /// A version or a time, numbered within its resource.
    pub(super) fn of_resource(&mut self, sort: &str, text: &str, owner: &str) -> String {
        let key = (format!("{sort} {owner}"), text.to_owned());
        if let Some(alias) = self.of_resource.get(&key) {
            return alias.clone();
        }
        let number = self.of_resource.keys().filter(|(of, _)| *of == key.0).count() + 1;
        let alias = format!("<{sort}:{number}>");
        self.of_resource.insert(key, alias.clone());
        alias
    }

    /// A text with aliases for the ids in it; short ones only where the text is one, or a path to one.
    pub(super) fn text(&mut self, text: &str, is_id: bool) -> String {
        let mut aliased = String::with_capacity(text.len());
        let mut before = "";
        for word in words(text) {
            let is_resource = matches!(before, "Users" | "Groups");
            if !is_separator(word) {
                before = word;
            }
            let place = is_id || is_resource;
            match self.ids.get(word) {
                Some(alias) if place || word.len() >= TELLING => aliased.push_str(alias),
                _ => match random(word) {
                    Some(sort) => {
                        let alias = self.next(sort);
                        self.ids.insert(word.to_owned(), alias.clone());
                        aliased.push_str(&alias);
                    }
                    None => aliased.push_str(word),
                },
            }
        }
        aliased
    }

    /// A value as far as it is the same in every run, to sort by.
    fn blank(&self, value: &Value) -> String {
        match value {
            Value::Object(object) => {
                let mut parts: Vec<String> =
                    object.iter().map(|(name, value)| format!("{name}:{}", self.blank(value))).collect();
                parts.sort();
                parts.join(",")
            }
            Value::Array(values) => {
                let mut parts: Vec<String> = values.iter().map(|value| self.blank(value)).collect();
                parts.sort();
                parts.join(",")
            }
            Value::String(text) => words(text)
                .map(|word| match (self.ids.get(word), random(word)) {
                    (Some(alias), _) => alias,
                    (None, Some(sort)) => sort,
                    (None, None) => word,
                })
                .collect(),
            other => other.to_string(),
        }
    }
}

/// What a word is, where it looks like a random number.
fn random(word: &str) -> Option<&'static str> {
    if uuid::Uuid::try_parse(word).is_ok() {
        return Some("uuid");
    }
    let is_hex = word.len() >= HEX && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hex && word.bytes().any(|byte| byte.is_ascii_digit())).then_some("hex")
}

fn is_separator(word: &str) -> bool {
    word.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
}

/// A text in words and what stands between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        // What an escape stands for is no part of a word.
        let end = if first == '%' && rest.len() >= 3 && rest.is_char_boundary(3) {
            3
        } else {
            rest.find(|c| is_part(c) != is_part(first) || c == '%')
                .filter(|end| *end > 0)
                .unwrap_or(rest.len())
        };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn equality_is_kept() {
        let mut aliases = Aliases::default();
        let read = json!({
            "id": "7", "externalId": "00u1a2b3c4", "meta": {
                "created": "2026-01-01T00:00:00.5Z", "lastModified": "2026-01-01T00:00:00.5Z", "version": "W/\"9\"",
                "location": "http://h/Users/7"
            }, "groups": [{"value": "9f3a1c2e-0000-4000-8000-00000000000a"}], "nickName": "7"
        });
        aliases.meet(ResourceKind::User, &read);
        assert_eq!(
            aliases.value(&read),
            json!({
                "id": "<user:1>", "externalId": "00u1a2b3c4", "meta": {
                    "created": "<time:1>", "lastModified": "<time:1>", "version": "<version:1>",
                    "location": "http://h/Users/<user:1>"
                }, "groups": [{"value": "<uuid:1>"}], "nickName": "7"
            })
        );
        let mut later = read.clone();
        later["meta"]["lastModified"] = json!("2026-01-01T00:00:07.5Z");
        assert_eq!(aliases.value(&later)["meta"]["lastModified"], "<time:2>");
        assert_eq!(aliases.text("/Users/7?startIndex=7", false), "/Users/<user:1>?startIndex=7");
    }

    proptest! {
        #[test]
        fn words_are_the_whole_text(text in "\\PC{0,40}") {
            prop_assert_eq!(words(&text).collect::<String>(), text);
        }

        /// The order in which an endpoint lists members, and spells its attributes, shows nowhere.
        #[test]
        fn order_means_nothing(ids in prop::collection::btree_set("[a-z]{8}", 0..6), seed in any::<u64>()) {
            let members: Vec<Value> = ids.iter().map(|id| json!({"value": id, "type": "User"})).collect();
            let mut shuffled: Vec<Value> =
                ids.iter().map(|id| json!({"type": "User", "value": id})).collect();
            if !shuffled.is_empty() {
                let by = usize::try_from(seed % shuffled.len() as u64).unwrap();
                shuffled.rotate_left(by);
            }
            let one = Aliases::default().value(&json!({"id": "g", "members": members}));
            let other = Aliases::default().value(&json!({"members": shuffled, "id": "g"}));
            prop_assert_eq!(one.to_string(), other.to_string());
        }
    }
}
