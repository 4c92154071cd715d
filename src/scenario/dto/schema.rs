//! The JSON Schema of a step, which is read by hand so that its parts keep their positions.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::directory::Verb;
use crate::directory::verb::{Bare, WithParts};

use super::verb::{Other, StepVerb};
use super::{
    AdminDto, InterceptDto, LoseDto, MembershipDto, OnDemandGroupDto, RenameGroupDto, RenameUserDto,
    RequestDto, StepDto, UnlinkDto, UpdateDto,
};

impl JsonSchema for StepDto {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let bare: Vec<&str> = Bare::ALL.iter().map(|verb| verb.as_str()).collect();
        let mut properties = Map::new();
        let mut required: Vec<Value> = Vec::new();
        for verb in StepVerb::all() {
            if let Some(schema) = object_of(verb, generator) {
                required.push(json!({"required": [verb.as_str()]}));
                properties.insert(verb.as_str().to_owned(), schema);
            }
        }
        for filter in ["only", "in"] {
            properties.insert(filter.to_owned(), json!({"type": "array", "items": {"type": "string"}}));
        }
        json_schema!({
            "description": "A step: a verb, or a verb with its object, and optionally the clients and alternatives that it is for.",
            "anyOf": [
                {"type": "string", "enum": bare},
                {
                    "type": "object",
                    "properties": properties,
                    "additionalProperties": false,
                    "oneOf": required,
                },
            ],
        })
    }
}

/// The schema of a verb's object, where it has one.
fn object_of(verb: StepVerb, generator: &mut SchemaGenerator) -> Option<Value> {
    let name = json!({"type": "string"});
    Some(match verb {
        StepVerb::Event(Verb::Bare(_)) => return None,
        StepVerb::Event(Verb::OfPerson(_) | Verb::OfGroup(_)) => name,
        StepVerb::Event(Verb::WithParts(verb)) => match verb {
            WithParts::Update => generator.subschema_for::<UpdateDto>().into(),
            WithParts::RenameUser => generator.subschema_for::<RenameUserDto>().into(),
            WithParts::AddMember | WithParts::RemoveMember => {
                generator.subschema_for::<MembershipDto>().into()
            }
            WithParts::RenameGroup => generator.subschema_for::<RenameGroupDto>().into(),
            WithParts::Unlink => generator.subschema_for::<UnlinkDto>().into(),
            WithParts::OnDemandGroup => generator.subschema_for::<OnDemandGroupDto>().into(),
            WithParts::Wait => name,
        },
        StepVerb::Other(verb) => match verb {
            Other::Together => json!({"type": "array", "items": generator.subschema_for::<StepDto>()}),
            Other::Admin => generator.subschema_for::<AdminDto>().into(),
            Other::Request => generator.subschema_for::<RequestDto>().into(),
            Other::AtOnce => json!({"type": "array", "items": generator.subschema_for::<RequestDto>()}),
            Other::Lose => generator.subschema_for::<LoseDto>().into(),
            Other::Intercept => generator.subschema_for::<InterceptDto>().into(),
            Other::Checkpoint => name,
        },
    })
}
