//! Where requests go, and with which credentials.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use super::access::auth::Auth;
use super::policy::pace::Pace;
use super::redact::Redactor;
use super::redact::password::Passwords;
use super::redact::secret::Secret;
use super::transport::Transport;

/// The base URLs and credentials of an endpoint.
#[derive(Debug, Clone)]
pub struct Target {
    /// The SCIM base URL, without a trailing slash.
    pub scim: String,
    /// The way in over SCIM.
    pub auth: Auth,
    /// The product's REST API, where the target has one.
    pub rest: Option<RestTarget>,
    /// The way there below HTTP.
    pub transport: Arc<Transport>,
    /// How fast and how much may be sent, where that is limited.
    pub pace: Option<Arc<Pace>>,
    /// What its owner asks of guests.
    pub rules: Arc<HouseRules>,
    /// The passwords that it was sent.
    pub passwords: Passwords,
}

/// What the owner of an endpoint asks of whoever plays there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HouseRules {
    /// The mail domain that people must have, in place of `example.com`.
    pub domain: Option<String>,
    /// Profile attributes by their SCIM name that everybody must have.
    pub person_defaults: BTreeMap<String, String>,
    /// How many people may be there at a time, for one scenario and client.
    pub max_people: Option<usize>,
    /// Whether nobody else uses the target, so that scenarios may write names as they stand.
    pub exclusive: bool,
    /// Which alternative the endpoint is to show, by behaviour.
    pub alternatives: BTreeMap<String, String>,
}

impl Target {
    /// A SCIM endpoint that is reached directly.
    pub fn new(scim: impl Into<String>, auth: Auth) -> Self {
        Self {
            scim: scim.into(),
            auth,
            rest: None,
            transport: Arc::default(),
            pace: None,
            rules: Arc::default(),
            passwords: Passwords::default(),
        }
    }

    /// Masks its credentials, and the passwords that it was sent.
    pub fn redactor(&self) -> Redactor {
        let mut redactor = Redactor::default();
        self.auth.mask(&mut redactor);
        if let Some(rest) = &self.rest {
            redactor.add_pair(&rest.user, &rest.token);
        }
        self.transport.secrets().iter().for_each(|secret| redactor.add(secret));
        redactor.keep(&self.passwords);
        redactor
    }
}

/// The product's own REST API (`…/rest/servicedeskapi`).
#[derive(Debug, Clone)]
pub struct RestTarget {
    /// Its base URL, without a trailing slash.
    pub base: String,
    /// The user for Basic authentication.
    pub user: String,
    /// The API token for Basic authentication.
    pub token: Secret,
    /// The service desk whose customers are read.
    pub service_desk: u32,
}

/// Why a base URL cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Not a URL, or one without http(s) and host.
    #[error("`{0}` is not an http(s) URL")]
    NotAUrl(String),
    /// A user name or password stands in the URL, where it would end up in reports.
    #[error(
        "the URL of the target contains a user name or password; pass credentials with --token-env or --token-file"
    )]
    CredentialsInUrl,
    /// It is the URL of a collection below the base.
    #[error("the URL of the target ends in `{collection}`: drop that, since the SCIM base URL is `{base}`")]
    Collection {
        /// What follows the base.
        collection: &'static str,
        /// The base.
        base: String,
    },
}

/// Checks the base URL of a SCIM endpoint, as [`base_url`] does; it is not the URL of users or groups below it.
pub fn scim_base_url(text: &str) -> Result<String, TargetError> {
    let url = base_url(text)?;
    for collection in ["/Users", "/Groups"] {
        if let Some(base) = url.strip_suffix(collection) {
            return Err(TargetError::Collection { collection, base: base.to_owned() });
        }
    }
    Ok(url)
}

/// Checks a base URL and cuts its trailing slash and its query off: Entra's `?aadOptscim062020` is for the client.
pub fn base_url(text: &str) -> Result<String, TargetError> {
    let url = Url::parse(text).map_err(|_| TargetError::NotAUrl(text.to_owned()))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(TargetError::NotAUrl(text.to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(TargetError::CredentialsInUrl);
    }
    let end = text.find(['?', '#']).unwrap_or(text.len());
    Ok(text[..end].trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_loses_its_slash_and_its_query() {
        assert_eq!(base_url("https://a.example/scim/v2/").as_deref(), Ok("https://a.example/scim/v2"));
        assert_eq!(
            base_url("https://a.example/scim/?aadOptscim062020").as_deref(),
            Ok("https://a.example/scim")
        );
    }

    #[test]
    fn the_url_of_a_collection_is_not_a_base_url() {
        for (url, collection) in
            [("https://a.example/scim/Users", "/Users"), ("http://a.example/Groups/", "/Groups")]
        {
            let error = scim_base_url(url).unwrap_err();
            assert!(error.to_string().contains(&format!("ends in `{collection}`")), "{error}");
        }
        assert_eq!(scim_base_url("https://a.example/users/").as_deref(), Ok("https://a.example/users"));
    }

    #[test]
    fn what_cannot_be_a_target_is_refused() {
        assert!(matches!(base_url("localhost:80/scim"), Err(TargetError::NotAUrl(_))));
        assert!(matches!(base_url("ftp://a.example"), Err(TargetError::NotAUrl(_))));
        assert_eq!(base_url("https://u:p@a.example"), Err(TargetError::CredentialsInUrl));
    }
}
