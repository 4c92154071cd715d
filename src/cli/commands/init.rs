//! `scimsnap init`: a settings file from a look at a target.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use url::Url;

use crate::context::Context;
use crate::diag::Source;
use crate::exit::Exit;
use crate::files::output;
use crate::foreign::{Foreign, shell};
use crate::printable;
use crate::scenario::Capability;
use crate::settings::{FILE_NAME, Settings};

use super::probe;
use crate::cli::args::{InitArgs, TargetArgs, WayArgs};
use crate::cli::target::{Chosen, FlagError};
use crate::cli::{fail, say};

/// Writes the file. One that is there stays as it is.
pub async fn run(mut args: InitArgs, context: &Context) -> Exit {
    let shown = args.target.settings.take().unwrap_or_else(|| FILE_NAME.into());
    let path = context.cwd.join(&shown);
    if path.exists() {
        return there_already(&shown);
    }
    if args.target.proxy.as_deref().is_some_and(has_password) {
        let error = format!("the proxy's password would stand in `{}`", shown.display());
        return fail(Exit::Usage, &error, Some("name the proxy in HTTPS_PROXY instead of --proxy"));
    }
    args.target.target = Some(args.url);
    let written = Written { name: &args.name, target: &args.target, way: &args.way, file: &shown };
    let text = written.text();
    // What is looked at is what the file says, so that whoever reads it gets as far.
    let chosen = match written.read(&text, context) {
        Ok(chosen) => chosen,
        Err(error) => return fail(Exit::Usage, &error, error.help().as_deref()),
    };
    let looked = match probe::look(&chosen, context).await {
        Ok(looked) => looked,
        Err(exit) => return exit,
    };
    say(&probe::table(&chosen, &looked));
    let text = if looked.capabilities.contains(&Capability::Groups) {
        text
    } else {
        let remark = "\n# /Groups is not served: scenarios with groups are skipped\n# idps";
        text.replacen("\n# idps", remark, 1)
    };
    // Created, never replaced: somebody may have written one meanwhile.
    match output::create(&path, &text) {
        Ok(()) => {
            say(&printable!(
                "\n`{}` is written; try `scimsnap run --target {} --plan`\n",
                shown.display(),
                shell::word(&args.name)
            ));
            Exit::Success
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => there_already(&shown),
        Err(error) => fail(Exit::Usage, &format!("cannot write `{}` ({error})", shown.display()), None),
    }
}

/// Whether a URL holds a password, which the file must not.
fn has_password(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.password().is_some() || !url.username().is_empty())
}

fn there_already(path: &Path) -> Exit {
    let error = format!("`{}` is there already, and stays as it is", path.display());
    fail(Exit::Usage, &error, Some("name another file with --settings FILE"))
}

/// The file that is to be written.
struct Written<'a> {
    name: &'a str,
    target: &'a TargetArgs,
    way: &'a WayArgs,
    file: &'a Path,
}

impl Written<'_> {
    /// The target as the file's reader finds it.
    fn read(&self, text: &str, context: &Context) -> Result<Chosen, FlagError> {
        let source = Source { path: self.file.display().to_string().into(), text: text.into() };
        let folder = self.file.parent().unwrap_or(Path::new(""));
        let mut settings = Settings::read(&source, folder)?;
        let name = self.name.to_owned();
        let mut target =
            settings.targets.remove(self.name).ok_or(FlagError::NoTarget { name, near: None })?;
        // A run says how long it waits; the file need not.
        target.max_wait = self.target.max_wait.or(target.max_wait);
        Chosen::connect(target, Vec::new(), context)
    }

    fn text(&self) -> String {
        let (target, way) = (self.target, self.way);
        let mut text =
            String::from("# What scimsnap knows of its targets. Secrets are named here, never written.\n\n");
        let _ = writeln!(text, "[targets.{}]", quoted(self.name));
        let entries = [
            ("url", target.target.clone()),
            ("token_env", target.token_env.clone()),
            ("token_file", self.path(target.token_file.as_deref())),
            ("authorization_env", way.authorization_env.clone()),
            ("authorization_file", self.path(way.authorization_file.as_deref())),
            ("ca_file", self.path(target.ca.as_deref())),
            ("client_cert_file", self.path(way.client_cert.as_deref())),
            ("client_key_file", self.path(way.client_key.as_deref())),
            ("proxy", target.proxy.clone()),
        ];
        for (key, value) in entries {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = {}", quoted(&value));
            }
        }
        if way.basic_user.is_some() {
            text.push_str(&table(
                "basic",
                [
                    ("user", way.basic_user.clone()),
                    ("password_env", way.basic_password_env.clone()),
                    ("password_file", self.path(way.basic_password_file.as_deref())),
                ],
            ));
        }
        if way.oauth_token_url.is_some() {
            text.push_str(&table(
                "oauth",
                [
                    ("token_url", way.oauth_token_url.clone()),
                    ("client_id", way.oauth_client_id.clone()),
                    ("client_secret_env", way.oauth_client_secret_env.clone()),
                    ("client_secret_file", self.path(way.oauth_client_secret_file.as_deref())),
                    ("scope", way.oauth_scope.clone()),
                    ("client_auth", way.oauth_client_auth.clone()),
                ],
            ));
        }
        if target.insecure {
            text.push_str("insecure = true   # any certificate is taken: replace it by `ca_file`\n");
        }
        text.push_str("# idps = [\"okta\", \"entra\"]   # who plays; all of them where it is left out\n");
        text.push_str("# rate = 10                  # requests a second at most\n");
        if let (Some(url), Some(user), Some(token)) =
            (&target.rest, &target.rest_user, &target.rest_token_env)
        {
            let _ = write!(
                text,
                "\n[targets.{}.rest]\nurl = {}\nuser = {}\ntoken_env = {}\nservice_desk = {}\n",
                quoted(self.name),
                quoted(url),
                quoted(user),
                quoted(token),
                target.service_desk
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
