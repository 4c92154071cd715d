//! Attributes that are already as they are stored, as nearly every provider sends them: to see that costs a fraction of
//! what it costs to make them so.

use super::coerce::fits;
use super::values::same_element;
use crate::scim::json::Json;
use crate::scim::schema;
use crate::scim::schema::{AttributeDef, Mutability};
use crate::scim::{ResourceKind, urn};

/// Of so many values it is not looked whether two are the same.
const FEW: usize = 8;

/// Whether [`put::create`](super::put::create) stores the member of a body as it is and where it is, whatever the leniency.
/// A false says nothing. `schemas` is not asked about here.
pub(crate) fn is_canonical<J: Json>(kind: ResourceKind, name: &str, value: &J) -> bool {
    if kind == ResourceKind::User && name == urn::ENTERPRISE_USER {
        let stays = |(name, value): (&str, &J)| {
            exact(schema::enterprise_attributes(), name).is_some_and(|definition| is_kept(definition, value))
        };
        return value.members().is_some_and(|members| {
            let mut members = members.peekable();
            members.peek().is_some() && members.all(stays)
        });
    }
    exact(schema::core_attributes(kind), name)
        .or_else(|| exact(schema::common_attributes(), name))
        .is_some_and(|definition| is_kept(definition, value))
}

fn exact<'a>(attributes: &'a [AttributeDef], name: &str) -> Option<&'a AttributeDef> {
    attributes.iter().find(|attribute| attribute.name == name)
}

fn is_kept<J: Json>(definition: &AttributeDef, value: &J) -> bool {
    definition.mutability != Mutability::ReadOnly
        && fits(definition, value)
        && value.elements().is_none_or(|values| are_kept(definition, values))
}

/// Whether no two of the values are the same, and one is primary at most.
fn are_kept<J: Json>(definition: &AttributeDef, values: &[J]) -> bool {
    let is_primary = |value: &&J| value.member("primary").and_then(J::flag) == Some(true);
    let differs = |(place, value): (usize, &J)| {
        values.iter().skip(place + 1).all(|other| {
            have_different_values(value, other)
                || !same_element(Some(definition), &value.as_value(), &other.as_value())
        })
    };
    (1..=FEW).contains(&values.len())
        && values.iter().filter(is_primary).count() < 2
        && values.iter().enumerate().all(differs)
}

/// Whether the two say `value` and differ there in more than case, as nearly all do. A false says nothing.
fn have_different_values<J: Json>(left: &J, right: &J) -> bool {
    let [left, right] = [left, right].map(|value| value.member("value").and_then(J::text));
    left.zip(right)
        .is_some_and(|(left, right)| left.is_ascii() && right.is_ascii() && !left.eq_ignore_ascii_case(right))
}

#[cfg(test)]
mod tests;
