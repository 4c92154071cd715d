//! `scimsnap snapshots`: shows, accepts or rejects pending snapshots.
//!
//! The files are insta's, so `cargo insta review` does the same where there is a Cargo project.
//!
//! May use, of `cli`: `did_you_mean`, `output`, `selection`.

mod accept;
mod differences;
mod waiting;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::context::Context;
use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::settings::Settings;
use crate::snapshot::{OwnFolder, Shelf};

use self::accept::{AcceptArgs, accept};
use self::differences::differences;
use self::waiting::{Waiting, waiting};
use crate::cli::did_you_mean::{nearest_or, nearest_or_all};
use crate::cli::output::{fail, say};
use crate::cli::selection::IdsArgs;

/// The arguments of `snapshots`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Settings file; its targets may have snapshots of their own [default: scimsnap.toml, if it exists]
    #[arg(long, value_name = "FILE", global = true)]
    pub settings: Option<PathBuf>,
    /// Only the pending snapshots of this target
    #[arg(long, value_name = "NAME", global = true)]
    pub target: Option<String>,
    /// What to do with them.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do with pending snapshots.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the pending snapshots
    List(IdsArgs),
    /// Show how they differ from the accepted snapshots
    Diff(IdsArgs),
    /// Accept them
    Accept(AcceptArgs),
    /// Delete them
    Reject(IdsArgs),
}

/// Carries it out.
pub fn run(args: &Args, context: &Context) -> Exit {
    let cwd = &context.cwd;
    let own = match own_folders(args, cwd) {
        Ok(own) => own,
        Err(exit) => return exit,
    };
    // A named target leaves the project's own folder alone.
    let mut shelves: Vec<Shelf<'_>> = own.iter().map(|own| Shelf { project: cwd, own: Some(own) }).collect();
    if args.target.is_none() {
        shelves.push(Shelf { project: cwd, own: None });
    }
    let selection = match &args.command {
        Command::List(selection) | Command::Diff(selection) | Command::Reject(selection) => selection,
        Command::Accept(args) => &args.selection,
    };
    let mut waiting = waiting(&shelves);
    if waiting.is_empty() && selection.selection.is_empty() {
        say(&Printable::ours("there are no pending snapshots\n"));
        return Exit::Success;
    }
    // Whoever mistypes one of two must not learn of it later.
    if let Err(exit) = all_match(selection, &waiting) {
        return exit;
    }
    waiting.retain(|one| selection.has(&one.name.scenario));
    match &args.command {
        Command::List(_) => list(&waiting),
        Command::Diff(_) => differences(&waiting),
        Command::Accept(args) => accept(cwd, &waiting, args),
        Command::Reject(_) => reject(&waiting),
    }
}

/// Fails where a word of the selection matches no pending snapshot.
fn all_match(selection: &IdsArgs, waiting: &[Waiting<'_>]) -> Result<(), Exit> {
    let ids: Vec<&str> = waiting.iter().map(|one| one.name.scenario.as_str()).collect();
    let Some(word) = selection.idle(&ids).next() else { return Ok(()) };
    let help = if ids.is_empty() {
        "there are no pending snapshots".to_owned()
    } else {
        nearest_or(word, ids.iter().copied(), "`scimsnap snapshots list` lists the pending snapshots")
    };
    Err(fail(Exit::Nothing, &format!("no pending snapshot matches `{word}`"), Some(&help)))
}

fn list(waiting: &[Waiting<'_>]) -> Exit {
    let mut text = Printable::default();
    for one in waiting {
        let causes = one.explained_by();
        text += printable!("{}", one.shown());
        if !causes.is_empty() {
            text += printable!("  (explained by {})", causes.join(", "));
        }
        text += Printable::ours("\n");
    }
    say(&text);
    Exit::Success
}

fn reject(waiting: &[Waiting<'_>]) -> Exit {
    for one in waiting {
        if let Err(error) = std::fs::remove_file(&one.pending) {
            let what = format!("cannot remove `{}` ({error})", one.shown());
            return fail(Exit::Usage, &what, None);
        }
        say(&printable!("rejected {}\n", one.shown()));
    }
    Exit::Success
}

/// The folders in which targets keep snapshots of their own, each once.
fn own_folders(args: &Args, cwd: &Path) -> Result<Vec<OwnFolder>, Exit> {
    let settings = Settings::load(args.settings.as_deref(), cwd);
    let settings = settings.map_err(|error| fail(Exit::Usage, &error, None))?;
    let mut folders: Vec<OwnFolder> = Vec::new();
    if let Some(name) = &args.target {
        let Some(target) = settings.targets.get(name) else {
            let known: Vec<&str> = settings.targets.keys().map(String::as_str).collect();
            let what = format!("the settings file has no target `{name}`");
            return Err(fail(Exit::Usage, &what, Some(&nearest_or_all(name, &known, "it has no targets"))));
        };
        let Some(folder) = &target.snapshots else {
            let help = "its pending snapshots are in the `snapshots` folder of the project: omit --target";
            let what = format!("the target `{name}` has no `snapshots` folder of its own");
            return Err(fail(Exit::Usage, &what, Some(help)));
        };
        return Ok(vec![folder.folder(cwd)]);
    }
    for target in settings.targets.values() {
        let folder = target.snapshots.as_ref().map(|folder| folder.folder(cwd));
        folders.extend(folder.filter(|folder| !folders.contains(folder)));
    }
    Ok(folders)
}
