//! Reads the JSON report of a run: one that is named, or the one that the last run left in the work folder.

use std::io::{self, ErrorKind};
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::files::input;
use crate::report::json::FORMAT;

/// A report that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
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

/// Which shape a report has.
#[derive(Debug, Deserialize)]
struct Shape {
    format: u32,
}

/// The part of a report that a command needs. `shown` is the name of the file in errors.
pub fn read<T: DeserializeOwned>(path: &Path, shown: &Path) -> Result<T, ReportError> {
    let name = || shown.display().to_string();
    let text = input::text_or_stream(path, input::REPORT).map_err(|error| match error.kind() {
        ErrorKind::NotFound => ReportError::Missing(name()),
        _ => ReportError::Unreadable(name(), error),
    })?;
    let other = |error| ReportError::Other(name(), error);
    let Shape { format } = serde_json::from_str(&text).map_err(other)?;
    if format != FORMAT {
        return Err(ReportError::OtherFormat(name(), format));
    }
    serde_json::from_str(&text).map_err(other)
}
