//! Holds resources against JSON Schemas: the RFC's, and those that an endpoint tells of itself.

use std::sync::OnceLock;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value, json};

use super::schema_fit::{Shape, is_date_time};
use crate::scim::resource::attribute::get;
use crate::scim::schema::json_schema;
use crate::scim::schema::json_schema::Usage;
use crate::scim::{ResourceKind, urn};

/// A schema of one kind of resource, compiled when a resource does not surely fit it.
#[derive(Debug)]
pub(crate) struct ResourceSchema {
    shape: Shape,
    source: Source,
    compiled: OnceLock<Compiled>,
}

#[derive(Debug)]
enum Source {
    Rfc(ResourceKind),
    Told(Value),
}

#[derive(Debug)]
struct Compiled {
    schema: Value,
    /// Nothing where nobody can compile it.
    validator: Option<Validator>,
}

/// One thing that a resource has otherwise than its schema says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mismatch {
    /// The attribute, without positions in lists: `emails.value`.
    pub(crate) path: String,
    /// What is wrong, as a fragment that follows the path.
    pub(crate) what: String,
}

impl ResourceSchema {
    /// The RFC's schema of a kind.
    pub(crate) fn rfc(kind: ResourceKind) -> &'static Self {
        static USER: OnceLock<ResourceSchema> = OnceLock::new();
        static GROUP: OnceLock<ResourceSchema> = OnceLock::new();
        let cell = match kind {
            ResourceKind::User => &USER,
            ResourceKind::Group => &GROUP,
        };
        cell.get_or_init(|| Self::new(Shape::rfc(kind), Source::Rfc(kind)))
    }

    /// The schema of a kind as the endpoint's own `/Schemas` tell it; nothing where they do not tell of it.
    pub(crate) fn told(kind: ResourceKind, schemas: &[Value]) -> Option<Self> {
        let is = |schema: &&Value| {
            get(schema, "id").and_then(Value::as_str).is_some_and(|id| id.eq_ignore_ascii_case(kind.schema()))
        };
        let core = schemas.iter().find(is)?;
        let mut properties = told_properties(get(core, "attributes")?.as_array()?);
        // An extension's attributes stand in an object under its URN.
        for extension in schemas.iter().filter(|schema| !is(schema)) {
            let id = get(extension, "id").and_then(Value::as_str);
            let attributes = get(extension, "attributes").and_then(Value::as_array);
            if let (Some(id), Some(attributes)) = (id, attributes)
                && ![urn::USER, urn::GROUP].iter().any(|core| core.eq_ignore_ascii_case(id))
                && !id.to_ascii_lowercase().contains(":schemas:core:")
            {
                let object = json!({"type": "object", "properties": told_properties(attributes)});
                properties.insert(id.to_owned(), object);
            }
        }
        let schema = json!({"type": "object", "properties": properties});
        Some(Self::new(Shape::of(&schema), Source::Told(schema)))
    }

    fn new(shape: Shape, source: Source) -> Self {
        Self { shape, source, compiled: OnceLock::new() }
    }

    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| {
            let schema = match &self.source {
                Source::Rfc(kind) => json_schema::resource(*kind, Usage::Answer),
                Source::Told(schema) => schema.clone(),
            };
            let validator = jsonschema::options()
                .should_validate_formats(true)
                .with_format("date-time", is_date_time)
                // What somebody sent as a photo's address comes back as it was sent.
                .with_format("uri-reference", |_: &str| true)
                .build(&schema)
                .ok();
            Compiled { schema, validator }
        })
    }

    /// What a resource has otherwise. Names have no case, and null says the same as nothing (RFC 7643 §2.1, §2.5).
    pub(crate) fn mismatches(&self, resource: &Value) -> Vec<Mismatch> {
        if self.shape.fits(resource) { Vec::new() } else { self.told_apart(resource) }
    }

    fn told_apart(&self, resource: &Value) -> Vec<Mismatch> {
        let Compiled { schema, validator } = self.compiled();
        let Some(validator) = validator else { return Vec::new() };
        let resource = canonical(resource, schema);
        let mut found: Vec<Mismatch> = validator
            .iter_errors(&resource)
            .filter_map(|error| {
                let path = plain(&error.instance_path().to_string());
                let what = match error.kind() {
                    ValidationErrorKind::Type { .. } => {
                        let wanted = named_type(schema, &path)?;
                        format!("is {}, not {wanted}", sort(error.instance()))
                    }
                    ValidationErrorKind::Format { .. } => {
                        "is not a date with a time (xsd:dateTime)".to_owned()
                    }
                    ValidationErrorKind::FalseSchema => {
                        "is returned, although the schema forbids it".to_owned()
                    }
                    ValidationErrorKind::MinLength { .. } => "is empty".to_owned(),
                    _ => return None,
                };
                Some(Mismatch { path, what })
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

/// The properties that a list of attribute definitions (RFC 7643 §7) stands for.
fn told_properties(attributes: &[Value]) -> Map<String, Value> {
    let text = |attribute: &Value, name: &str| {
        get(attribute, name).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
    };
    let mut properties = Map::new();
    for attribute in attributes {
        let Some(name) = get(attribute, "name").and_then(Value::as_str) else { continue };
        let one = match text(attribute, "type").as_str() {
            "string" | "reference" | "binary" => json!({"type": "string"}),
            "boolean" => json!({"type": "boolean"}),
            "decimal" => json!({"type": "number"}),
            "integer" => json!({"type": "integer"}),
            "datetime" => json!({"type": "string", "format": "date-time"}),
            "complex" => {
                let subs = get(attribute, "subAttributes").and_then(Value::as_array);
                json!({"type": "object", "properties": told_properties(subs.map_or(&[], Vec::as_slice))})
            }
            // A type that nobody knows says nothing.
            _ => json!(true),
        };
        let is_list = get(attribute, "multiValued").and_then(Value::as_bool) == Some(true);
        let property = match text(attribute, "returned").as_str() {
            "never" => json!(false),
            _ if is_list => json!({"type": "array", "items": one}),
            _ => one,
        };
        properties.insert(name.to_owned(), property);
    }
    properties
}

/// A resource with its attributes spelled as the schema spells them, and without nulls.
fn canonical(value: &Value, schema: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            let entries = object.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
                let known = properties.and_then(|properties| {
                    properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
                });
                match known {
                    Some((known, schema)) => (known.clone(), canonical(value, schema)),
                    None => (name.clone(), value.clone()),
                }
            });
            Value::Object(entries.collect())
        }
        Value::Array(values) => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            values.iter().map(|value| canonical(value, items)).collect()
        }
        other => other.clone(),
    }
}

/// A JSON pointer as SCIM writes a path.
fn plain(pointer: &str) -> String {
    let names = pointer.split('/').filter(|name| !name.is_empty());
    let names = names.filter(|name| !name.bytes().all(|byte| byte.is_ascii_digit()));
    names.collect::<Vec<_>>().join(".")
}

/// The type that a schema has for an attribute.
fn named_type<'a>(schema: &'a Value, path: &str) -> Option<&'a str> {
    // A URN has dots in it, so the longest name that fits goes first.
    fn find<'a>(schema: &'a Value, path: &str) -> Option<&'a Value> {
        if path.is_empty() {
            return Some(schema);
        }
        let schema = schema.get("items").unwrap_or(schema);
        schema.get("properties")?.as_object()?.iter().find_map(|(name, schema)| {
            let rest = path.strip_prefix(name.as_str())?;
            if rest.is_empty() { Some(schema) } else { find(schema, rest.strip_prefix('.')?) }
        })
    }
    let found = find(schema, path)?;
    // An element of a list fails under the list's own path.
    Some(match found.get("type")?.as_str()? {
        "array" => "a list of the type that the schema defines",
        "object" => "an object",
        "string" => "a string",
        "boolean" => "a boolean",
        "integer" => "a whole number",
        _ => "a number",
    })
}

fn sort(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rfc(kind: ResourceKind, resource: &Value) -> Vec<String> {
        let found = ResourceSchema::rfc(kind).mismatches(resource);
        found.into_iter().map(|found| format!("{} {}", found.path, found.what)).collect()
    }

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-3..3).prop_map(Value::from),
            prop_oneof!["", "ada", "2026-01-01T00:00:00Z", "2026-01-01"].prop_map(Value::from),
        ];
        let names = prop_oneof![
            "userName",
            "USERNAME",
            "active",
            "emails",
            "value",
            "primary",
            "name",
            "givenName",
            "meta",
            "created",
            "schemas",
            "password",
            "other",
            Just(urn::ENTERPRISE_USER.to_owned()),
            "manager",
            "members"
        ];
        leaf.prop_recursive(3, 24, 4, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::vec((names.clone(), inner), 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// Whether one name stands in two spellings in one object.
    fn has_twins(value: &Value) -> bool {
        match value {
            Value::Object(object) => {
                let mut names: Vec<_> = object.keys().map(|name| name.to_ascii_lowercase()).collect();
                names.sort();
                names.windows(2).any(|pair| pair[0] == pair[1]) || object.values().any(has_twins)
            }
            Value::Array(values) => values.iter().any(has_twins),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn what_fits_is_what_the_compiled_schema_has_nothing_against(resource in anything()) {
            for kind in [ResourceKind::User, ResourceKind::Group] {
                let schema = ResourceSchema::rfc(kind);
                let (fits, told_apart) = (schema.shape.fits(&resource), schema.told_apart(&resource));
                prop_assert!(!fits || told_apart.is_empty(), "{} fits, yet {:?}", resource, told_apart);
                // Of two spellings of one name only one is held against the compiled schema.
                if !has_twins(&resource) {
                    prop_assert!(fits || !told_apart.is_empty(), "{} was compiled for nothing", resource);
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let user = json!({
            "schemas": [urn::USER], "id": "1", "userName": "ada", "name": "Ada Byron", "emails": {"value": "a@b.c"},
            "phoneNumbers": [{"value": 5}], "meta": {"created": "yesterday"}, "title": ["Dr"]
        });
        assert_eq!(
            rfc(ResourceKind::User, &user),
            [
                "emails is an object, not a list of the type that the schema defines",
                "meta.created is not a date with a time (xsd:dateTime)",
                "name is a string, not an object",
                "phoneNumbers.value is a number, not a string",
                "title is a list, not a string",
            ]
        );
        let enterprise = json!({"schemas": [urn::USER], "id": "1", "userName": "a", (urn::ENTERPRISE_USER): {"manager": "2"}});
        assert_eq!(
            rfc(ResourceKind::User, &enterprise),
            [format!("{}.manager is a string, not an object", urn::ENTERPRISE_USER)]
        );
    }

    #[test]
    fn what_the_rfc_allows_is_right() {
        let user = json!({
            "SCHEMAS": [urn::USER], "ID": "1", "username": "ada", "NAME": {"GivenName": "Ada"}, "nickName": null,
            "emails": [], "shoeSize": {"eu": 38}, "meta": {"created": "2026-01-01T00:00:00.123456Z", "lastModified": "2026-01-01T00:00:00"},
            "photos": [{"value": "not a uri", "type": "thumbnail"}], "roles": [{"value": "x", "display": null}]
        });
        assert_eq!(rfc(ResourceKind::User, &user), [""; 0]);
    }

    #[test]
    fn an_endpoints_own_schemas_are_held_against_it() {
        let schemas = [
            json!({"id": urn::USER, "attributes": [
                {"name": "userName", "type": "string", "multiValued": false},
                {"name": "groups", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "string"}]},
                {"name": "pin", "type": "string", "returned": "never"}, {"name": "odd", "type": "thing"}
            ]}),
            json!({"id": "urn:example:2.0:User", "attributes": [{"name": "badge", "type": "integer"}]}),
        ];
        let told = ResourceSchema::told(ResourceKind::User, &schemas).unwrap();
        let wrong = json!({"username": "a", "groups": ["g"], "PIN": "1", "odd": 1, "urn:example:2.0:User": {"badge": "7"}});
        let found: Vec<String> = told.mismatches(&wrong).into_iter().map(|found| found.path).collect();
        assert_eq!(found, ["groups", "pin", "urn:example:2.0:User.badge"]);
        let right = json!({"username": "a", "groups": [{"value": "g"}], "more": 1, "urn:example:2.0:User": {"badge": 7}});
        assert_eq!(told.mismatches(&right), []);
        assert!(ResourceSchema::told(ResourceKind::Group, &schemas).is_none());
    }
}
