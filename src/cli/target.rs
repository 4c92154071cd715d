//! From flags and the settings file to a target.

use std::time::Duration;

use crate::context::Context;
use crate::foreign::{Printable, shell};
use crate::printable;
use crate::settings::{Access, ConnectError, Known, Place, Rest, Settings, SettingsError, TargetSettings};
use crate::suggest::nearest;
use crate::wire::{Limits, Target, TargetError, base_url};

use super::args::TargetArgs;
use super::{keep_secret, warn};

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
            Self::NoTarget { near: Some(near), .. } => return Some(format!("did you mean `{near}`?")),
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

impl TargetArgs {
    /// The target that the flags name, by itself or in the settings file. A flag goes before what stands in the file.
    pub fn choose(&self, context: &Context) -> Result<Chosen, FlagError> {
        self.choose_at(context, Manners::default())
    }

    /// The same, with the manners that `run` has flags for.
    pub fn choose_at(&self, context: &Context, manners: Manners) -> Result<Chosen, FlagError> {
        let file = Settings::load(self.settings.as_deref(), &context.cwd)?;
        let mut known = file.known;
        let Some(word) = &self.target else {
            if let Some(flag) = self.about_target() {
                return Err(FlagError::NeedsTarget(flag));
            }
            let settings = TargetSettings { max_wait: self.max_wait, ..TargetSettings::default() };
            return Ok(Chosen { target: None, settings, known });
        };
        let mut settings = match file.targets.get(word) {
            Some(named) => named.clone(),
            None if word.contains("://") => TargetSettings::of(word),
            None => {
                let near = nearest(word, file.targets.keys().map(String::as_str)).map(str::to_owned);
                return Err(FlagError::NoTarget { name: word.clone(), near });
            }
        };
        self.override_in(&mut settings)?;
        settings.rate = manners.rate.or(settings.rate);
        settings.max_requests = manners.max_requests.or(settings.max_requests);
        known.append(&mut settings.known);
        Chosen::connect(settings, known, context)
    }

    /// A flag that says something of a target.
    fn about_target(&self) -> Option<&'static str> {
        let flags = [
            ("--token-env", self.token_env.is_some()),
            ("--token-file", self.token_file.is_some()),
            ("--rest", self.rest.is_some()),
            ("--ca", self.ca.is_some()),
            ("--proxy", self.proxy.is_some()),
            ("--insecure", self.insecure),
        ];
        flags.into_iter().find(|(_, is_there)| *is_there).map(|(flag, _)| flag)
    }

    fn override_in(&self, settings: &mut TargetSettings) -> Result<(), FlagError> {
        if let Some(name) = &self.token_env {
            settings.access = Some(Access::Token(Place::Env(name.clone())));
        }
        if let Some(path) = &self.token_file {
            settings.access = Some(Access::Token(Place::File(path.clone())));
        }
        if let (Some(base), Some(user), Some(name)) = (&self.rest, &self.rest_user, &self.rest_token_env) {
            settings.rest = Some(Rest {
                base: base_url(base)?,
                user: user.clone(),
                token: Place::Env(name.clone()),
                service_desk: self.service_desk,
            });
        }
        let network = &mut settings.network;
        network.insecure |= self.insecure;
        network.ca_file = self.ca.clone().or(network.ca_file.take());
        network.proxy = self.proxy.clone().or(network.proxy.take());
        settings.max_wait = self.max_wait.or(settings.max_wait);
        Ok(())
    }

    /// The flags with which `snapshots` finds the folder of the target's own snapshots.
    pub fn review(&self) -> Printable {
        let settings = self.settings.as_ref().map(|path| path.display().to_string());
        settings.map(|path| printable!(" --settings {}", shell::word(&path))).unwrap_or_default()
    }

    /// The flags that lead to the same target again.
    pub fn repeat(&self) -> Printable {
        let mut flags = Printable::default();
        let mut flag = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                // What begins with a hyphen would be a flag of its own.
                let between = if value.starts_with('-') { "=" } else { " " };
                flags += printable!(" {}{}{}", name, between, shell::word(&value));
            }
        };
        flag("--target", self.target.clone());
        flag("--settings", self.settings.as_ref().map(|path| path.display().to_string()));
        flag("--token-env", self.token_env.clone());
        flag("--token-file", self.token_file.as_ref().map(|path| path.display().to_string()));
        flag("--ca", self.ca.as_ref().map(|path| path.display().to_string()));
        flag("--proxy", self.proxy.clone());
        flag("--rest", self.rest.clone());
        flag("--rest-user", self.rest_user.clone());
        flag("--rest-token-env", self.rest_token_env.clone());
        if self.insecure {
            flags += Printable::ours(" --insecure");
        }
        flags
    }
}
