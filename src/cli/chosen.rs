//! The target that the flags and the settings file describe.

use std::time::Duration;

use crate::cli::did_you_mean::did_you_mean;
use crate::cli::output::{keep_secret, warn};
use crate::context::Context;
use crate::settings::{ConnectError, Known, SettingsError, TargetSettings};
use crate::wire::{Limits, Target, TargetError};

/// Why flags and settings do not describe a target.
#[derive(Debug, thiserror::Error)]
pub enum FlagError {
    /// The target cannot be reached for.
    #[error("{0}")]
    Connect(#[from] ConnectError),
    /// The settings file has no target of that name.
    #[error("`{name}` is neither an http(s) URL nor a target in the settings file")]
    NoTarget {
        /// What was asked for.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A flag needs a target, and none is given.
    #[error("`{0}` needs a target: pass --target")]
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
                "a URL looks like https://app.example/scim/v2; a name needs a [targets.NAME] section in scimsnap.toml"
            }
            Self::Connect(ConnectError::Network(_)) | Self::NeedsTarget(_) | Self::Settings(_) => {
                return None;
            }
        };
        Some(help.to_owned())
    }
}

/// Limits on requests, as far as flags set them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manners {
    /// The maximum number of requests per second.
    pub rate: Option<f64>,
    /// The maximum number of requests.
    pub max_requests: Option<usize>,
}

/// The target that flags and settings describe.
#[derive(Debug, Default)]
pub struct Chosen {
    /// The target; nothing means the embedded endpoint.
    pub target: Option<Target>,
    /// The other settings of the target.
    pub settings: TargetSettings,
    /// The known failures, not yet bound to scenarios.
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
                "INSECURE: certificates are not verified. Anybody between here and the target can read the token and \
                 change the requests; never use this with a token that matters",
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
