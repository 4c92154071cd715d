//! The settings of a target, and how they become a target that can be reached.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::context::Context;
use crate::diag::Diagnostic;
use crate::idp::ClientName;
use crate::idp::settings::Settings as ClientSettings;
use crate::scenario::Pack;
use crate::wire::{Auth, HouseRules, Pace, Target, TargetError, scim_base_url};

use super::access::{self, Access};
use super::credential::{CredentialError, Place};
use super::dto::TargetDto;
use super::known::{self, Known};
use super::locator::Point;
use super::network::{Network, NetworkError};
use super::rest::{self, Rest};
use super::snapshots::{self, SnapshotsFolder};
use super::target_rules as house;

/// A target as settings and flags describe it. Places of secrets are named here; the secrets are not.
#[derive(Debug, Clone, Default)]
pub struct TargetSettings {
    /// The SCIM base URL.
    pub url: String,
    /// How it lets us in; nothing means that it lets everybody in.
    pub access: Option<Access>,
    /// The way there below HTTP.
    pub network: Network,
    /// The product's REST API.
    pub rest: Option<Rest>,
    /// The clients that play where no flag says otherwise.
    pub clients: Option<Vec<ClientName>>,
    /// How much of the catalogue is played where no flag says otherwise.
    pub pack: Option<Pack>,
    /// What is set at each provider for this target.
    pub client_settings: BTreeMap<ClientName, ClientSettings>,
    /// What its owner asks of guests, and what is expected of it.
    pub rules: HouseRules,
    /// The folder in which it keeps snapshots of its own.
    pub snapshots: Option<SnapshotsFolder>,
    /// Requests a second at most.
    pub rate: Option<f64>,
    /// Requests of a run at most.
    pub max_requests: Option<usize>,
    /// Seconds to wait for rate limits in all, for one pair.
    pub max_wait: Option<u64>,
    /// How many pairs are played at a time.
    pub jobs: Option<usize>,
    /// Failures that are known on this target.
    pub known: Vec<Known>,
}

/// Why a target cannot be reached for.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL cannot be used.
    #[error("{0}")]
    Url(#[from] TargetError),
    /// A secret cannot be had.
    #[error("{0}")]
    Credential(#[from] CredentialError),
    /// The way there cannot be used.
    #[error("{0}")]
    Network(#[from] NetworkError),
}

impl TargetSettings {
    /// A target of which only the URL is known.
    pub fn of(url: &str) -> Self {
        Self { url: url.to_owned(), ..Self::default() }
    }

    /// The environment variable that holds the bearer token.
    pub fn token_env(&self) -> Option<&str> {
        match &self.access {
            Some(Access::Token(Place::Env(name))) => Some(name),
            _ => None,
        }
    }

    /// Reads secrets and certificates. Nothing is sent.
    pub fn connect(&self, context: &Context) -> Result<Target, ConnectError> {
        let auth = match &self.access {
            Some(access) => access.open(context)?,
            None => Auth::Open,
        };
        let pace = (self.rate.is_some() || self.max_requests.is_some())
            .then(|| Arc::new(Pace::new(self.rate, self.max_requests)));
        let rest = self.rest.as_ref().map(|rest| rest.open(context)).transpose()?;
        let transport = Arc::new(self.network.open(context)?);
        let rules = Arc::new(self.rules.clone());
        Ok(Target { rest, transport, pace, rules, ..Target::new(scim_base_url(&self.url)?, auth) })
    }
}

/// Checks a target and points at what is wrong.
pub(super) fn read(mut target: TargetDto, point: &Point<'_>) -> Result<TargetSettings, Diagnostic> {
    scim_base_url(target.url.get_ref()).map_err(|error| point.at(target.url.span(), &error.to_string()))?;
    let access = access::read(&mut target, point)?;
    let mut client_settings = BTreeMap::new();
    for (name, set) in std::mem::take(&mut target.settings) {
        // What is said of one client goes before what is said of its family, whichever comes first.
        let clients = known::clients(&name, point)?;
        let exact = clients.len() == 1;
        for client in clients {
            if exact || !client_settings.contains_key(&client) {
                client_settings.insert(client, set.clone());
            }
        }
    }
    let rules = house::read(&mut target, point)?;
    let clients = match target.idps {
        None => None,
        Some(names) => {
            let mut clients = Vec::new();
            for name in &names {
                clients.extend(known::clients(name, point)?);
            }
            Some(clients)
        }
    };
    if let Some(rate) = &target.rate
        && !(*rate.get_ref() > 0.0 && rate.get_ref().is_finite())
    {
        return Err(point.at(rate.span(), "`rate` must be a number of requests per second, greater than 0"));
    }
    if let (Some(key), None) = (&target.client_key_file, &target.client_cert_file) {
        return Err(point
            .at(key.span(), "a client key needs a client certificate")
            .help("name `client_cert_file`"));
    }
    let path = |file: Option<toml::Spanned<String>>| file.map(|file| access::path(file, point.folder));
    let mut entries = Vec::new();
    for entry in target.known {
        entries.push(known::read(entry, point)?);
    }
    Ok(TargetSettings {
        url: target.url.into_inner(),
        access,
        network: Network {
            ca_file: path(target.ca_file),
            client_cert_file: path(target.client_cert_file),
            client_key_file: path(target.client_key_file),
            insecure: target.insecure,
            proxy: target.proxy,
        },
        rest: target.rest.map(|rest| rest::read(rest, point)).transpose()?,
        clients,
        client_settings,
        rules,
        pack: target.pack,
        snapshots: target.snapshots.map(|folder| snapshots::read(folder, point)).transpose()?,
        rate: target.rate.map(toml::Spanned::into_inner),
        max_requests: target.max_requests,
        max_wait: target.max_wait,
        jobs: target.jobs,
        known: entries,
    })
}
