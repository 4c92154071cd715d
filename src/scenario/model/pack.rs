//! Packs: how much of the catalogue is played.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

/// A part of the catalogue. `ready` contains `smoke`, `full` both and `rfc`, `large` all.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Pack {
    /// A handful of scenarios: does anything work at all?
    Smoke,
    /// Everything that decides whether an endpoint is ready for a provider, as far as plain SCIM shows it
    Ready,
    /// What the RFCs ask for beyond what providers need, without a word about any provider
    Rfc,
    /// All scenarios but those of large groups
    #[default]
    Full,
    /// All scenarios, with groups of hundreds of members
    Large,
}

impl Pack {
    /// The pack as a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Smoke => "smoke",
            Self::Ready => "ready",
            Self::Rfc => "rfc",
            Self::Full => "full",
            Self::Large => "large",
        }
    }

    /// Whether it holds what belongs to `smallest`, the smallest pack that a scenario is part of.
    pub fn holds(self, smallest: Self) -> bool {
        if self == Self::Rfc { smallest == Self::Rfc } else { smallest <= self }
    }
}

impl fmt::Display for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
