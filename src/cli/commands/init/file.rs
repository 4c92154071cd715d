//! The text of the settings file.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use super::access::AccessArgs;
use crate::cli::chosen::{Chosen, FlagError};
use crate::cli::target::WayArgs;
use crate::context::Context;
use crate::diag::Source;
use crate::foreign::Foreign;
use crate::settings::Settings;

/// The file that is to be written.
pub(super) struct SettingsFile<'a> {
    pub(super) name: &'a str,
    pub(super) url: &'a str,
    pub(super) way: &'a WayArgs,
    pub(super) access: &'a AccessArgs,
    pub(super) file: &'a Path,
}

impl SettingsFile<'_> {
    /// The target as the file's reader finds it.
    pub(super) fn read(&self, text: &str, context: &Context) -> Result<Chosen, FlagError> {
        let source = Source { path: self.file.display().to_string().into(), text: text.into() };
        let folder = self.file.parent().unwrap_or(Path::new(""));
        let mut settings = Settings::read(&source, folder)?;
        let name = self.name.to_owned();
        let mut target =
            settings.targets.remove(self.name).ok_or(FlagError::NoTarget { name, near: None })?;
        // A run says how long it waits; the file need not.
        target.max_wait = self.way.max_wait.or(target.max_wait);
        Chosen::connect(target, Vec::new(), context)
    }

    pub(super) fn text(&self) -> String {
        let (way, access) = (self.way, self.access);
        let mut text =
            String::from("# The targets of scimsnap. This file names secrets and never contains them.\n\n");
        let _ = writeln!(text, "[targets.{}]", quoted(self.name));
        let entries = [
            ("url", Some(self.url.to_owned())),
            ("token_env", way.token_env.clone()),
            ("token_file", self.path(way.token_file.as_deref())),
            ("authorization_env", access.authorization_env.clone()),
            ("authorization_file", self.path(access.authorization_file.as_deref())),
            ("ca_file", self.path(way.ca.as_deref())),
            ("client_cert_file", self.path(access.client_cert.as_deref())),
            ("client_key_file", self.path(access.client_key.as_deref())),
            ("proxy", way.proxy.clone()),
        ];
        for (key, value) in entries {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = {}", quoted(&value));
            }
        }
        if access.basic_user.is_some() {
            text.push_str(&table(
                "basic",
                [
                    ("user", access.basic_user.clone()),
                    ("password_env", access.basic_password_env.clone()),
                    ("password_file", self.path(access.basic_password_file.as_deref())),
                ],
            ));
        }
        if access.oauth_token_url.is_some() {
            text.push_str(&table(
                "oauth",
                [
                    ("token_url", access.oauth_token_url.clone()),
                    ("client_id", access.oauth_client_id.clone()),
                    ("client_secret_env", access.oauth_client_secret_env.clone()),
                    ("client_secret_file", self.path(access.oauth_client_secret_file.as_deref())),
                    ("scope", access.oauth_scope.clone()),
                    ("client_auth", access.oauth_client_auth.clone()),
                ],
            ));
        }
        if way.insecure {
            text.push_str("insecure = true   # accepts any certificate: use `ca_file` instead\n");
        }
        text.push_str("# idps = [\"okta\", \"entra\"]   # the providers to play; all of them by default\n");
        text.push_str("# rate = 10                  # maximum number of requests per second\n");
        if let (Some(url), Some(user), Some(token)) = (&way.rest, &way.rest_user, &way.rest_token_env) {
            let _ = write!(
                text,
                "\n[targets.{}.rest]\nurl = {}\nuser = {}\ntoken_env = {}\nservice_desk = {}\n",
                quoted(self.name),
                quoted(url),
                quoted(user),
                quoted(token),
                way.service_desk
            );
        }
        text
    }

    /// A path that was named from where we are, from the folder of the file: that is where it is read from.
    fn path(&self, path: Option<&Path>) -> Option<String> {
        let path = path?;
        let up = self.file.parent().filter(|_| path.is_relative() && self.file.is_relative());
        let up: PathBuf = up.into_iter().flat_map(Path::components).map(|_| Component::ParentDir).collect();
        Some(up.join(path).display().to_string())
    }
}

/// A line with a table of those values that there are.
fn table<const N: usize>(key: &str, values: [(&str, Option<String>); N]) -> String {
    let there = values.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", quoted(&value?))));
    format!("{key} = {{{}}}\n", there.collect::<Vec<_>>().join(", "))
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    Foreign::new(text).quoted()
}
