//! `scimsnap init`: inspects a target and writes a settings file for it. The file is read again before it is used, so that
//! the inspected target is the one that it describes.
//!
//! May use, of `cli`: `chosen`, `commands/probe`, `output`, `target`.

mod access;
mod file;

use std::io::ErrorKind;
use std::path::Path;

use url::Url;

use crate::context::Context;
use crate::exit::Exit;
use crate::files::output;
use crate::foreign::shell;
use crate::printable;
use crate::scenario::Capability;
use crate::settings::FILE_NAME;

use self::access::AccessArgs;
use self::file::SettingsFile;
use super::probe;
use crate::cli::output::{fail, say};
use crate::cli::target::WayArgs;

/// The arguments of `init`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// SCIM base URL
    #[arg(value_name = "URL")]
    pub url: String,
    /// Name of the target in the settings file
    #[arg(long, value_name = "NAME", default_value = "staging")]
    pub name: String,
    /// The way there.
    #[command(flatten)]
    pub way: WayArgs,
    /// The way in.
    #[command(flatten)]
    pub access: AccessArgs,
}

/// Writes the file. One that is there stays as it is.
pub async fn run(mut args: Args, context: &Context) -> Exit {
    let shown = args.way.settings.take().unwrap_or_else(|| FILE_NAME.into());
    let path = context.cwd.join(&shown);
    if path.exists() {
        return there_already(&shown);
    }
    if args.way.proxy.as_deref().is_some_and(has_password) {
        let error = format!("`{}` would contain the password of the proxy", shown.display());
        return fail(Exit::Usage, &error, Some("set HTTPS_PROXY instead of passing --proxy"));
    }
    let written =
        SettingsFile { name: &args.name, url: &args.url, way: &args.way, access: &args.access, file: &shown };
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
        let remark = "\n# The endpoint has no /Groups: scenarios with groups are skipped\n# idps";
        text.replacen("\n# idps", remark, 1)
    };
    // Created, never replaced: somebody may have written one meanwhile.
    match output::create(&path, &text) {
        Ok(()) => {
            let is_usual = shown == Path::new(FILE_NAME);
            let named = Some(shown.display().to_string()).filter(|_| !is_usual);
            let settings = named.map(|path| printable!(" --settings {}", shell::word(&path)));
            say(&printable!(
                "\nwrote `{}`; try `scimsnap run --target {}{} --plan`\n",
                shown.display(),
                shell::word(&args.name),
                settings.unwrap_or_default()
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
    let error = format!("`{}` already exists and was not changed", path.display());
    fail(Exit::Usage, &error, Some("choose another file with --settings FILE"))
}
