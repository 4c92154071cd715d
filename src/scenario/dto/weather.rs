//! What is lost on its way, or answered by somebody in between.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Word;

/// A request or answer to lose, the next time that the provider sends such a request.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Lose")]
pub(crate) enum LoseDto {
    /// The request never arrives: `POST /Users`.
    #[schemars(with = "String")]
    Request(Word),
    /// The request takes effect, but its answer never arrives: `PATCH /Groups`.
    #[schemars(with = "String")]
    Answer(Word),
}

/// A response of a gateway or rate limiter, the next time that the provider sends such a request.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Intercept")]
pub(crate) struct InterceptDto {
    /// The request never arrives: `POST /Users`.
    #[schemars(with = "Option<String>")]
    pub(crate) request: Option<Word>,
    /// The request takes effect, but its answer is replaced: `PATCH /Groups`. Anything that is not given stays
    /// unchanged, except that a new body has its own headers.
    #[schemars(with = "Option<String>")]
    pub(crate) answer: Option<Word>,
    /// The number of consecutive requests to intercept (1).
    #[schemars(with = "Option<u16>")]
    pub(crate) times: Option<Spanned<u16>>,
    /// The status.
    #[schemars(with = "Option<u16>")]
    pub(crate) status: Option<Spanned<u16>>,
    /// Headers; an empty value removes a header.
    #[serde(default)]
    pub(crate) headers: IndexMap<String, String>,
    /// The body, as JSON text.
    #[schemars(with = "Option<String>")]
    pub(crate) json: Option<Word>,
    /// The body as text: a page, or nothing.
    #[schemars(with = "Option<String>")]
    pub(crate) text: Option<Word>,
}
