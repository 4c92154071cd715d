//! Finds the settings file and reads it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::diag::{At, Diagnostic, Source, in_plain_words};
use crate::files::input;

use super::dto::SettingsDto;
use super::known::{self, Known};
use super::locator::Point;
use super::target::{self, TargetSettings};

/// The file that is looked for in the folder we are in.
pub const FILE_NAME: &str = "scimsnap.toml";

/// What the settings file says.
#[derive(Debug, Default)]
pub struct Settings {
    /// Failures that are known on every target.
    pub known: Vec<Known>,
    /// Targets by name.
    pub targets: BTreeMap<String, TargetSettings>,
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file that was named cannot be read.
    #[error("the settings file `{path}` cannot be read ({error})")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{0}")]
    Invalid(Diagnostic),
}

impl From<Diagnostic> for SettingsError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Invalid(diagnostic)
    }
}

impl Settings {
    /// Reads the file that is named, or the one in the folder we are in, where there is one.
    pub fn load(named: Option<&Path>, cwd: &Path) -> Result<Self, SettingsError> {
        let path = named.unwrap_or(Path::new(FILE_NAME));
        let full = cwd.join(path);
        let text = match input::text(&full, input::SETTINGS) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(SettingsError::Unreadable { path: path.display().to_string(), error });
            }
        };
        let source = Source { path: path.display().to_string().into(), text: text.into() };
        Self::read(&source, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads the text of a settings file whose paths start from a folder.
    pub fn read(source: &Source, folder: &Path) -> Result<Self, SettingsError> {
        let point = Point { source, folder };
        let file: SettingsDto = toml::from_str(&source.text).map_err(|error| {
            let at = At::of_bytes(&source.text, error.span().unwrap_or(0..0));
            let message = in_plain_words(error.message().trim_end());
            Diagnostic::new(source, at, message.replace('\n', ", "))
        })?;
        let mut settings = Self::default();
        for entry in file.known {
            settings.known.push(known::read(entry, &point)?);
        }
        for (name, target) in file.targets {
            settings.targets.insert(name.into_inner(), target::read(target, &point)?);
        }
        Ok(settings)
    }
}
