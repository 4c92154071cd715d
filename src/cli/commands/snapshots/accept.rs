//! `scimsnap snapshots accept`: turns pending files into snapshots.

use std::path::{Path, PathBuf};

use super::waiting::Waiting;
use crate::cli::did_you_mean::nearest_or_all;
use crate::cli::output::{fail, say};
use crate::cli::selection::{IdsArgs, nothing_selected};
use crate::exit::Exit;
use crate::printable;
use crate::scenario::Scenario;
use crate::scenario::catalogue::select;
use crate::snapshot::{Name, file};

/// The arguments of `snapshots accept`.
#[derive(Debug, clap::Args)]
pub struct AcceptArgs {
    /// Which scenarios.
    #[command(flatten)]
    pub selection: IdsArgs,
    /// Accept as this alternative
    #[arg(long = "as", value_name = "NAME")]
    pub alternative: Option<String>,
    /// Accept for this client only; the scenario must list it under `differs`
    #[arg(long = "for", value_name = "CLIENT")]
    pub client: Option<String>,
    /// Accept even what a fault of the endpoint or a known failure explains
    #[arg(long)]
    pub anyway: bool,
}

/// The name under which a pending file is to be accepted; the scenario must know the alternative and the client.
fn accepted_name(project: &Path, one: &Waiting<'_>, args: &AcceptArgs) -> Result<Name, Exit> {
    let mut name = one.name.clone();
    if one.is_transcript() {
        // It is one client's already, and knows no alternatives.
        return Ok(name);
    }
    if args.alternative.is_none() && args.client.is_none() {
        return Ok(name);
    }
    let scenario = scenario(project, &name.scenario)?;
    if let Some(wanted) = &args.alternative {
        let known: Vec<&str> = scenario.alternatives.iter().map(|other| other.name.as_str()).collect();
        if !known.contains(&wanted.as_str()) {
            let what = format!("`{}` has no alternative `{wanted}`", name.scenario);
            return Err(fail(
                Exit::Usage,
                &what,
                Some(&nearest_or_all(wanted, &known, "it has no alternatives")),
            ));
        }
        name.alternative = Some(wanted.clone());
    }
    if let Some(wanted) = &args.client {
        let known: Vec<&str> = scenario.differs.keys().map(|client| client.as_str()).collect();
        if !known.contains(&wanted.as_str()) {
            let what = format!("`{}` does not list `{wanted}` under `differs`", name.scenario);
            let none = "write `differs: {client: reason}` into the scenario first";
            return Err(fail(Exit::Usage, &what, Some(&nearest_or_all(wanted, &known, none))));
        }
        name.client = Some(wanted.clone());
    }
    Ok(name)
}

/// The scenario of a snapshot: the project's own file, else the bundled one.
fn scenario(project: &Path, id: &str) -> Result<Scenario, Exit> {
    let own = ["yaml", "yml"].map(|ending| format!("scenarios/{id}.{ending}"));
    let word = own.into_iter().find(|path| project.join(path).is_file()).unwrap_or_else(|| id.to_owned());
    let entries = select(&[word], project).map_err(|error| nothing_selected(&error))?;
    let entry = entries.into_iter().find(|entry| entry.id() == id);
    let entry = entry.ok_or_else(|| fail(Exit::Nothing, &format!("there is no scenario `{id}`"), None))?;
    entry.load().map_err(|error| fail(Exit::Invalid, &error, None))
}

/// Makes snapshots of the pending files.
pub(super) fn accept(project: &Path, waiting: &[Waiting<'_>], args: &AcceptArgs) -> Exit {
    let mut names = Vec::new();
    for one in waiting {
        match accepted_name(project, one, args) {
            Ok(name) => names.push(name),
            Err(exit) => return exit,
        }
    }
    let mut distinct: Vec<PathBuf> =
        waiting.iter().zip(&names).map(|(one, name)| one.shelf.path(&name.path())).collect();
    distinct.sort();
    distinct.dedup();
    if distinct.len() < names.len() {
        let help = "select one at a time";
        return fail(Exit::Usage, &"several pending files would become the same snapshot", Some(help));
    }
    let mut exit = Exit::Success;
    for (one, name) in waiting.iter().zip(&names) {
        let explained_by = if args.anyway { Vec::new() } else { one.explained_by() };
        if !explained_by.is_empty() {
            exit = refuse(one, &explained_by);
            continue;
        }
        // Half a file must not replace a whole one.
        let whole = if one.is_transcript() { one.transcripts().map(drop) } else { one.outcomes().map(drop) };
        if let Err(exit) = whole {
            return exit;
        }
        let path = one.shelf.path(&name.path());
        if let Err(error) = file::accept(&one.pending, &path) {
            return fail(Exit::Usage, &format!("cannot accept `{}` ({error})", one.shown()), None);
        }
        say(&printable!("accepted {}\n", one.shelf.shown(&name.path())));
    }
    exit
}

/// Says why a file is not accepted.
fn refuse(one: &Waiting<'_>, explained_by: &[String]) -> Exit {
    let causes = explained_by.join("`, `");
    let what = format!("`{}` is not accepted: `{causes}` explains the outcome", one.shown());
    let help = "run again after the endpoint is fixed, or pass --anyway if the outcome is right";
    fail(Exit::Usage, &what, Some(help))
}
