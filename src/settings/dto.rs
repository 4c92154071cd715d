//! The file as it is written, every value with its place.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsDto {
    /// Failures that are known on every target.
    #[serde(default)]
    pub(super) known: Vec<Spanned<KnownDto>>,
    /// Targets by name.
    #[serde(default)]
    pub(super) targets: BTreeMap<Spanned<String>, TargetDto>,
}

/// A target.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetDto {
    /// The SCIM base URL.
    pub(super) url: Spanned<String>,
    /// Environment variable with the bearer token.
    pub(super) token_env: Option<Spanned<String>>,
    /// File with the bearer token.
    pub(super) token_file: Option<Spanned<String>>,
    /// Failures that are known on this target.
    #[serde(default)]
    pub(super) known: Vec<Spanned<KnownDto>>,
}

/// A known failure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownDto {
    /// A glob over scenario ids.
    pub(super) scenario: Spanned<String>,
    /// The requirement's id.
    pub(super) requirement: Spanned<String>,
    /// A family or an exact client; all of them where it is left out.
    pub(super) idp: Option<Spanned<String>>,
    /// Why it is accepted for now.
    pub(super) reason: Spanned<String>,
    /// Who takes care of it.
    pub(super) owner: Spanned<String>,
    /// The last day on which it is accepted.
    pub(super) expires: Spanned<Datetime>,
}
