//! Authentication settings of a target.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use toml::Spanned;

use crate::context::Context;
use crate::diag::Diagnostic;
use crate::wire::{Auth, ClientAuth, ClientCredentials, Origin, TokenCommand, TokenSource, base_url};

use super::credential::{CredentialError, Place};
use super::dto::{OAuthDto, TargetDto};
use super::locator::Point;

/// How long a command may take to print a token.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// How a target lets us in.
#[derive(Debug, Clone)]
pub enum Access {
    /// A bearer token.
    Token(Place),
    /// The whole value of the `Authorization` header.
    Raw(Place),
    /// A command that prints a bearer token.
    Command(TokenCommand),
    /// A user with a password.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: Place,
    },
    /// The OAuth 2.0 client credentials grant.
    OAuth(OAuth),
}

/// An OAuth client, its secret not yet read.
#[derive(Debug, Clone)]
pub struct OAuth {
    token_url: String,
    client_id: String,
    client_secret: Place,
    scope: Option<String>,
    params: Vec<(String, String)>,
    client_auth: ClientAuth,
}

impl Access {
    /// Reads the secrets.
    pub fn open(&self, context: &Context) -> Result<Auth, CredentialError> {
        Ok(match self {
            Self::Token(place) => Auth::Bearer(place.read(context)?),
            Self::Raw(place) => Auth::Raw(place.read(context)?),
            Self::Command(command) => {
                let folder = context.cwd.join(&command.folder);
                let command = TokenCommand { folder, ..command.clone() };
                Auth::Fetched(Arc::new(TokenSource::new(Origin::Command(command))))
            }
            Self::Basic { user, password } => {
                Auth::Basic { user: user.clone(), password: password.read(context)? }
            }
            Self::OAuth(client) => {
                let client = ClientCredentials {
                    token_url: client.token_url.clone(),
                    client_id: client.client_id.clone(),
                    client_secret: client.client_secret.read(context)?,
                    scope: client.scope.clone(),
                    params: client.params.clone(),
                    client_auth: client.client_auth,
                };
                Auth::Fetched(Arc::new(TokenSource::new(Origin::OAuth(client))))
            }
        })
    }
}

/// A secret that is kept in a variable or in a file, not in both.
pub(super) fn place(
    env: Option<Spanned<String>>,
    file: Option<Spanned<String>>,
    point: &Point<'_>,
) -> Result<Option<Place>, Diagnostic> {
    match (env, file) {
        (Some(_), Some(file)) => Err(point
            .at(file.span(), "the secret already comes from an environment variable")
            .help("name either the variable or the file")),
        (Some(env), None) => Ok(Some(Place::Env(env.into_inner()))),
        (None, Some(file)) => Ok(Some(Place::File(point.folder.join(file.into_inner())))),
        (None, None) => Ok(None),
    }
}

/// The one way in that a target names, where it names one.
pub(super) fn read(target: &mut TargetDto, point: &Point<'_>) -> Result<Option<Access>, Diagnostic> {
    let mut ways = Vec::new();
    let token_at = target.token_env.as_ref().or(target.token_file.as_ref()).map(Spanned::span);
    if let Some(place) = place(target.token_env.take(), target.token_file.take(), point)? {
        ways.push((token_at.unwrap_or_default(), Access::Token(place)));
    }
    let raw_at = target.authorization_env.as_ref().or(target.authorization_file.as_ref()).map(Spanned::span);
    if let Some(place) = place(target.authorization_env.take(), target.authorization_file.take(), point)? {
        ways.push((raw_at.unwrap_or_default(), Access::Raw(place)));
    }
    if let Some(words) = target.token_command.take() {
        ways.push((words.span(), command(words, point)?));
    }
    if let Some(basic) = target.basic.take() {
        let at = basic.span();
        let basic = basic.into_inner();
        let password = place(basic.password_env, basic.password_file, point)?.ok_or_else(|| {
            point.at(at.clone(), "the password is missing").help("name `password_env` or `password_file`")
        })?;
        ways.push((at, Access::Basic { user: basic.user, password }));
    }
    if let Some(client) = target.oauth.take() {
        ways.push((client.span(), Access::OAuth(oauth(client, point)?)));
    }
    match ways.get(1) {
        Some((second, _)) => Err(point
            .at(second.clone(), "the target already has another kind of authentication")
            .help("use only one of `token_…`, `authorization_…`, `basic` and `oauth`")),
        None => Ok(ways.pop().map(|(_, access)| access)),
    }
}

fn command(words: Spanned<Vec<String>>, point: &Point<'_>) -> Result<Access, Diagnostic> {
    let at = words.span();
    let words = words.into_inner();
    if words.first().is_none_or(|program| program.trim().is_empty()) {
        return Err(point
            .at(at, "the command is empty")
            .help("for example `token_command = [\"pass\", \"show\", \"scim\"]`"));
    }
    let folder = point.folder.to_owned();
    Ok(Access::Command(TokenCommand { words, folder, timeout: COMMAND_TIMEOUT }))
}

fn oauth(client: Spanned<OAuthDto>, point: &Point<'_>) -> Result<OAuth, Diagnostic> {
    let at = client.span();
    let client = client.into_inner();
    base_url(client.token_url.get_ref())
        .map_err(|error| point.at(client.token_url.span(), &error.to_string()))?;
    let client_secret =
        place(client.client_secret_env, client.client_secret_file, point)?.ok_or_else(|| {
            point
                .at(at, "the client's secret is missing")
                .help("name `client_secret_env` or `client_secret_file`")
        })?;
    let client_auth = match client.client_auth {
        None => ClientAuth::default(),
        Some(word) if word.get_ref() == "basic" => ClientAuth::Basic,
        Some(word) if word.get_ref() == "body" => ClientAuth::Body,
        Some(word) => return Err(point.at(word.span(), "`client_auth` must be `basic` or `body`")),
    };
    Ok(OAuth {
        token_url: client.token_url.into_inner(),
        client_id: client.client_id,
        client_secret,
        scope: client.scope,
        params: client.params.into_iter().collect(),
        client_auth,
    })
}

/// A path of the settings file: from the file's folder.
pub(super) fn path(file: Spanned<String>, folder: &Path) -> std::path::PathBuf {
    folder.join(file.into_inner())
}
