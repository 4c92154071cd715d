//! What a write changes, as far as that is certain.

use serde_json::Value;

use crate::scim::filter::Filter;
use crate::scim::resource::attribute::{boolean, get, is_unassigned};
use crate::scim::{AttrPath, Leniency, Path, ResourceKind};
use crate::wire::Method;

use super::attribute::{Attribute, parent, work_email};
use super::view::Seen;

/// How a value was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// In a whole resource, or read.
    Whole,
    /// By a PATCH with a path.
    Path,
    /// By a PATCH without a path.
    Pathless,
    /// By a PATCH, a boolean as a string.
    StringBoolean,
}

/// One thing that a write does to a resource.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// The attribute has this value now.
    Set(Attribute, Value, How),
    /// The attribute may have any value now.
    Forget(Attribute),
    /// These are members now.
    AddMembers(Vec<String>),
    /// These are no members now.
    RemoveMembers(Vec<String>),
    /// These and no others are members now.
    SetMembers(Vec<String>),
    /// Anybody may be a member now.
    ForgetMembers,
}

impl Change {
    /// The attribute that it is about, without its sub-attribute.
    pub(crate) fn subject(&self) -> &'static str {
        match self {
            Self::Set(attribute, ..) | Self::Forget(attribute) => parent(attribute.as_str()),
            Self::AddMembers(_) | Self::RemoveMembers(_) | Self::SetMembers(_) | Self::ForgetMembers => {
                "members"
            }
        }
    }
}

/// The changes that a successful write makes, in order.
pub(crate) fn changes(kind: ResourceKind, seen: &Seen<'_>) -> Vec<Change> {
    let Some(sent) = seen.sent else { return forget_all(kind) };
    match seen.method() {
        Method::Post | Method::Put => whole(kind, seen.method(), sent),
        Method::Patch => patch(kind, sent),
        Method::Get | Method::Delete => Vec::new(),
    }
}

/// The changes that a write asks for, each with the operation of a PATCH that asks, and its place in the request.
pub(crate) fn requests<'a>(kind: ResourceKind, seen: &Seen<'a>) -> Vec<(Change, Option<(usize, &'a Value)>)> {
    let operations = match seen.method() {
        Method::Patch => seen.sent.and_then(|sent| get(sent, "Operations")).and_then(Value::as_array),
        _ => return changes(kind, seen).into_iter().map(|change| (change, None)).collect(),
    };
    let operations = operations.into_iter().flatten().enumerate();
    operations
        .flat_map(|(place, operation)| {
            self::operation(kind, operation).into_iter().map(move |change| (change, Some((place, operation))))
        })
        .collect()
}

/// Everything may be different.
pub(crate) fn forget_all(kind: ResourceKind) -> Vec<Change> {
    let attributes = Attribute::of(kind).iter().copied().map(Change::Forget);
    attributes.chain([Change::ForgetMembers]).collect()
}

fn whole(kind: ResourceKind, method: Method, sent: &Value) -> Vec<Change> {
    let mut changes: Vec<Change> = Attribute::of(kind)
        .iter()
        .map(|attribute| set(*attribute, attribute.value(sent), How::Whole))
        .collect();
    if kind == ResourceKind::Group {
        changes.push(match (get(sent, "members").map(ids), method) {
            (Some(Some(ids)), _) => Change::SetMembers(ids),
            (None, Method::Post) => Change::SetMembers(Vec::new()),
            // A PUT without members may clear them (RFC 7644 §3.5.1).
            _ => Change::ForgetMembers,
        });
    }
    changes
}

fn patch(kind: ResourceKind, sent: &Value) -> Vec<Change> {
    let Some(operations) = get(sent, "Operations").and_then(Value::as_array) else {
        return forget_all(kind);
    };
    let mut changes: Vec<Change> =
        operations.iter().flat_map(|operation| self::operation(kind, operation)).collect();
    let renamed = changes.iter().any(|change| matches!(change, Change::Set(Attribute::UserName, ..)));
    let mailed = changes.iter().any(|change| matches!(change, Change::Set(Attribute::WorkEmail, ..)));
    if renamed && !mailed {
        // Where people log in with their address, a new login name is a new address.
        changes.push(Change::Forget(Attribute::WorkEmail));
    }
    changes
}

fn operation(kind: ResourceKind, operation: &Value) -> Vec<Change> {
    let op = get(operation, "op").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let value = get(operation, "value").unwrap_or(&Value::Null);
    if !matches!(op.as_str(), "add" | "replace" | "remove") {
        return forget_all(kind);
    }
    match get(operation, "path") {
        None | Some(Value::Null) => match value.as_object() {
            Some(values) if op != "remove" => {
                values.iter().flat_map(|(key, value)| pathless(kind, &op, key, value)).collect()
            }
            _ => forget_all(kind),
        },
        Some(path) => match Path::parse(path.as_str().unwrap_or_default(), &Leniency::all()) {
            Ok(path) => pathed(kind, &op, &path, value),
            Err(_) => forget_all(kind),
        },
    }
}

fn pathless(kind: ResourceKind, op: &str, key: &str, value: &Value) -> Vec<Change> {
    let Ok(path) = AttrPath::parse(key) else { return forget_all(kind) };
    if path.is("members") && op == "replace" && value.as_array().is_none_or(Vec::is_empty) {
        // Okta renames with `members: []` in the value (reported): an endpoint may take it at its word, or not.
        return vec![Change::ForgetMembers];
    }
    if path.is_container() {
        // An extension's container holds nothing that is followed; the core schema's would hold it all.
        return if path.name.eq_ignore_ascii_case(kind.schema()) { forget_all(kind) } else { Vec::new() };
    }
    attribute(kind, op, &path, value, How::Pathless)
}

fn pathed(kind: ResourceKind, op: &str, path: &Path, value: &Value) -> Vec<Change> {
    let Some(filter) = &path.filter else {
        return attribute(kind, op, &path.attr, value, How::Path);
    };
    if path.attr.is("members") {
        let named = filter.equality().filter(|(attribute, _)| attribute.is("value"));
        return vec![match named {
            Some((_, id)) if op == "remove" && path.sub.is_none() => {
                Change::RemoveMembers(vec![id.to_owned()])
            }
            _ => Change::ForgetMembers,
        }];
    }
    if path.attr.is("emails") && kind == ResourceKind::User {
        let is_value = path.sub.as_deref().is_some_and(|sub| sub.eq_ignore_ascii_case("value"));
        return match kind_of(filter) {
            Some(kind) if kind.eq_ignore_ascii_case("work") && is_value && op != "remove" => {
                vec![set(Attribute::WorkEmail, Some(value), How::Path)]
            }
            // Who has one address only was known by it, of whatever type.
            _ => vec![Change::Forget(Attribute::WorkEmail)],
        };
    }
    Vec::new()
}

/// The type that a filter names.
fn kind_of(filter: &Filter) -> Option<&str> {
    filter.equality().filter(|(attribute, _)| attribute.is("type")).map(|(_, kind)| kind)
}

fn attribute(kind: ResourceKind, op: &str, path: &AttrPath, value: &Value, how: How) -> Vec<Change> {
    if kind == ResourceKind::Group && path.parent().is("members") {
        return vec![members(op, path, value)];
    }
    if path.is("name") && kind == ResourceKind::User {
        return [Attribute::GivenName, Attribute::FamilyName]
            .into_iter()
            .zip(["givenName", "familyName"])
            .map(|(attribute, key)| match get(value, key) {
                Some(value) if op != "remove" => set(attribute, Some(value), how),
                _ => Change::Forget(attribute),
            })
            .collect();
    }
    if path.parent().is("emails") {
        return vec![match work_email(value) {
            Some(email) if op == "replace" && path.sub.is_none() => {
                set(Attribute::WorkEmail, Some(email), how)
            }
            _ => Change::Forget(Attribute::WorkEmail),
        }];
    }
    match Attribute::at(kind, path) {
        Some(attribute) if op == "remove" => vec![Change::Forget(attribute)],
        Some(attribute) => vec![set(attribute, Some(value), how)],
        None => Vec::new(),
    }
}

fn members(op: &str, path: &AttrPath, value: &Value) -> Change {
    match (op, path.sub.is_some(), ids(value)) {
        ("add", false, Some(ids)) => Change::AddMembers(ids),
        ("replace", false, Some(ids)) => Change::SetMembers(ids),
        ("remove", false, Some(ids)) if !ids.is_empty() => Change::RemoveMembers(ids),
        ("remove", false, None) if value.is_null() => Change::SetMembers(Vec::new()),
        _ => Change::ForgetMembers,
    }
}

/// The members' ids, where every element has one.
fn ids(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|member| Some(get(member, "value")?.as_str()?.to_owned())).collect()
}

fn set(attribute: Attribute, value: Option<&Value>, how: How) -> Change {
    let Some(value) = value.filter(|value| !is_unassigned(value)) else { return Change::Forget(attribute) };
    match (attribute, value) {
        (Attribute::Active, Value::Bool(_)) => Change::Set(attribute, value.clone(), how),
        (Attribute::Active, other) => match boolean(other, &Leniency::all()) {
            Some(active) => {
                let how = if how == How::Whole { how } else { How::StringBoolean };
                Change::Set(attribute, Value::Bool(active), how)
            }
            None => Change::Forget(attribute),
        },
        (_, Value::String(_)) => Change::Set(attribute, value.clone(), how),
        _ => Change::Forget(attribute),
    }
}
