//! Attributes that are already as they are stored, as nearly every provider sends them: to see that costs a fraction of
//! what it costs to make them so.

use serde_json::Value;

use super::coerce::fits;
use super::patch::same_element;
use super::schema::{self, AttributeDef, Mutability};
use super::{ResourceKind, urn};

/// Of so many values it is not looked whether two are the same.
const FEW: usize = 8;

/// Whether [`put::create`](super::put::create) stores the member of a body as it is and where it is, whatever the leniency.
/// A false says nothing. `schemas` is not asked about here.
pub(crate) fn is_canonical(kind: ResourceKind, name: &str, value: &Value) -> bool {
    match value {
        Value::Object(attributes) if kind == ResourceKind::User && name == urn::ENTERPRISE_USER => {
            let stays = |(name, value): (&String, &Value)| {
                exact(schema::enterprise_attributes(), name)
                    .is_some_and(|definition| is_kept(definition, value))
            };
            !attributes.is_empty() && attributes.iter().all(stays)
        }
        value => exact(schema::core_attributes(kind), name)
            .or_else(|| exact(schema::common_attributes(), name))
            .is_some_and(|definition| is_kept(definition, value)),
    }
}

fn exact<'a>(attributes: &'a [AttributeDef], name: &str) -> Option<&'a AttributeDef> {
    attributes.iter().find(|attribute| attribute.name == name)
}

fn is_kept(definition: &AttributeDef, value: &Value) -> bool {
    definition.mutability != Mutability::ReadOnly
        && fits(definition, value)
        && value.as_array().is_none_or(|values| are_kept(definition, values))
}

/// Whether no two of the values are the same, and one is primary at most.
fn are_kept(definition: &AttributeDef, values: &[Value]) -> bool {
    let is_primary = |value: &&Value| value.get("primary") == Some(&Value::Bool(true));
    let differs = |(place, value): (usize, &Value)| {
        values.iter().skip(place + 1).all(|other| !same_element(Some(definition), value, other))
    };
    (1..=FEW).contains(&values.len())
        && values.iter().filter(is_primary).count() < 2
        && values.iter().enumerate().all(differs)
}

#[cfg(test)]
#[path = "canonical_tests.rs"]
mod tests;
