//! What must come back for a literal request.

use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Visitor};
use serde_json::Value;
use serde_saphyr::Spanned;

use super::Word;

/// What must come back for a literal request.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Expect")]
pub(crate) struct ExpectDto {
    /// The statuses that are right.
    #[schemars(with = "Option<Vec<u16>>")]
    pub(crate) status: Option<Spanned<Vec<u16>>>,
    /// The scimType that is right, where the answer is an error.
    #[schemars(with = "Option<String>")]
    pub(crate) scim_type: Option<Word>,
    /// Headers that must be there, with how their values begin.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) headers: IndexMap<String, Word>,
    /// What must hold in the body: JSON Pointers (`/name/givenName`, `/Resources/0/id`) with conditions.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, ConditionDto>")]
    pub(crate) body: IndexMap<String, Spanned<ConditionDto>>,
    /// What the reference endpoint must answer besides, where others may answer otherwise.
    #[schemars(with = "Option<Box<ExpectDto>>")]
    pub(crate) reference: Option<Box<Spanned<ExpectDto>>>,
}

/// What must hold at a place of a body.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Condition")]
pub(crate) enum ConditionDto {
    /// There is a value that says something: neither null nor empty.
    Filled,
    /// There is no value, or one that says nothing: null or empty.
    Absent,
    /// It is a string.
    String,
    /// It is a number.
    Number,
    /// It is a boolean.
    Boolean,
    /// It is an array.
    Array,
    /// It is this string, number or boolean.
    Equals(ScalarDto),
    /// It is not this string, number or boolean.
    Differs(ScalarDto),
    /// It is this, as JSON text; the order of arrays counts.
    Json(#[schemars(with = "String")] Word),
    /// Something in the array is this, or has at least these members, as JSON text.
    Has(#[schemars(with = "String")] Word),
    /// Nothing in the array is this, or has these members, as JSON text.
    Lacks(#[schemars(with = "String")] Word),
    /// The array has so many elements.
    Length(usize),
    /// The array has so many elements, or the number is so large, or larger.
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
