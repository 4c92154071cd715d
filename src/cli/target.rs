//! The flags that name a target and say how to reach it.

use std::path::PathBuf;

use clap::Args;

use crate::cli::chosen::{Chosen, FlagError, Manners};
use crate::context::Context;
use crate::settings::{Access, Place, Rest, Settings, TargetSettings};
use crate::suggest::nearest;
use crate::wire::base_url;

/// Where the endpoint is and how to get in.
#[derive(Debug, Clone, Args)]
pub struct TargetArgs {
    /// SCIM base URL (without /Users), or the name of a target in the settings file [default: the embedded reference
    /// endpoint]
    #[arg(long, value_name = "URL|NAME", help_heading = "Target")]
    pub target: Option<String>,
    /// How to get in.
    #[command(flatten)]
    pub way: WayArgs,
}

/// How to get into an endpoint, wherever it is.
#[derive(Debug, Clone, Args)]
pub struct WayArgs {
    /// Settings file [default: scimsnap.toml, if it exists]
    #[arg(long, value_name = "FILE", help_heading = "Target")]
    pub settings: Option<PathBuf>,
    /// Environment variable with the bearer token
    #[arg(long, value_name = "VAR", help_heading = "Target")]
    pub token_env: Option<String>,
    /// File with the bearer token
    #[arg(long, value_name = "FILE", help_heading = "Target", conflicts_with = "token_env")]
    pub token_file: Option<PathBuf>,
    /// Base URL of the product's REST API (…/rest/servicedeskapi)
    #[arg(long, value_name = "URL", help_heading = "Target", requires_all = ["rest_user", "rest_token_env"])]
    pub rest: Option<String>,
    /// User name for the REST API
    #[arg(long, value_name = "USER", help_heading = "Target", requires = "rest")]
    pub rest_user: Option<String>,
    /// Environment variable with the API token of that user
    #[arg(long, value_name = "VAR", help_heading = "Target", requires = "rest")]
    pub rest_token_env: Option<String>,
    /// Id of the service desk from which customers are read
    #[arg(long, value_name = "ID", help_heading = "Target", default_value_t = 1)]
    pub service_desk: u32,
    /// PEM file with certificates to trust in addition to those of the system
    #[arg(long, value_name = "FILE", help_heading = "Target")]
    pub ca: Option<PathBuf>,
    /// HTTP proxy, or `none` [default: taken from the environment, as curl does]
    #[arg(long, value_name = "URL", help_heading = "Target")]
    pub proxy: Option<String>,
    /// Do not verify certificates
    #[arg(long, help_heading = "Target")]
    pub insecure: bool,
    /// Total number of seconds to wait for rate limits, per run [default: 120]
    #[arg(long, value_name = "S", help_heading = "Target")]
    pub max_wait: Option<u64>,
}

impl TargetArgs {
    /// The target that the flags name, by URL or by its name in the settings file. Flags override the file.
    pub fn choose(&self, context: &Context) -> Result<Chosen, FlagError> {
        self.choose_at(context, Manners::default())
    }

    /// The same, with the limits that `run` has flags for.
    pub fn choose_at(&self, context: &Context, manners: Manners) -> Result<Chosen, FlagError> {
        let file = Settings::load(self.way.settings.as_deref(), &context.cwd)?;
        let mut known = file.known;
        let Some(word) = &self.target else {
            if let Some(flag) = self.about_target() {
                return Err(FlagError::NeedsTarget(flag));
            }
            let settings = TargetSettings { max_wait: self.way.max_wait, ..TargetSettings::default() };
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

    /// The first flag that needs a target.
    fn about_target(&self) -> Option<&'static str> {
        let flags = [
            ("--token-env", self.way.token_env.is_some()),
            ("--token-file", self.way.token_file.is_some()),
            ("--rest", self.way.rest.is_some()),
            ("--ca", self.way.ca.is_some()),
            ("--proxy", self.way.proxy.is_some()),
            ("--insecure", self.way.insecure),
        ];
        flags.into_iter().find(|(_, is_there)| *is_there).map(|(flag, _)| flag)
    }

    fn override_in(&self, settings: &mut TargetSettings) -> Result<(), FlagError> {
        if let Some(name) = &self.way.token_env {
            settings.access = Some(Access::Token(Place::Env(name.clone())));
        }
        if let Some(path) = &self.way.token_file {
            settings.access = Some(Access::Token(Place::File(path.clone())));
        }
        if let (Some(base), Some(user), Some(name)) =
            (&self.way.rest, &self.way.rest_user, &self.way.rest_token_env)
        {
            settings.rest = Some(Rest {
                base: base_url(base)?,
                user: user.clone(),
                token: Place::Env(name.clone()),
                service_desk: self.way.service_desk,
            });
        }
        let network = &mut settings.network;
        network.insecure |= self.way.insecure;
        network.ca_file = self.way.ca.clone().or(network.ca_file.take());
        network.proxy = self.way.proxy.clone().or(network.proxy.take());
        settings.max_wait = self.way.max_wait.or(settings.max_wait);
        Ok(())
    }
}
