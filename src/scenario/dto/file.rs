//! A file as a whole.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::idp::Settings;
use crate::scenario::model::pack::Pack;

use super::{AlternativeDto, GivenDto, GroupDto, PersonDto, SettingsDto, StepDto, Word};

/// A scenario file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Scenario")]
pub(crate) struct ScenarioDto {
    /// A summary in a sentence.
    pub(crate) title: String,
    /// The source of the expectation, and how sure it is.
    pub(crate) evidence: EvidenceDto,
    /// The names of the cases that it covers, such as C-01 (docs/jira-service-management.md#cases-by-name).
    #[serde(default)]
    pub(crate) covers: Vec<String>,
    /// Requirements that a faulty endpoint breaks in this scenario, such as `lookup-finds`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) exercises: Vec<Word>,
    /// The families or exact clients that play the scenario.
    #[schemars(with = "Vec<String>")]
    pub(crate) idps: Vec<Word>,
    /// The smallest pack that contains the scenario (default: full).
    #[serde(default)]
    pub(crate) pack: Pack,
    /// The capabilities that the target must have.
    #[serde(default)]
    pub(crate) requires: Vec<Capability>,
    /// The behaviour that the alternatives distinguish, for the behaviour card.
    pub(crate) behaviour: Option<String>,
    /// Additional fields of customers to compare.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) compare: Vec<Word>,
    /// The same for fields that an endpoint need not have a place for: on a target that shows one of them for nobody, it is
    /// not compared.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) compare_kept: Vec<Word>,
    /// Client settings that differ from the provider's defaults.
    #[serde(default)]
    #[schemars(with = "Settings")]
    pub(crate) settings: SettingsDto,
    /// Settings of some of the clients, by client or family; they take precedence over `settings`.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, Settings>")]
    pub(crate) client_settings: IndexMap<String, SettingsDto>,
    /// The state of the endpoint before the IdP connects.
    #[serde(default)]
    pub(crate) given: GivenDto,
    /// The people of the directory, by the name that the steps use.
    #[serde(default)]
    pub(crate) people: IndexMap<String, PersonDto>,
    /// The groups of the directory, by the name that the steps use.
    #[serde(default)]
    pub(crate) groups: IndexMap<String, GroupDto>,
    /// The steps, in order.
    #[schemars(with = "Vec<StepDto>")]
    pub(crate) steps: Vec<Spanned<StepDto>>,
    /// The possible outcomes, by name.
    #[serde(default)]
    pub(crate) alternatives: IndexMap<String, AlternativeDto>,
    /// Clients with a different outcome, and the reason.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) differs: IndexMap<String, Word>,
}

/// The source of an expectation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Evidence")]
pub(crate) struct EvidenceDto {
    /// How sure it is.
    pub(crate) mark: Mark,
    /// The document, capture or report.
    pub(crate) source: String,
    /// The inferred part, if the mark alone would claim too much.
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
    /// It follows from other evidence or from a related product; no source states it.
    Inferred,
}

/// A capability of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// The endpoint has `/Groups`.
    Groups,
    /// The endpoint supports filters.
    Filter,
    /// DELETE removes a resource.
    Delete,
    /// The product's REST API is available.
    ProductView,
    /// The settings of the endpoint can be changed.
    Settings,
    /// The clock of the endpoint can be moved.
    Clock,
    /// Nobody else uses the target.
    Exclusive,
    /// `/ServiceProviderConfig` says that lists can be sorted.
    Sort,
    /// `/ServiceProviderConfig` says that resources have versions.
    Etag,
    /// `/ServiceProviderConfig` says that there is `/Bulk`.
    Bulk,
    /// `/ServiceProviderConfig` says that lists can be read by cursor (RFC 9865).
    Cursor,
}
