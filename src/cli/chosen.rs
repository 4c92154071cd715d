//! The target that flags and the settings file name, and why there is none.

use std::time::Duration;

use crate::cli::did_you_mean::did_you_mean;
use crate::cli::output::{keep_secret, warn};
use crate::context::Context;
use crate::settings::{ConnectError, Known, SettingsError, TargetSettings};
use crate::wire::{Limits, Target, TargetError};

/// Why flags and settings make no target.
#[derive(Debug, thiserror::Error)]
pub enum FlagError {
    /// The target cannot be reached for.
    #[error("{0}")]
    Connect(#[from] ConnectError),
    /// The settings file has no target of that name.
    #[error("`{name}` is neither an http or https URL nor a target of the settings file")]
    NoTarget {
        /// What was asked for.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A flag says something of a target, and there is none.
    #[error("`{0}` is about a target, and none is named: pass --target")]
    NeedsTarget(&'static str),
    /// The settings file cannot be used.
    #[error("{0}")]
    Settings(#[from] SettingsError),
}

impl From<TargetError> for FlagError {
    fn from(error: TargetError) -> Self {
        Self::Connect(error.into())
    }
}

impl FlagError {
    /// What to do next.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Connect(ConnectError::Url(_)) => "a target looks like https://app.example/scim/v2",
            Self::Connect(ConnectError::Credential(error)) => error.help(),
            Self::NoTarget { near: Some(near), .. } => return Some(did_you_mean(near)),
            Self::NoTarget { near: None, .. } => {
                "a URL looks like https://app.example/scim/v2; names stand in scimsnap.toml as [targets.NAME]"
            }
            Self::Connect(ConnectError::Network(_)) | Self::NeedsTarget(_) | Self::Settings(_) => {
                return None;
            }
        };
        Some(help.to_owned())
    }
}

/// How fast and how much may be sent, where flags say so.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manners {
    /// Requests a second at most.
    pub rate: Option<f64>,
    /// Requests at most.
    pub max_requests: Option<usize>,
}

/// What flags and settings come to.
#[derive(Debug, Default)]
pub struct Chosen {
    /// The target; nothing means the embedded endpoint.
    pub target: Option<Target>,
    /// Everything else that is said of the target.
    pub settings: TargetSettings,
    /// What is known to fail there, not yet bound to scenarios.
    pub known: Vec<Known>,
}

impl Chosen {
    /// The target that settings describe, with its secrets read. Nothing is sent.
    pub fn connect(
        settings: TargetSettings,
        known: Vec<Known>,
        context: &Context,
    ) -> Result<Self, FlagError> {
        let target = settings.connect(context)?;
        keep_secret(&target.redactor());
        if target.transport.is_insecure() {
            warn(
                "INSECURE: no certificate is checked. Anybody between here and the target can read the token and \
                 change what is sent; never use this with a token that matters",
            );
        }
        Ok(Self { target: Some(target), settings, known })
    }

    /// Bounds on requests.
    pub fn limits(&self) -> Limits {
        let limits = Limits::default();
        let max_wait = self.settings.max_wait.map_or(limits.max_wait, Duration::from_secs);
        Limits { max_wait, ..limits }
    }
}
