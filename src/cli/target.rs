//! From flags to a target: URLs are checked, tokens are read from where they are kept.

use std::time::Duration;

use crate::context::Context;
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
}

impl FlagError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Url(_) => "a target looks like https://app.example/scim/v2",
            Self::NoVariable(_) => {
                "set it, as in `SCIM_TOKEN=… scimsnap run --target URL --token-env SCIM_TOKEN`"
            }
            Self::NoFile { .. } | Self::EmptyFile(_) => "the file holds the token and nothing else",
        }
    }
}

impl TargetArgs {
    /// The target that the flags name, where they name one.
    pub fn target(&self, context: &Context) -> Result<Option<Target>, FlagError> {
        let Some(url) = &self.target else { return Ok(None) };
        let token = match (&self.token_env, &self.token_file) {
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
        Ok(Some(Target { scim: base_url(url)?, token, rest }))
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
