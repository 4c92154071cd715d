//! Sorting (RFC 7644 §3.4.2.3).
//!
//! Text without case sorts by its lower case, code point by code point: the RFC wants a Unicode order of no locale.

use std::cmp::{Ordering, Reverse};

use jiff::Timestamp;
use serde_json::{Number, Value};

use super::query::{ListQuery, SortOrder};
use crate::scim::filter::eval::order;
use crate::scim::filter::instant::instant;
use crate::scim::resource::attribute::{get, is_unassigned};
use crate::scim::schema;
use crate::scim::schema::{AttributeDef, AttributeType, Returned};
use crate::scim::{AttrPath, ResourceKind, ScimError, ScimType};

/// By which attribute a query sorts, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorting {
    path: AttrPath,
    definition: Option<&'static AttributeDef>,
    descending: bool,
}

impl Sorting {
    /// The sorting that the query asks for, if it does. `sortOrder` without `sortBy` says nothing.
    ///
    /// 400 `invalidPath` where `sortBy` is no attribute, is one that is never returned (sorting would tell what it is), or
    /// is a complex one without a `value`, of which RFC 7644 wants a sub-attribute. An attribute that no schema knows is
    /// sorted by where resources have it.
    pub fn of(kind: ResourceKind, query: &ListQuery) -> Result<Option<Self>, ScimError> {
        let Some(text) = query.sort_by.as_deref() else {
            return Ok(None);
        };
        let mut path = AttrPath::parse(text.trim())?;
        let invalid =
            |why: &str| ScimError::bad_request(ScimType::InvalidPath, format!("sortBy {text:?} {why}"));
        if path.is_container() {
            return Err(invalid("is a schema, not an attribute"));
        }
        let parent = schema::attribute(kind, &path.parent());
        let mut definition = schema::attribute(kind, &path);
        if parent.is_some() && definition.is_none() {
            return Err(invalid("is not a sub-attribute of the schema"));
        }
        if [parent, definition].into_iter().flatten().any(|def| def.returned == Returned::Never) {
            return Err(invalid("is never returned"));
        }
        if let Some(complex) = definition.filter(|def| def.data_type == AttributeType::Complex) {
            definition = complex.sub("value");
            if definition.is_none() {
                return Err(invalid("is complex: name one of its sub-attributes"));
            }
            path.sub = Some("value".to_owned());
        }
        Ok(Some(Self { path, definition, descending: query.sort_order == SortOrder::Descending }))
    }

    /// What the resource is sorted by: of a multi-valued attribute the primary value, else the first.
    pub fn key(&self, resource: &Value) -> SortKey {
        let value = self.path.locate(resource).map(|value| match value {
            Value::Array(values) => values
                .iter()
                .find(|value| is_primary(value))
                .or_else(|| values.first())
                .unwrap_or(&Value::Null),
            single => single,
        });
        let value = match (value, self.path.sub.as_deref()) {
            (Some(value @ Value::Object(_)), Some(sub)) => get(value, sub),
            // A simple value among complex ones is its own `value`.
            (Some(_), Some(sub)) if !sub.eq_ignore_ascii_case("value") => None,
            (value, _) => value,
        };
        match value {
            Some(value) if !is_unassigned(value) => self.comparable(value),
            _ => SortKey::Missing,
        }
    }

    /// Sorts resources; those that are equal keep their order.
    pub fn sort(&self, resources: &mut [Value]) {
        self.sort_by_key(resources, |resource| self.key(resource));
    }

    /// Sorts anything that leads to a resource, such as where it is stored; each key is made once.
    pub fn sort_by_key<T>(&self, items: &mut [T], key: impl FnMut(&T) -> SortKey) {
        let mut key = key;
        if self.descending {
            items.sort_by_cached_key(|item| Reverse(key(item)));
        } else {
            items.sort_by_cached_key(key);
        }
    }

    fn comparable(&self, value: &Value) -> SortKey {
        match value {
            Value::Bool(flag) => SortKey::Bool(*flag),
            Value::Number(number) => SortKey::Number(Numeric(number.clone())),
            Value::String(text) => {
                let is_time = self.definition.is_some_and(|def| def.data_type == AttributeType::DateTime);
                if let Some(time) = is_time.then(|| instant(text)).flatten() {
                    return SortKey::Time(time);
                }
                if self.definition.is_some_and(|def| def.case_exact) {
                    SortKey::Text(text.clone())
                } else {
                    SortKey::Text(text.chars().flat_map(char::to_lowercase).collect())
                }
            }
            Value::Null | Value::Array(_) | Value::Object(_) => SortKey::Missing,
        }
    }
}

fn is_primary(value: &Value) -> bool {
    get(value, "primary") == Some(&Value::Bool(true))
}

/// What a resource is sorted by. What has no value comes last, and so first where the order is descending.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// False before true.
    Bool(bool),
    /// A number.
    Number(Numeric),
    /// A date and time.
    Time(Timestamp),
    /// Text, in lower case where case does not matter.
    Text(String),
    /// No value.
    Missing,
}

/// A number with an order: JSON has no `NaN`, so any two compare.
#[derive(Debug, Clone)]
pub struct Numeric(Number);

impl Ord for Numeric {
    fn cmp(&self, other: &Self) -> Ordering {
        order(&self.0, &other.0).unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Numeric {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Numeric {}

#[cfg(test)]
mod tests;
