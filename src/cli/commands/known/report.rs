//! What a JSON report says of causes and known failures.

use serde::Deserialize;

/// A run, as far as known failures are concerned.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    /// The run's id.
    pub(super) run: String,
    /// What is wrong with the endpoint.
    #[serde(default)]
    pub(super) causes: Vec<Cause>,
    /// How the entries of the settings did.
    #[serde(default)]
    pub(super) known: Vec<Listed>,
    /// How many runs ended how.
    #[serde(default)]
    pub(super) summary: Summary,
}

/// A cause.
#[derive(Debug, Deserialize)]
pub(super) struct Cause {
    /// Its id.
    pub(super) id: String,
    /// The ids of causes that turned out to be the same fault.
    #[serde(default)]
    pub(super) covers: Vec<String>,
    /// `must`, `should` or `info`.
    pub(super) level: String,
    /// What is wrong.
    pub(super) headline: String,
    /// Why it is known, where it is.
    #[serde(default)]
    pub(super) known: Option<String>,
    /// The runs that show it.
    pub(super) seen_in: Vec<SeenIn>,
}

/// A scenario as one client played it.
#[derive(Debug, Deserialize)]
pub(super) struct SeenIn {
    /// The scenario's id.
    pub(super) id: String,
    /// The client.
    pub(super) idp: String,
}

/// An entry of the settings.
#[derive(Debug, Deserialize)]
pub(super) struct Listed {
    /// The scenarios, as they are written.
    pub(super) scenario: String,
    /// The requirements.
    pub(super) requirement: String,
    /// The causes, where it names some.
    #[serde(default)]
    pub(super) cause: Option<String>,
    /// `fails`, `passes`, `expired` or `open`.
    pub(super) state: String,
}

/// How many runs ended how.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Summary {
    /// Those that could not be played to their end.
    #[serde(default)]
    pub(super) errored: usize,
}
