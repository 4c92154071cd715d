//! Literal requests.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{ExpectDto, Word};

/// A literal request, for scenarios about its payload.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Request")]
pub(crate) struct RequestDto {
    /// The families or exact clients that send it.
    #[schemars(with = "Option<Vec<String>>")]
    pub(crate) only: Option<Vec<Word>>,
    /// The alternatives in which it is sent.
    #[serde(rename = "in")]
    #[schemars(with = "Option<Vec<String>>")]
    pub(crate) within: Option<Vec<Word>>,
    /// Method and target: `PATCH /Groups/{{ groups.acme.id }}`.
    #[schemars(with = "String")]
    pub(crate) send: Word,
    /// Headers that differ from the provider's; an empty value removes a header.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) headers: IndexMap<String, Word>,
    /// The form in which the request shows the bearer token of the target: `small-letters`, `other-scheme`, `no-scheme`,
    /// `shortened` or `extended`.
    #[schemars(with = "Option<String>")]
    pub(crate) key: Option<Word>,
    /// The body, as JSON text.
    #[schemars(with = "Option<String>")]
    pub(crate) json: Option<Word>,
    /// The body as text, for bodies that are not JSON.
    #[schemars(with = "Option<String>")]
    pub(crate) text: Option<Word>,
    /// The expected response.
    #[serde(default)]
    pub(crate) expect: ExpectDto,
    /// Values of the response for later requests: names with JSON Pointers, such as `id: /id`.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) keep: IndexMap<String, Word>,
}
