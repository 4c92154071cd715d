//! A target as the settings file describes it.

use std::path::PathBuf;

use crate::diag::{At, Diagnostic, Source};
use crate::wire::base_url;

use super::dto::TargetDto;
use super::known::{self, Known};

/// A target as the settings file describes it. Secrets are named here, never held.
#[derive(Debug, Clone)]
pub struct TargetSettings {
    /// The SCIM base URL.
    pub url: String,
    /// Environment variable with the bearer token.
    pub token_env: Option<String>,
    /// File with the bearer token.
    pub token_file: Option<PathBuf>,
    /// Failures that are known on this target.
    pub known: Vec<Known>,
}

/// Checks a target and points at what is wrong.
pub(super) fn read(target: TargetDto, source: &Source) -> Result<TargetSettings, Diagnostic> {
    let point = |range, message: String| Diagnostic::new(source, At::of_bytes(&source.text, range), message);
    let url = target.url;
    base_url(url.get_ref()).map_err(|error| point(url.span(), error.to_string()))?;
    if let (Some(_), Some(file)) = (&target.token_env, &target.token_file) {
        let message = "the token comes from a variable already".to_owned();
        return Err(point(file.span(), message).help("name `token_env` or `token_file`"));
    }
    let mut entries = Vec::new();
    for entry in target.known {
        entries.push(known::read(entry, source)?);
    }
    Ok(TargetSettings {
        url: url.into_inner(),
        token_env: target.token_env.map(toml::Spanned::into_inner),
        token_file: target.token_file.map(|file| file.into_inner().into()),
        known: entries,
    })
}
