//! A file as a whole.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::idp::Settings;
use crate::scenario::model::pack::Pack;

use super::{AlternativeDto, GivenDto, GroupDto, PersonDto, StepDto, Word};

/// A scenario file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Scenario")]
pub(crate) struct ScenarioDto {
    /// What happens, in a sentence.
    pub(crate) title: String,
    /// Where the expectation comes from, and how sure it is.
    pub(crate) evidence: EvidenceDto,
    /// The names of the cases that it covers, such as C-01 (docs/jira-service-management.md#cases-by-name).
    #[serde(default)]
    pub(crate) covers: Vec<String>,
    /// Requirements that are broken here where the endpoint is wrong, such as `lookup-finds`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) exercises: Vec<Word>,
    /// Families or exact clients that play it.
    #[schemars(with = "Vec<String>")]
    pub(crate) idps: Vec<Word>,
    /// The smallest pack that it is part of (default: full).
    #[serde(default)]
    pub(crate) pack: Pack,
    /// What the target must let us do or see.
    #[serde(default)]
    pub(crate) requires: Vec<Capability>,
    /// The behaviour that its alternatives tell apart, for the behaviour card.
    pub(crate) behaviour: Option<String>,
    /// Further fields of customers that are compared.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) compare: Vec<Word>,
    /// Client settings that differ from the provider's defaults.
    #[serde(default)]
    pub(crate) settings: Settings,
    /// What stands at the endpoint before the IdP arrives.
    #[serde(default)]
    pub(crate) given: GivenDto,
    /// The people of the directory, by the name that the steps use.
    #[serde(default)]
    pub(crate) people: IndexMap<String, PersonDto>,
    /// The groups of the directory, by the name that the steps use.
    #[serde(default)]
    pub(crate) groups: IndexMap<String, GroupDto>,
    /// What happens, in order.
    #[schemars(with = "Vec<StepDto>")]
    pub(crate) steps: Vec<Spanned<StepDto>>,
    /// Outcomes that are all possible, by name.
    #[serde(default)]
    pub(crate) alternatives: IndexMap<String, AlternativeDto>,
    /// Clients that leave another outcome, and why.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) differs: IndexMap<String, Word>,
}

/// Where an expectation comes from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Evidence")]
pub(crate) struct EvidenceDto {
    /// How sure it is.
    pub(crate) mark: Mark,
    /// The document, capture or report.
    pub(crate) source: String,
    /// What of it is inferred, where the mark alone would say too much.
    pub(crate) note: Option<String>,
}

/// How sure an expectation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// The vendor's documentation says so.
    Documented,
    /// It was seen on the wire.
    Captured,
    /// A client's own source or tests do so; it was not seen on the wire.
    Source,
    /// Users or issue threads report it.
    Reported,
    /// It follows from the above, or from a neighbouring product; nobody has said it.
    Inferred,
}

/// What a target lets us do or see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// It serves `/Groups`.
    Groups,
    /// It filters.
    Filter,
    /// DELETE removes.
    Delete,
    /// The product's own REST API can be used.
    ProductView,
    /// Its settings can be changed.
    Settings,
    /// Its clock can be moved.
    Clock,
    /// Nobody else uses it.
    Exclusive,
}
