//! The settings file as it is written, with the position of every value.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::idp::settings::Settings as ClientSettings;
use crate::scenario::Pack;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsDto {
    /// Failures that are known on every target.
    #[serde(default)]
    pub(super) known: Vec<Spanned<KnownDto>>,
    /// Targets by name.
    #[serde(default)]
    pub(super) targets: BTreeMap<Spanned<String>, TargetDto>,
}

/// A target.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetDto {
    /// The SCIM base URL.
    pub(super) url: Spanned<String>,
    /// Environment variable with the bearer token.
    pub(super) token_env: Option<Spanned<String>>,
    /// File with the bearer token.
    pub(super) token_file: Option<Spanned<String>>,
    /// Environment variable with the whole value of the `Authorization` header.
    pub(super) authorization_env: Option<Spanned<String>>,
    /// File with the whole value of the `Authorization` header.
    pub(super) authorization_file: Option<Spanned<String>>,
    /// Command that prints the bearer token.
    pub(super) token_command: Option<Spanned<Vec<String>>>,
    /// Basic authentication.
    pub(super) basic: Option<Spanned<BasicDto>>,
    /// OAuth 2.0 client credentials.
    pub(super) oauth: Option<Spanned<OAuthDto>>,
    /// PEM certificates that are trusted too.
    pub(super) ca_file: Option<Spanned<String>>,
    /// The client's PEM certificate.
    pub(super) client_cert_file: Option<Spanned<String>>,
    /// Its key.
    pub(super) client_key_file: Option<Spanned<String>>,
    /// Whether any certificate is taken.
    #[serde(default)]
    pub(super) insecure: bool,
    /// An HTTP proxy.
    pub(super) proxy: Option<String>,
    /// The product's REST API.
    pub(super) rest: Option<Spanned<RestDto>>,
    /// Families or exact clients.
    pub(super) idps: Option<Vec<Spanned<String>>>,
    /// How much of the catalogue is played.
    pub(super) pack: Option<Pack>,
    /// What is set at the provider, by family or exact client.
    #[serde(default)]
    pub(super) settings: BTreeMap<Spanned<String>, ClientSettings>,
    /// The mail domain of the people who are created.
    pub(super) domain: Option<Spanned<String>>,
    /// Attributes that everybody must have.
    #[serde(default)]
    pub(super) person_defaults: BTreeMap<Spanned<String>, String>,
    /// People at a time, for one scenario and client.
    pub(super) max_people: Option<usize>,
    /// Whether nobody else uses the target, so that scenarios may write names as they stand.
    #[serde(default)]
    pub(super) exclusive: bool,
    /// Which alternative the endpoint is to show, by behaviour.
    #[serde(default)]
    pub(super) alternatives: BTreeMap<Spanned<String>, Spanned<String>>,
    /// The folder of its own snapshots.
    pub(super) snapshots: Option<Spanned<String>>,
    /// Requests a second at most.
    pub(super) rate: Option<Spanned<f64>>,
    /// Requests of a run at most.
    pub(super) max_requests: Option<usize>,
    /// Seconds to wait for rate limits.
    pub(super) max_wait: Option<u64>,
    /// Pairs at a time.
    pub(super) jobs: Option<usize>,
    /// Failures that are known on this target.
    #[serde(default)]
    pub(super) known: Vec<Spanned<KnownDto>>,
}

/// A user with a password.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BasicDto {
    /// The user.
    pub(super) user: String,
    /// Environment variable with the password.
    pub(super) password_env: Option<Spanned<String>>,
    /// File with the password.
    pub(super) password_file: Option<Spanned<String>>,
}

/// An OAuth client.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OAuthDto {
    /// The token endpoint.
    pub(super) token_url: Spanned<String>,
    /// The client's id.
    pub(super) client_id: String,
    /// Environment variable with the client's secret.
    pub(super) client_secret_env: Option<Spanned<String>>,
    /// File with the client's secret.
    pub(super) client_secret_file: Option<Spanned<String>>,
    /// The scope.
    pub(super) scope: Option<String>,
    /// Further parameters.
    #[serde(default)]
    pub(super) params: BTreeMap<String, String>,
    /// `basic` or `body`.
    pub(super) client_auth: Option<Spanned<String>>,
}

/// The product's REST API.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RestDto {
    /// A Jira site.
    pub(super) site: Option<Spanned<String>>,
    /// The API's base URL.
    pub(super) url: Option<Spanned<String>>,
    /// The user.
    pub(super) user: String,
    /// Environment variable with the API token.
    pub(super) token_env: Option<Spanned<String>>,
    /// File with the API token.
    pub(super) token_file: Option<Spanned<String>>,
    /// The service desk.
    pub(super) service_desk: Option<u32>,
}

/// A known failure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownDto {
    /// A glob over scenario ids, or several.
    pub(super) scenario: Spanned<OneOrMore>,
    /// The requirement's id or a glob over ids, or several.
    pub(super) requirement: Option<Spanned<OneOrMore>>,
    /// The cause's id or a glob over ids, or several.
    pub(super) cause: Option<Spanned<OneOrMore>>,
    /// A family or an exact client, or several; all of them where it is left out.
    pub(super) idp: Option<Spanned<OneOrMore>>,
    /// Why it is accepted for now.
    pub(super) reason: Spanned<String>,
    /// Who takes care of it.
    pub(super) owner: Spanned<String>,
    /// The last day on which it is accepted.
    pub(super) expires: Spanned<Datetime>,
}

/// A word, or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(super) fn words(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::More(words) => words,
        }
    }
}
