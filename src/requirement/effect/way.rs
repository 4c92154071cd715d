//! The ways in which a change is asked for: what an endpoint may get wrong whatever the change is about.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::requirement::exchange::view::Seen;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::{Exchange, Method};

/// A way in which a change was asked for. Of two that explain the same, the first one is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// By this method, whatever it was.
    Every(Method, ResourceKind),
    /// By an operation of a PATCH without a path.
    Pathless,
    /// By an operation of a PATCH after the first one.
    AfterTheFirst,
    /// By an operation of a PATCH that begins with a capital letter.
    Capital,
    /// With a boolean as a string.
    Text,
    /// By this operation of a PATCH.
    Operation(&'static str),
    /// Of this attribute.
    Attribute(ResourceKind, &'static str),
    /// Of this attribute, by this method.
    By(Method, ResourceKind, &'static str),
}

/// What became of all changes that were asked for in a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The request was taken, and the change was not there.
    Ignored,
    /// The request was refused.
    Refused,
    /// Now this, now that.
    Either,
}

impl Way {
    /// The ways of an operation, by its place in the request.
    pub(super) fn of_operation(operation: &Value, place: usize, kind: ResourceKind) -> Vec<Self> {
        let mut ways = vec![Self::Every(Method::Patch, kind)];
        let op = get(operation, "op").and_then(Value::as_str).unwrap_or_default();
        if get(operation, "path").is_none_or(Value::is_null) {
            ways.push(Self::Pathless);
        }
        if place > 0 {
            ways.push(Self::AfterTheFirst);
        }
        if op.starts_with(char::is_uppercase) {
            ways.push(Self::Capital);
        }
        if says_active_as_text(operation) {
            ways.push(Self::Text);
        }
        let known = ["add", "remove", "replace"];
        ways.extend(known.into_iter().find(|name| name.eq_ignore_ascii_case(op)).map(Self::Operation));
        ways
    }

    /// The ways of a whole request.
    pub(super) fn of_request(seen: &Seen<'_>, kind: ResourceKind) -> BTreeSet<Self> {
        let operations = seen.sent.and_then(|sent| get(sent, "Operations")).and_then(Value::as_array);
        let operations = operations.filter(|_| seen.method() == Method::Patch).into_iter().flatten();
        let ways =
            operations.enumerate().flat_map(|(place, operation)| Self::of_operation(operation, place, kind));
        ways.chain([Self::Every(seen.method(), kind)]).collect()
    }

    /// The ways of a PATCH that are about its form and not about what it changes.
    pub fn of_exchange(exchange: &Exchange) -> BTreeSet<Self> {
        let is_form = |way: &Self| matches!(way, Self::Pathless | Self::AfterTheFirst | Self::Capital);
        let operations = exchange.request.json().and_then(|sent| get(sent, "Operations")?.as_array());
        let operations = operations.filter(|_| exchange.request.method == Method::Patch);
        let ways = operations.into_iter().flatten().enumerate();
        ways.flat_map(|(place, operation)| Self::of_operation(operation, place, ResourceKind::User))
            .filter(is_form)
            .collect()
    }

    /// Whether it is about an attribute, so that a requirement tells what is wrong.
    pub fn is_of_attribute(self) -> bool {
        matches!(self, Self::Attribute(..) | Self::By(..) | Self::Text)
    }

    /// The word for it in the id of a cause.
    pub fn key(self) -> String {
        match self {
            Self::Every(method, kind) => format!("every-{method}-of-a-{}", kind.name()).to_ascii_lowercase(),
            Self::Pathless => "without-a-path".to_owned(),
            Self::AfterTheFirst => "after-the-first".to_owned(),
            Self::Capital => "in-capitals".to_owned(),
            Self::Text => "boolean-as-a-string".to_owned(),
            Self::Operation(name) => name.to_owned(),
            Self::Attribute(kind, name) | Self::By(_, kind, name) => {
                format!("{}-{name}", kind.name()).to_ascii_lowercase()
            }
        }
    }

    /// What the endpoint does, as a fragment that begins in lower case.
    pub fn sentence(self, fate: Fate) -> String {
        match (self, fate) {
            (Self::AfterTheFirst, Fate::Ignored) => {
                "only the first operation of a PATCH is applied".to_owned()
            }
            (Self::AfterTheFirst, _) => format!("a PATCH with several operations {fate}"),
            (Self::Every(method, kind), _) => {
                format!("every {method} of a {} {fate}", kind.name().to_ascii_lowercase())
            }
            (Self::Pathless, _) => format!("an operation of a PATCH without a path {fate}"),
            (Self::Capital, _) => {
                format!("an operation of a PATCH whose name begins with a capital letter {fate}")
            }
            (Self::Text, _) => format!("a boolean as a string {fate}"),
            (Self::Operation(name), _) => format!("the operation `{name}` of a PATCH {fate}"),
            (Self::Attribute(kind, name), _) => {
                format!("a change of `{name}` of a {} {fate}", kind.name().to_ascii_lowercase())
            }
            (Self::By(method, kind, name), _) => {
                format!("a change of `{name}` of a {} by {method} {fate}", kind.name().to_ascii_lowercase())
            }
        }
    }
}

/// Whether an operation says `active` as a string.
fn says_active_as_text(operation: &Value) -> bool {
    let value = get(operation, "value").unwrap_or(&Value::Null);
    let path = get(operation, "path").and_then(Value::as_str);
    match path {
        Some(path) => path.eq_ignore_ascii_case("active") && value.is_string(),
        None => get(value, "active").is_some_and(Value::is_string),
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ignored => "is ignored",
            Self::Refused => "is refused",
            Self::Either => "has no effect",
        })
    }
}
