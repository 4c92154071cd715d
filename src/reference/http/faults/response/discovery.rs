//! Defects of discovery.

use serde_json::{Value, json};

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::layer::ResponseLayer;
use crate::scim::error::ScimError;
use crate::scim::resource::attribute;
use crate::scim::urn;

pub(super) const LAYERS: &[(Defect, ResponseLayer)] = &[
    (Defect::ConfigWithoutSchemes, |_, path, _, mut answer| {
        if path == ["ServiceProviderConfig"] {
            answer.change(|config| attribute::remove(config, "authenticationSchemes"));
        }
        answer
    }),
    (Defect::SchemaWithoutSchemas, |_, path, _, answer| {
        each_schema(path, answer, |schema| drop(attribute::remove(schema, "schemas")))
    }),
    (Defect::NullsInSchemas, |_, path, _, answer| {
        each_schema(path, answer, |schema| attribute::set(schema, "description", Value::Null))
    }),
    (Defect::GroupSchemaMissing, |_, path, _, mut answer| match path {
        ["Schemas", urn] if urn.eq_ignore_ascii_case(urn::GROUP) => {
            ScimError::not_found(format!("there is no {urn}")).into()
        }
        ["Schemas"] if answer.status() == 200 => {
            answer.change(without_group);
            answer
        }
        _ => answer,
    }),
    (Defect::SchemasAsBareArray, |_, path, _, mut answer| {
        if path == ["Schemas"] && answer.status() == 200 {
            answer.change(|list| *list = list["Resources"].take());
        }
        answer
    }),
];

/// Changes each schema in an answer, alone or in their list.
fn each_schema(path: &[&str], mut answer: Answer, change: impl Fn(&mut Value)) -> Answer {
    if answer.status() == 200 && path.first() == Some(&"Schemas") {
        answer.change(|body| match body.get_mut("Resources").and_then(Value::as_array_mut) {
            Some(schemas) => schemas.iter_mut().for_each(change),
            None => change(body),
        });
    }
    answer
}

fn without_group(list: &mut Value) {
    let Some(schemas) = list.get_mut("Resources").and_then(Value::as_array_mut) else { return };
    schemas.retain(|schema| schema["id"] != urn::GROUP);
    let left = schemas.len();
    list["totalResults"] = json!(left);
    list["itemsPerPage"] = json!(left);
}
