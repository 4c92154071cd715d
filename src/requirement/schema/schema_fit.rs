//! Whether a resource fits a schema, without compiling it: nearly every resource does, and a compiler that is never
//! asked for costs neither time nor memory.

use std::cmp::Ordering;

use serde_json::Value;

use crate::scim::schema::{self, AttributeDef, AttributeType, Returned};
use crate::scim::{ResourceKind, urn};

/// What a value may be. What is required and what else a list must contain are other rules' matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::requirement) enum Shape {
    /// Anything.
    Any,
    /// Nothing: it must not be there.
    Never,
    /// Text.
    Text,
    /// Text that is not empty.
    Filled,
    /// Text that is an xsd:dateTime.
    Time,
    Boolean,
    Number,
    Integer,
    List(Box<Shape>),
    Object(Members),
}

/// The members of an object, in the order of [`by_name`]. What is no member is allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::requirement) struct Members(Vec<(String, Shape)>);

impl Members {
    pub(in crate::requirement) fn new(members: impl IntoIterator<Item = (String, Shape)>) -> Self {
        let mut members: Vec<_> = members.into_iter().collect();
        members.sort_by(|(one, _), (other, _)| by_name(one, other));
        Self(members)
    }

    fn get(&self, name: &str) -> Option<&Shape> {
        let place = self.0.binary_search_by(|(known, _)| by_name(known, name)).ok()?;
        self.0.get(place).map(|(_, shape)| shape)
    }
}

/// Names without case, short ones first: most of them differ in length already.
fn by_name(one: &str, other: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    one.len().cmp(&other.len()).then_with(|| one.bytes().map(lower).cmp(other.bytes().map(lower)))
}

impl Shape {
    /// What the RFC has a resource of a kind be in an answer.
    pub(in crate::requirement) fn rfc(kind: ResourceKind) -> Self {
        let core = schema::common_attributes().iter().chain(schema::core_attributes(kind)).map(attribute);
        let extension = (kind == ResourceKind::User).then(|| {
            let members = Members::new(schema::enterprise_attributes().iter().map(attribute));
            (urn::ENTERPRISE_USER.to_owned(), Self::Object(members))
        });
        Self::Object(Members::new(core.chain(extension)))
    }

    /// What a JSON Schema of ours has a value be.
    pub(in crate::requirement) fn of(schema: &Value) -> Self {
        let text = |name: &str| schema.get(name).and_then(Value::as_str);
        match text("type") {
            _ if *schema == Value::Bool(false) => Self::Never,
            Some("string") if text("format") == Some("date-time") => Self::Time,
            // Ours know no other length.
            Some("string") if schema.get("minLength").is_some() => Self::Filled,
            Some("string") => Self::Text,
            Some("boolean") => Self::Boolean,
            Some("number") => Self::Number,
            Some("integer") => Self::Integer,
            Some("array") => Self::List(Box::new(schema.get("items").map_or(Self::Any, Self::of))),
            Some("object") => {
                let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
                Self::Object(Members::new(properties.map(|(name, schema)| (name.clone(), Self::of(schema)))))
            }
            _ => Self::Any,
        }
    }

    /// Whether a value surely is like this. Names have no case, and null says the same as nothing (RFC 7643 §2.1, §2.5).
    pub(in crate::requirement) fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Any, _)
            | (Self::Text, Value::String(_))
            | (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Number(_)) => true,
            (Self::Filled, Value::String(text)) => !text.is_empty(),
            (Self::Time, Value::String(text)) => is_date_time(text),
            (Self::Integer, value) => value.is_i64() || value.is_u64(),
            (Self::List(item), Value::Array(values)) => values.iter().all(|value| item.fits(value)),
            (Self::Object(members), Value::Object(object)) => object.iter().all(|(name, value)| {
                value.is_null() || members.get(name).is_none_or(|member| member.fits(value))
            }),
            _ => false,
        }
    }
}

fn attribute(def: &AttributeDef) -> (String, Shape) {
    let one = match def.data_type {
        AttributeType::String if def.required => Shape::Filled,
        AttributeType::String | AttributeType::Reference | AttributeType::Binary => Shape::Text,
        AttributeType::Boolean => Shape::Boolean,
        AttributeType::Decimal => Shape::Number,
        AttributeType::Integer => Shape::Integer,
        AttributeType::DateTime => Shape::Time,
        AttributeType::Complex => Shape::Object(Members::new(def.sub_attributes.iter().map(attribute))),
    };
    let shape = match (def.returned, def.multi_valued) {
        (Returned::Never, _) => Shape::Never,
        (_, true) => Shape::List(Box::new(one)),
        (_, false) => one,
    };
    (def.name.clone(), shape)
}

/// An xsd:dateTime (RFC 7643 §2.3.5), in which the zone may be left out.
pub(in crate::requirement) fn is_date_time(text: &str) -> bool {
    let zoned = |text: &str| text.parse::<jiff::Timestamp>().is_ok();
    text.contains('T') && (zoned(text) || (!text.ends_with('Z') && zoned(&format!("{text}Z"))))
}

#[cfg(test)]
mod tests {
    use super::Shape;
    use crate::scim::ResourceKind;
    use crate::scim::schema::json_schema;
    use crate::scim::schema::json_schema::Usage;

    #[test]
    fn the_shape_of_the_rfc_is_that_of_its_json_schema() {
        for kind in ResourceKind::ALL {
            let compiled = json_schema::resource(kind, Usage::Answer);
            assert_eq!(Shape::of(&compiled), Shape::rfc(kind));
        }
    }
}
