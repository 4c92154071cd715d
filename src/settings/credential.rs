//! Sources of secrets: an environment variable or a file, never an argument or the settings file itself.

use std::path::PathBuf;

use crate::context::Context;
use crate::files::input;
use crate::wire::Secret;

/// Where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An environment variable.
    Env(String),
    /// A file that holds the secret and nothing else.
    File(PathBuf),
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// A variable is not set, or cannot be read.
    #[error("the environment variable `{name}` {why}")]
    NoVariable {
        /// Its name.
        name: String,
        /// Why it cannot be used.
        why: &'static str,
    },
    /// A file cannot be read.
    #[error("the token file `{path}` cannot be read ({error})")]
    NoFile {
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A file is empty.
    #[error("the token file `{0}` is empty")]
    EmptyFile(String),
}

impl CredentialError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoVariable { .. } => {
                "set it, for example: `SCIM_TOKEN=… scimsnap run --target URL --token-env SCIM_TOKEN`"
            }
            Self::NoFile { .. } | Self::EmptyFile(_) => "the file must contain the token and nothing else",
        }
    }
}

impl Place {
    /// Reads the secret.
    pub fn read(&self, context: &Context) -> Result<Secret, CredentialError> {
        match self {
            Self::Env(name) => {
                let secret = Secret::new(context.var(name).unwrap_or_default());
                if secret.is_empty() {
                    let why = context.without(name);
                    return Err(CredentialError::NoVariable { name: name.clone(), why });
                }
                Ok(secret)
            }
            Self::File(path) => {
                let shown = path.display().to_string();
                let text = input::text_or_stream(&context.cwd.join(path), input::SECRET)
                    .map_err(|error| CredentialError::NoFile { path: shown.clone(), error })?;
                let secret = Secret::new(&text);
                if secret.is_empty() { Err(CredentialError::EmptyFile(shown)) } else { Ok(secret) }
            }
        }
    }
}
