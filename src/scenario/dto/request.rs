//! Literal requests, and what must come back for them.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Word;

/// A literal request, where the point is the payload.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Request")]
pub(crate) struct RequestDto {
    /// Families or exact clients for whom it is sent.
    #[schemars(with = "Option<Vec<String>>")]
    pub(crate) only: Option<Vec<Word>>,
    /// Alternatives in which it is sent.
    #[serde(rename = "in")]
    #[schemars(with = "Option<Vec<String>>")]
    pub(crate) within: Option<Vec<Word>>,
    /// Method and target: `PATCH /Groups/{{ groups.acme.id }}`.
    #[schemars(with = "String")]
    pub(crate) send: Word,
    /// Headers that differ from the provider's; an empty value leaves one out.
    #[serde(default)]
    pub(crate) headers: IndexMap<String, String>,
    /// The body, as JSON text.
    #[schemars(with = "Option<String>")]
    pub(crate) json: Option<Word>,
    /// What must come back.
    #[serde(default)]
    pub(crate) expect: ExpectDto,
}

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
}
