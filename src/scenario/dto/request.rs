//! Literal requests.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{ExpectDto, Word};

/// A literal request, where the point is the payload.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
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
    /// The body as it is, where the point is that it is no JSON.
    #[schemars(with = "Option<String>")]
    pub(crate) text: Option<Word>,
    /// Whether it is sent at the same time as the request that is the next step.
    #[serde(default)]
    pub(crate) with_next: bool,
    /// What must come back.
    #[serde(default)]
    pub(crate) expect: ExpectDto,
    /// What of the answer later requests name: names with JSON Pointers, such as `id: /id`.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) keep: IndexMap<String, Word>,
}
