//! Settings for the product's REST API: a Jira site as its agents see it.

use toml::Spanned;

use crate::context::Context;
use crate::diag::Diagnostic;
use crate::wire::{RestTarget, TargetError, base_url};

use super::access::place;
use super::credential::{CredentialError, Place};
use super::dto::RestDto;
use super::locator::Point;

/// What stands between a Jira site and its service desk API (docs/jira-service-management.md#the-products-rest-api).
const SERVICE_DESK_API: &str = "/rest/servicedeskapi";

/// The product's REST API.
#[derive(Debug, Clone)]
pub struct Rest {
    /// Its base URL.
    pub base: String,
    /// The user for Basic authentication.
    pub user: String,
    /// Where the user's API token is kept.
    pub token: Place,
    /// The service desk whose customers are read.
    pub service_desk: u32,
}

impl Rest {
    /// Reads the token.
    pub fn open(&self, context: &Context) -> Result<RestTarget, CredentialError> {
        Ok(RestTarget {
            base: self.base.clone(),
            user: self.user.clone(),
            token: self.token.read(context)?,
            service_desk: self.service_desk,
        })
    }
}

/// Checks the table and points at what is wrong.
pub(super) fn read(rest: Spanned<RestDto>, point: &Point<'_>) -> Result<Rest, Diagnostic> {
    let at = rest.span();
    let rest = rest.into_inner();
    let checked = |url: &Spanned<String>| {
        base_url(url.get_ref()).map_err(|error: TargetError| point.at(url.span(), &error.to_string()))
    };
    let base = match (&rest.url, &rest.site) {
        (Some(url), None) => checked(url)?,
        (None, Some(site)) => format!("{}{SERVICE_DESK_API}", checked(site)?),
        (Some(_), Some(_)) | (None, None) => {
            return Err(point
                .at(at, "write either `site` or `url`")
                .help("`site` is the address of the site, such as https://acme.atlassian.net; `url` is the base URL of the API, without /organization"));
        }
    };
    let token = place(rest.token_env, rest.token_file, point)?
        .ok_or_else(|| point.at(at, "the API token is missing").help("name `token_env` or `token_file`"))?;
    Ok(Rest { base, user: rest.user, token, service_desk: rest.service_desk.unwrap_or(1) })
}
