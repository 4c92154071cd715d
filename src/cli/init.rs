//! `scimsnap init`: a settings file from a look at a target.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::context::Context;
use crate::exit::Exit;
use crate::run::probe::Probe;
use crate::scenario::Capability;
use crate::settings::FILE_NAME;

use super::args::{InitArgs, TargetArgs};
use super::{fail, probe, say};

/// Writes the file. One that is there stays as it is.
pub async fn run(mut args: InitArgs, context: &Context) -> Exit {
    let shown = args.target.settings.take().unwrap_or_else(|| FILE_NAME.into());
    let path = context.cwd.join(&shown);
    if path.exists() {
        return there_already(&shown);
    }
    args.target.target = Some(args.url);
    let chosen = match args.target.choose(context) {
        Ok(chosen) => chosen,
        Err(error) => return fail(Exit::Usage, &error, error.help().as_deref()),
    };
    let looked = match probe::look(&chosen, context).await {
        Ok(looked) => looked,
        Err(exit) => return exit,
    };
    say(&probe::table(&chosen, &looked));
    let text = settings(&args.name, &args.target, &looked);
    // Created, never replaced: somebody may have written one meanwhile.
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
    {
        Ok(()) => {
            say(&format!(
                "\n`{}` is written; try `scimsnap run --target {} --plan`\n",
                shown.display(),
                args.name
            ));
            Exit::Success
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => there_already(&shown),
        Err(error) => fail(Exit::Usage, &format!("cannot write `{}` ({error})", shown.display()), None),
    }
}

fn there_already(path: &Path) -> Exit {
    let error = format!("`{}` is there already, and stays as it is", path.display());
    fail(Exit::Usage, &error, Some("name another file with --settings FILE"))
}

/// The file's text.
fn settings(name: &str, target: &TargetArgs, looked: &Probe) -> String {
    let mut text =
        String::from("# What scimsnap knows of its targets. Secrets are named here, never written.\n\n");
    let _ = writeln!(text, "[targets.{}]", quoted(name));
    let mut line = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
    };
    let path = |file: &Option<std::path::PathBuf>| file.as_ref().map(|file| file.display().to_string());
    line("url", target.target.as_deref());
    line("token_env", target.token_env.as_deref());
    line("token_file", path(&target.token_file).as_deref());
    line("ca_file", path(&target.ca).as_deref());
    line("proxy", target.proxy.as_deref());
    if target.insecure {
        text.push_str("insecure = true   # any certificate is taken: replace it by `ca_file`\n");
    }
    if !looked.capabilities.contains(&Capability::Groups) {
        text.push_str("# /Groups is not served: scenarios with groups are skipped\n");
    }
    text.push_str("# idps = [\"okta\", \"entra\"]   # who plays; all of them where it is left out\n");
    text.push_str("# rate = 10                  # requests a second at most\n");
    if let (Some(url), Some(user), Some(token)) = (&target.rest, &target.rest_user, &target.rest_token_env) {
        let _ = write!(
            text,
            "\n[targets.{}.rest]\nurl = {}\nuser = {}\ntoken_env = {}\nservice_desk = {}\n",
            quoted(name),
            quoted(url),
            quoted(user),
            quoted(token),
            target.service_desk
        );
    }
    text
}

/// A TOML basic string, which JSON's strings are too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
