//! Outcomes that are all possible.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// A possible outcome.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Alternative")]
pub(crate) struct AlternativeDto {
    /// A description in a sentence.
    pub(crate) says: String,
    /// The knobs of the reference endpoint that lead to this outcome.
    #[serde(default)]
    pub(crate) when: BTreeMap<String, String>,
    /// Whether only other endpoints show this outcome, and no setting of the reference endpoint leads to it.
    #[serde(default)]
    pub(crate) elsewhere: bool,
    /// The providers for which the outcome is legal.
    pub(crate) legal: LegalDto,
}

/// The providers for which an alternative is legal. Providers that are not named are not affected.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Legal")]
pub(crate) struct LegalDto {
    /// Jira Service Management.
    pub(crate) jsm: Option<Legality>,
    /// Okta.
    pub(crate) okta: Option<Legality>,
    /// Entra.
    pub(crate) entra: Option<Legality>,
    /// Google.
    pub(crate) google: Option<Legality>,
}

/// Whether an alternative is legal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Legality {
    /// It is legal.
    Yes,
    /// It is legal but may be a surprise.
    Warn,
    /// It is not legal.
    No,
}
