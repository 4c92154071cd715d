//! The JSON Schema of a step, which is read by hand so that its parts keep their positions.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{
    AdminDto, BARE, InterceptDto, LoseDto, MembershipDto, OF_GROUP, OF_PERSON, OnDemandGroupDto,
    RenameGroupDto, RenameUserDto, RequestDto, StepDto, UnlinkDto, UpdateDto,
};

impl JsonSchema for StepDto {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let name = json!({"type": "string"});
        let mut verbs: Vec<(&str, Value)> = Vec::new();
        verbs.extend(OF_PERSON.into_iter().chain(OF_GROUP).map(|verb| (verb, name.clone())));
        verbs.extend([
            ("update", generator.subschema_for::<UpdateDto>().into()),
            ("rename-user", generator.subschema_for::<RenameUserDto>().into()),
            ("add-member", generator.subschema_for::<MembershipDto>().into()),
            ("remove-member", generator.subschema_for::<MembershipDto>().into()),
            ("rename-group", generator.subschema_for::<RenameGroupDto>().into()),
            ("unlink", generator.subschema_for::<UnlinkDto>().into()),
            ("on-demand-group", generator.subschema_for::<OnDemandGroupDto>().into()),
            ("wait", name.clone()),
            ("together", json!({"type": "array", "items": generator.subschema_for::<Self>()})),
            ("admin", generator.subschema_for::<AdminDto>().into()),
            ("request", generator.subschema_for::<RequestDto>().into()),
            ("at-once", json!({"type": "array", "items": generator.subschema_for::<RequestDto>()})),
            ("lose", generator.subschema_for::<LoseDto>().into()),
            ("intercept", generator.subschema_for::<InterceptDto>().into()),
            ("checkpoint", name),
        ]);
        let required: Vec<Value> = verbs.iter().map(|(verb, _)| json!({"required": [verb]})).collect();
        let mut properties: Map<String, Value> =
            verbs.into_iter().map(|(verb, schema)| (verb.to_owned(), schema)).collect();
        for filter in ["only", "in"] {
            properties.insert(filter.to_owned(), json!({"type": "array", "items": {"type": "string"}}));
        }
        json_schema!({
            "description": "What happens: a verb alone, or a verb with its object; beside it, for whom it happens.",
            "anyOf": [
                {"type": "string", "enum": BARE},
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
