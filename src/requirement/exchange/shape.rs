//! Describes requests by kind of operation, without values, so that a finding can say what was refused.

use serde_json::Value;

use crate::idp::ClientName;
use crate::scim::resource::attribute::{boolean, get};
use crate::scim::{Leniency, Path, urn};
use crate::wire::{Exchange, Method};

use super::view::Seen;

/// One thing that a request asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    /// In words: "the removal of members listed in value".
    pub(crate) words: String,
    /// What makes it special, where endpoints are known to stumble over it.
    pub(crate) oddity: Option<Oddity>,
}

/// Ways of asking that providers use and that endpoints stumble over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// `"active": "False"` (Entra).
    StringActive,
    /// `active` in a value without a path (Okta).
    PathlessActive,
    /// Anything else that has a name.
    Other,
}

/// What a request asks: the odd things where there are any, else all.
pub(crate) fn shapes(seen: &Seen<'_>) -> Vec<Shape> {
    let mut shapes = match seen.method() {
        Method::Get => vec![plain(read(seen))],
        Method::Delete => vec![plain(format!("the deletion of a {}", kind(seen)))],
        Method::Post => whole(seen, "the creation"),
        Method::Put => whole(seen, "the replacement"),
        Method::Patch => {
            let operations = seen.sent.and_then(|sent| get(sent, "Operations")?.as_array());
            match operations {
                Some(operations) if !operations.is_empty() => operations.iter().map(operation).collect(),
                _ => vec![odd("a PATCH without operations".to_owned())],
            }
        }
    };
    if shapes.iter().any(|shape| shape.oddity.is_some()) {
        shapes.retain(|shape| shape.oddity.is_some());
    }
    let mut known: Vec<String> = Vec::new();
    shapes.retain(|shape| {
        let new = !known.contains(&shape.words);
        known.push(shape.words.clone());
        new
    });
    shapes
}

/// A request in words, and its answer: a status, with the reason where it is an error.
pub(crate) fn described(exchange: &Exchange, client: ClientName) -> (String, String) {
    let seen = Seen::new(exchange, client);
    let key = exchange.request.key.says().map_or_else(String::new, |key| format!(" with {key}"));
    (phrase(&shapes(&seen)) + &key, seen.refusal())
}

/// The shapes in one phrase, the first three of many.
pub(crate) fn phrase(shapes: &[Shape]) -> String {
    const MOST: usize = 3;
    let mut words: Vec<String> = shapes.iter().take(MOST).map(|shape| shape.words.clone()).collect();
    if shapes.len() > MOST {
        words.push(format!("{} more", shapes.len() - MOST));
    }
    words.join(", ")
}

fn plain(words: String) -> Shape {
    Shape { words, oddity: None }
}

fn odd(words: String) -> Shape {
    Shape { words, oddity: Some(Oddity::Other) }
}

fn kind(seen: &Seen<'_>) -> &'static str {
    match seen.kind {
        Some(crate::scim::ResourceKind::User) => "user",
        Some(crate::scim::ResourceKind::Group) => "group",
        None => "resource",
    }
}

fn read(seen: &Seen<'_>) -> String {
    let Some(kind_of_list) = seen.list_kind() else {
        return match seen.kind {
            Some(_) => format!("the read of a {} by id", kind(seen)),
            None => format!("the read of {}", seen.exchange.request.path()),
        };
    };
    let endpoint = kind_of_list.endpoint();
    let excluding = if seen.query.excluded_attributes.is_some() { " with `excludedAttributes`" } else { "" };
    match &seen.query.filter {
        // The literal is left out: it is another one each time.
        Some(filter) => {
            let end = filter.rfind(" eq ").map_or(filter.len(), |at| at + 3);
            format!("the lookup in {endpoint} by `{} …`{excluding}", &filter[..end])
        }
        None => format!("a page of {endpoint}{excluding}"),
    }
}

/// What the endpoint may not know in `schemas`.
fn whole(seen: &Seen<'_>, act: &str) -> Vec<Shape> {
    const KNOWN: [&str; 3] = [urn::USER, urn::GROUP, urn::ENTERPRISE_USER];
    let schemas = seen.sent.and_then(|sent| get(sent, "schemas")?.as_array());
    let strange: Vec<Shape> = schemas
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|urn| !KNOWN.iter().any(|known| known.eq_ignore_ascii_case(urn)))
        .map(|urn| odd(format!("{act} of a {} with `{urn}` in `schemas`", kind(seen))))
        .collect();
    if strange.is_empty() { vec![plain(format!("{act} of a {}", kind(seen)))] } else { strange }
}

fn operation(operation: &Value) -> Shape {
    let op = get(operation, "op").and_then(Value::as_str).unwrap_or("?");
    let value = get(operation, "value").unwrap_or(&Value::Null);
    match get(operation, "path").and_then(Value::as_str) {
        Some(path) => pathed(op, path, value),
        None => pathless(op, value),
    }
}

fn pathed(op: &str, text: &str, value: &Value) -> Shape {
    let Ok(path) = Path::parse(text, &Leniency::all()) else {
        return odd(format!("`{op}` with the path `{text}`"));
    };
    let removes = op.eq_ignore_ascii_case("remove");
    match &path.filter {
        Some(_) if path.is_members() => {
            odd(format!("`{op}` of a member by value filter (`members[value eq …]`)"))
        }
        Some(_) => odd(format!("`{op}` by value filter (`{text}`)")),
        None if path.is_members() && removes && !value.is_null() => {
            odd("the removal of members listed in `value`".to_owned())
        }
        None if path.attr.is("active") && value.is_string() => string_active(value),
        None if path.attr.name.eq_ignore_ascii_case("manager") && value.is_string() => {
            odd(format!("`{op}` of the manager as a string"))
        }
        None => plain(format!("`{op}` of `{text}`")),
    }
}

fn pathless(op: &str, value: &Value) -> Shape {
    let Some(values) = value.as_object() else {
        return odd(format!("`{op}` without a path and without attributes"));
    };
    if let Some(active @ Value::String(_)) = get(value, "active") {
        return string_active(active);
    }
    if get(value, "active").is_some() && values.len() == 1 {
        let words = "`active` in a value without a path".to_owned();
        return Shape { words, oddity: Some(Oddity::PathlessActive) };
    }
    let is_path = |key: &&String| key.contains(['.', ':', '[']);
    match values.keys().find(is_path) {
        Some(key) => odd(format!("`{op}` without a path, with paths as keys (`{key}`)")),
        None => odd(format!("`{op}` without a path")),
    }
}

fn string_active(value: &Value) -> Shape {
    match boolean(value, &Leniency::all()) {
        Some(_) => Shape {
            words: "`active` as a string (`\"True\"`, `\"False\"`)".to_owned(),
            oddity: Some(Oddity::StringActive),
        },
        None => odd("`active` as a value that is not a boolean".to_owned()),
    }
}
