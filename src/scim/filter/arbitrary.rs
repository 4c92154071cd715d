//! Any filter there can be, for property tests.

use proptest::prelude::*;

use super::{CompareOp, Filter, Literal};
use crate::scim::{AttrPath, urn};

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "userName", "emails", "members", "id", "$ref", "meta", "name", "value", "type"
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z][a-zA-Z0-9_-]{0,7}",
    ]
}

pub(crate) fn any_attr_path() -> impl Strategy<Value = AttrPath> {
    let schema = prop::option::of(prop::sample::select(vec![
        urn::USER,
        urn::ENTERPRISE_USER,
        urn::ATLASSIAN_EXTERNAL,
        "urn:example:params:scim:schemas:extension:Custom:2.0:User",
        "urn:acme:hr",
    ]));
    (schema, any_name(), prop::option::of(any_name())).prop_map(|(schema, name, sub)| AttrPath {
        schema: schema.map(str::to_owned),
        name,
        sub,
    })
}

fn any_literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        any::<i64>().prop_map(|number| Literal::Number(number.into())),
        any::<f64>().prop_filter_map("finite", |number| {
            serde_json::Number::from_f64(number).map(Literal::Number)
        }),
        any::<String>().prop_map(Literal::String),
        "[a-z\"\\\\()\\[\\]. ]{0,8}".prop_map(Literal::String),
    ]
}

/// A comparison that strict parsing accepts for any attribute: booleans and null have no order.
fn any_term(path: impl Strategy<Value = AttrPath>) -> impl Strategy<Value = Filter> {
    let op = prop::sample::select(CompareOp::ALL.map(|(op, _)| op).to_vec());
    (path, prop::option::of((op, any_literal()))).prop_map(|(path, comparison)| match comparison {
        None => Filter::Present(path),
        Some((op, value)) => {
            let ordered = matches!(value, Literal::Number(_) | Literal::String(_));
            let op = if op.is_ordering() && !ordered { CompareOp::Eq } else { op };
            Filter::Compare { path, op, value }
        }
    })
}

fn combined(leaf: impl Strategy<Value = Filter> + 'static) -> impl Strategy<Value = Filter> + 'static {
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::and),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

/// A filter as it stands between brackets.
pub(crate) fn any_element_filter() -> impl Strategy<Value = Filter> {
    combined(any_term("[a-z]{1,8}".prop_map(AttrPath::of)))
}

pub(crate) fn any_filter() -> impl Strategy<Value = Filter> {
    let value_path = (any_attr_path(), any_element_filter())
        .prop_map(|(path, filter)| Filter::ValuePath { path, filter: Box::new(filter) });
    combined(prop_oneof![3 => any_term(any_attr_path()), 1 => value_path])
}
