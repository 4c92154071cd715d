//! Whether a filter matches a resource.
//!
//! What the RFC leaves open is settled so that the algebra holds: `a ne b` is `not (a eq b)` (so it matches where `a` has no
//! value), and every other comparison with what has no value is false.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::instant::instant;
use super::{CompareOp, Filter, Literal};
use crate::scim::case::same_text;
use crate::scim::resource::attribute::{boolean_word, get, is_unassigned};
use crate::scim::schema::{self, AttributeDef, AttributeType};
use crate::scim::{AttrPath, ResourceKind};

impl Filter {
    /// Whether the resource matches.
    pub fn matches(&self, kind: ResourceKind, resource: &Value) -> bool {
        matches(self, &Scope::Resource(kind), resource)
    }

    /// Whether one value of a multi-valued attribute matches, as between the brackets of a value path.
    pub fn matches_element(&self, attribute: Option<&AttributeDef>, element: &Value) -> bool {
        matches(self, &Scope::Element(attribute), element)
    }
}

/// What a filter's paths are relative to.
enum Scope<'a> {
    Resource(ResourceKind),
    Element(Option<&'a AttributeDef>),
}

impl Scope<'_> {
    fn definition(&self, path: &AttrPath) -> Option<&AttributeDef> {
        match self {
            Self::Resource(kind) => schema::attribute(*kind, path),
            Self::Element(_) if path.sub.is_some() => None,
            Self::Element(parent) => parent.and_then(|parent| parent.sub(&path.name)),
        }
    }

    fn values<'v>(&self, path: &AttrPath, value: &'v Value) -> Vec<&'v Value> {
        // The values of a simple multi-valued attribute have no sub-attributes: `value` is the value itself.
        let scalar = !value.is_object() && path.is("value");
        match self {
            Self::Element(_) if scalar => vec![value],
            Self::Resource(_) | Self::Element(_) => path.resolve(value),
        }
    }
}

fn matches(filter: &Filter, scope: &Scope<'_>, value: &Value) -> bool {
    match filter {
        Filter::Or(filters) => filters.iter().any(|each| matches(each, scope, value)),
        Filter::And(filters) => filters.iter().all(|each| matches(each, scope, value)),
        Filter::Not(inner) => !matches(inner, scope, value),
        Filter::Present(path) => present(&scope.values(path, value)),
        Filter::Compare { path, op, value: literal } => {
            let values = scope.values(path, value);
            let definition = scope.definition(path);
            match op {
                CompareOp::Ne => !any(&values, definition, CompareOp::Eq, literal),
                op => any(&values, definition, *op, literal),
            }
        }
        Filter::ValuePath { path, filter } => {
            let inner = Scope::Element(scope.definition(path));
            scope.values(path, value).into_iter().any(|element| matches(filter, &inner, element))
        }
    }
}

fn present(values: &[&Value]) -> bool {
    values.iter().any(|value| !is_unassigned(value))
}

fn any(values: &[&Value], definition: Option<&AttributeDef>, op: CompareOp, literal: &Literal) -> bool {
    if *literal == Literal::Null {
        return op == CompareOp::Eq && !present(values);
    }
    values.iter().any(|value| {
        if value.is_object() {
            // RFC 7644 §3.4.2.2 compares `emails co "example.com"`: the value of a complex attribute is its `value`.
            let definition = definition.and_then(|def| def.sub("value"));
            get(value, "value").is_some_and(|value| compare(definition, op, value, literal))
        } else {
            compare(definition, op, value, literal)
        }
    })
}

fn compare(definition: Option<&AttributeDef>, op: CompareOp, value: &Value, with: &Literal) -> bool {
    let is_boolean = definition.is_some_and(|def| def.data_type == AttributeType::Boolean);
    match (value, with) {
        (Value::Bool(left), Literal::Bool(right)) => op == CompareOp::Eq && left == right,
        (Value::Bool(left), Literal::String(right)) => {
            op == CompareOp::Eq && boolean_word(right) == Some(*left)
        }
        (Value::String(left), Literal::Bool(right)) if is_boolean => {
            op == CompareOp::Eq && boolean_word(left) == Some(*right)
        }
        (Value::Number(left), Literal::Number(right)) => {
            order(left, right).is_some_and(|ordering| ordered(op, ordering))
        }
        (Value::String(left), Literal::String(right)) => strings(definition, op, left, right),
        _ => false,
    }
}

fn strings(definition: Option<&AttributeDef>, op: CompareOp, left: &str, right: &str) -> bool {
    let is_time = definition.is_some_and(|def| def.data_type == AttributeType::DateTime);
    if is_time
        && let (Some(left), Some(right)) = (instant(left), instant(right))
        && !matches!(op, CompareOp::Co | CompareOp::Sw | CompareOp::Ew)
    {
        return ordered(op, left.cmp(&right));
    }
    let exact = definition.is_some_and(|def| def.case_exact);
    if op == CompareOp::Eq && !exact {
        return same_text(left, right);
    }
    let (left, right) = (folded(left, exact), folded(right, exact));
    match op {
        CompareOp::Co => left.contains(right.as_ref()),
        CompareOp::Sw => left.starts_with(right.as_ref()),
        CompareOp::Ew => left.ends_with(right.as_ref()),
        _ => ordered(op, left.cmp(&right)),
    }
}

fn folded(text: &str, exact: bool) -> Cow<'_, str> {
    if exact { Cow::Borrowed(text) } else { Cow::Owned(text.chars().flat_map(char::to_lowercase).collect()) }
}

fn ordered(op: CompareOp, ordering: Ordering) -> bool {
    match op {
        CompareOp::Eq => ordering.is_eq(),
        CompareOp::Ne => ordering.is_ne(),
        CompareOp::Gt => ordering.is_gt(),
        CompareOp::Ge => ordering.is_ge(),
        CompareOp::Lt => ordering.is_lt(),
        CompareOp::Le => ordering.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}

pub(crate) fn order(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

#[cfg(test)]
mod tests;
