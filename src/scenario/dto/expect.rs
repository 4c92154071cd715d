//! What must come back for a literal request.

use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Visitor};
use serde_json::Value;
use serde_saphyr::Spanned;

use super::Word;

/// The expected response to a literal request.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Expect")]
pub(crate) struct ExpectDto {
    /// The expected statuses.
    #[schemars(with = "Option<Vec<u16>>")]
    pub(crate) status: Option<Spanned<Vec<u16>>>,
    /// The expected scimType of an error.
    #[schemars(with = "Option<String>")]
    pub(crate) scim_type: Option<Word>,
    /// Required headers, with the beginning of their values.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) headers: IndexMap<String, Word>,
    /// Conditions for the body, by JSON Pointer (`/name/givenName`, `/Resources/0/id`).
    #[serde(default)]
    #[schemars(with = "IndexMap<String, ConditionDto>")]
    pub(crate) body: IndexMap<String, Spanned<ConditionDto>>,
    /// A stricter expectation for the reference endpoint, where other endpoints may differ.
    #[schemars(with = "Option<Box<ExpectDto>>")]
    pub(crate) reference: Option<Box<Spanned<ExpectDto>>>,
}

/// A condition for a value in a body.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Condition")]
pub(crate) enum ConditionDto {
    /// The value is neither missing, null nor empty.
    Filled,
    /// The value is missing, null or empty.
    Absent,
    /// The value is a string.
    String,
    /// The value is a number.
    Number,
    /// The value is a boolean.
    Boolean,
    /// The value is an array.
    Array,
    /// The value equals this string, number or boolean.
    Equals(ScalarDto),
    /// The value differs from this string, number or boolean.
    Differs(ScalarDto),
    /// The value equals this JSON text; the order of arrays matters.
    Json(#[schemars(with = "String")] Word),
    /// An element of the array equals this JSON text, or has at least its members.
    Has(#[schemars(with = "String")] Word),
    /// No element of the array equals this JSON text, or has its members.
    Lacks(#[schemars(with = "String")] Word),
    /// The array has this number of elements.
    Length(usize),
    /// The array has at least this number of elements, or the number is at least this large.
    AtLeast(usize),
}

/// A string, number or boolean.
#[derive(Debug)]
pub(crate) struct ScalarDto(pub(crate) Value);

impl JsonSchema for ScalarDto {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["string", "number", "boolean"]})
    }
}

impl<'de> Deserialize<'de> for ScalarDto {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = ScalarDto;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number or a boolean; write anything else as `json: '…'`")
    }

    fn visit_bool<E>(self, value: bool) -> Result<ScalarDto, E> {
        Ok(ScalarDto(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<ScalarDto, E> {
        Ok(ScalarDto(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<ScalarDto, E> {
        Ok(ScalarDto(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<ScalarDto, E> {
        Ok(ScalarDto(value.into()))
    }
}
