//! From flags to a target: URLs are checked, tokens are read from where they are kept.

use std::time::Duration;

use crate::context::Context;
use crate::scenario::nearest::nearest;
use crate::settings::{Known, Settings, SettingsError};
use crate::wire::{Limits, RestTarget, Secret, Target, TargetError, base_url};

use super::args::TargetArgs;

/// Why the flags make no target.
#[derive(Debug, thiserror::Error)]
pub enum FlagError {
    /// A URL cannot be used.
    #[error("{0}")]
    Url(#[from] TargetError),
    /// A variable with a token is not set.
    #[error("the environment variable `{0}` is not set, or is empty")]
    NoVariable(String),
    /// A file with a token cannot be read.
    #[error("the token file `{path}` cannot be read ({error})")]
    NoFile {
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A file with a token is empty.
    #[error("the token file `{0}` is empty")]
    EmptyFile(String),
    /// The settings file has no target of that name.
    #[error("`{name}` is neither an http or https URL nor a target of the settings file")]
    NoTarget {
        /// What was asked for.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// The settings file cannot be used.
    #[error("{0}")]
    Settings(#[from] SettingsError),
}

impl FlagError {
    /// What to do next.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Url(_) => "a target looks like https://app.example/scim/v2",
            Self::NoVariable(_) => {
                "set it, as in `SCIM_TOKEN=… scimsnap run --target URL --token-env SCIM_TOKEN`"
            }
            Self::NoFile { .. } | Self::EmptyFile(_) => "the file holds the token and nothing else",
            Self::NoTarget { near: Some(near), .. } => return Some(format!("did you mean `{near}`?")),
            Self::NoTarget { near: None, .. } => {
                "a URL looks like https://app.example/scim/v2; names stand in scimsnap.toml as [targets.NAME]"
            }
            Self::Settings(_) => return None,
        };
        Some(help.to_owned())
    }
}

/// What flags and settings come to.
#[derive(Debug)]
pub struct Chosen {
    /// The target; nothing means the embedded endpoint.
    pub target: Option<Target>,
    /// What is known to fail there, not yet bound to scenarios.
    pub known: Vec<Known>,
}

impl TargetArgs {
    /// The target that the flags name, by itself or in the settings file.
    pub fn choose(&self, context: &Context) -> Result<Chosen, FlagError> {
        let Settings { mut known, mut targets } = Settings::load(self.settings.as_deref(), &context.cwd)?;
        let Some(word) = &self.target else { return Ok(Chosen { target: None, known }) };
        let named = targets.remove(word);
        if named.is_none() && !word.contains("://") {
            let near = nearest(word, targets.keys().map(String::as_str)).map(str::to_owned);
            return Err(FlagError::NoTarget { name: word.clone(), near });
        }
        let url = named.as_ref().map_or(word, |target| &target.url);
        // A flag goes before what stands in the file.
        let (token_env, token_file) = match &named {
            Some(target) if self.token_env.is_none() && self.token_file.is_none() => {
                (&target.token_env, &target.token_file)
            }
            _ => (&self.token_env, &self.token_file),
        };
        let token = match (token_env, token_file) {
            (Some(name), _) => Some(variable(name, context)?),
            (None, Some(path)) => {
                let shown = path.display().to_string();
                let text = std::fs::read_to_string(context.cwd.join(path))
                    .map_err(|error| FlagError::NoFile { path: shown.clone(), error })?;
                let secret = Secret::new(&text);
                if secret.is_empty() {
                    return Err(FlagError::EmptyFile(shown));
                }
                Some(secret)
            }
            (None, None) => None,
        };
        let rest = match (&self.rest, &self.rest_user, &self.rest_token_env) {
            (Some(base), Some(user), Some(name)) => Some(RestTarget {
                base: base_url(base)?,
                user: user.clone(),
                token: variable(name, context)?,
                service_desk: self.service_desk,
            }),
            _ => None,
        };
        let target = Target { scim: base_url(url)?, token, rest };
        known.extend(named.map(|target| target.known).unwrap_or_default());
        Ok(Chosen { target: Some(target), known })
    }

    /// Bounds on requests.
    pub fn limits(&self) -> Limits {
        Limits { max_wait: Duration::from_secs(self.max_wait), ..Limits::default() }
    }

    /// The flags that lead to the same target again.
    pub fn repeat(&self) -> String {
        let mut flags = String::new();
        let mut flag = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                flags.extend([" ", name, " ", value.as_str()]);
            }
        };
        flag("--target", self.target.clone());
        flag("--settings", self.settings.as_ref().map(|path| path.display().to_string()));
        flag("--token-env", self.token_env.clone());
        flag("--token-file", self.token_file.as_ref().map(|path| path.display().to_string()));
        flag("--rest", self.rest.clone());
        flag("--rest-user", self.rest_user.clone());
        flag("--rest-token-env", self.rest_token_env.clone());
        flags
    }
}

fn variable(name: &str, context: &Context) -> Result<Secret, FlagError> {
    let secret = Secret::new(context.var(name).unwrap_or_default());
    if secret.is_empty() { Err(FlagError::NoVariable(name.to_owned())) } else { Ok(secret) }
}
