//! Outcomes that are all possible.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// An outcome that is possible.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Alternative")]
pub(crate) struct AlternativeDto {
    /// What it is, in a sentence.
    pub(crate) says: String,
    /// The knobs of the reference endpoint that lead to it.
    #[serde(default)]
    pub(crate) when: BTreeMap<String, String>,
    /// Whether no setting of the reference endpoint leads to it, and only others show it.
    #[serde(default)]
    pub(crate) elsewhere: bool,
    /// For whom it is legal.
    pub(crate) legal: LegalDto,
}

/// For whom an alternative is legal. Whoever is not named is not concerned.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Legal")]
pub(crate) struct LegalDto {
    /// Jira Service Management's documentation.
    pub(crate) jsm: Option<Legality>,
    /// Okta.
    pub(crate) okta: Option<Legality>,
    /// Entra.
    pub(crate) entra: Option<Legality>,
    /// Google.
    pub(crate) google: Option<Legality>,
}

/// Whether an alternative may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Legality {
    /// It may.
    Yes,
    /// It may, and somebody will be surprised.
    Warn,
    /// It may not.
    No,
}
