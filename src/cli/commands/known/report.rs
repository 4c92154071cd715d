//! What a JSON report says of causes and known failures.

use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::files::input;
use crate::report::json::FORMAT;

/// A run, as far as known failures are concerned.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    format: u32,
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

/// A report that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReportError {
    /// There is none.
    #[error("there is no report `{0}`")]
    Missing(String),
    /// It cannot be read.
    #[error("cannot read `{0}` ({1})")]
    Unreadable(String, io::Error),
    /// It is something else.
    #[error("`{0}` is not a JSON report of a run ({1})")]
    Other(String, serde_json::Error),
    /// Another version wrote it.
    #[error("`{0}` is a report of format {1}, not of format {FORMAT}")]
    OtherFormat(String, u32),
}

impl Report {
    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, ReportError> {
        let name = path.display().to_string();
        let text = input::text_or_stream(path, input::REPORT).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ReportError::Missing(name.clone()),
            _ => ReportError::Unreadable(name.clone(), error),
        })?;
        let report: Self =
            serde_json::from_str(&text).map_err(|error| ReportError::Other(name.clone(), error))?;
        if report.format == FORMAT { Ok(report) } else { Err(ReportError::OtherFormat(name, report.format)) }
    }
}
