//! `scimsnap snapshots`: looks at outcomes that wait for a review, accepts or rejects them.
//!
//! The files are insta's, so `cargo insta review` does the same where there is a Cargo project.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::exit::Exit;
use crate::files::input;
use crate::foreign::Printable;
use crate::printable;
use crate::run::verdict::transcript;
use crate::scenario::Scenario;
use crate::scenario::catalogue::{is_or_begins, select};
use crate::settings::Settings;
use crate::snapshot::diff::{Difference, diff};
use crate::snapshot::store::{find, pending};
use crate::snapshot::{Name, Outcomes, OwnFolder, Shelf, file};
use crate::suggest::nearest;

use super::run::nothing_selected;
use crate::cli::args::{AcceptArgs, SelectionArgs, SnapshotsArgs, SnapshotsCommand};
use crate::cli::{fail, say};

/// Does it.
pub fn run(args: &SnapshotsArgs, context: &Context) -> Exit {
    let cwd = &context.cwd;
    let own = match own_folders(args, cwd) {
        Ok(own) => own,
        Err(exit) => return exit,
    };
    // What is about one target's folder leaves the project's alone.
    let mut shelves: Vec<Shelf<'_>> = own.iter().map(|own| Shelf { project: cwd, own: Some(own) }).collect();
    if args.target.is_none() {
        shelves.push(Shelf { project: cwd, own: None });
    }
    match &args.command {
        SnapshotsCommand::List(selection) => with(&shelves, selection, |waiting| {
            let mut text = Printable::default();
            for one in waiting {
                text += printable!("{}\n", one.shown());
            }
            say(&text);
            Exit::Success
        }),
        SnapshotsCommand::Diff(selection) => with(&shelves, selection, differences),
        SnapshotsCommand::Accept(args) => {
            with(&shelves, &args.selection, |waiting| accept(cwd, waiting, args))
        }
        SnapshotsCommand::Reject(selection) => with(&shelves, selection, |waiting| {
            for one in waiting {
                if let Err(error) = std::fs::remove_file(&one.pending) {
                    let what = format!("cannot remove `{}` ({error})", one.shown());
                    return fail(Exit::Usage, &what, None);
                }
                say(&printable!("rejected {}\n", one.shown()));
            }
            Exit::Success
        }),
    }
}

/// The folders in which targets keep snapshots of their own, each once.
fn own_folders(args: &SnapshotsArgs, cwd: &Path) -> Result<Vec<OwnFolder>, Exit> {
    let settings = Settings::load(args.settings.as_deref(), cwd);
    let settings = settings.map_err(|error| fail(Exit::Usage, &error, None))?;
    let mut folders: Vec<OwnFolder> = Vec::new();
    if let Some(name) = &args.target {
        let Some(target) = settings.targets.get(name) else {
            let known: Vec<&str> = settings.targets.keys().map(String::as_str).collect();
            let what = format!("the settings file has no target `{name}`");
            return Err(fail(Exit::Usage, &what, Some(&meant(name, &known, "it has no targets"))));
        };
        let Some(folder) = &target.snapshots else {
            let help = "what waits for it waits in the project's `snapshots`: leave --target out";
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

/// How the names of transcripts' snapshots end, where outcomes' have the client.
const TRANSCRIPT: &str = ".transcript";

/// A pending file and the snapshot that it would become.
struct Waiting<'a> {
    pending: PathBuf,
    shelf: Shelf<'a>,
    name: Name,
}

impl Waiting<'_> {
    fn shown(&self) -> String {
        format!("{}.new", self.shelf.shown(&self.name.path()))
    }

    /// Whether it is a client's transcript.
    fn is_transcript(&self) -> bool {
        self.name.client.as_ref().is_some_and(|client| client.ends_with(TRANSCRIPT))
    }

    /// The transcript that waits, and the one that was accepted.
    fn transcripts(&self) -> Result<(String, String), Exit> {
        let cannot = |error: &dyn Display| {
            fail(Exit::Invalid, &format!("cannot read `{}` ({error})", self.shown()), None)
        };
        let new = file::load(&self.pending).map_err(|error| cannot(&error))?;
        let new = new.as_text().map(ToString::to_string).unwrap_or_default();
        let old = transcript::accepted(self.shelf, &self.name.path()).map_err(|error| cannot(&error))?;
        Ok((new, old.unwrap_or_default()))
    }

    fn outcomes(&self) -> Result<Outcomes, Exit> {
        let shown = self.shown();
        let text = input::text(&self.pending, input::SNAPSHOT)
            .map_err(|error| fail(Exit::Invalid, &format!("cannot read `{shown}` ({error})"), None))?;
        file::parse(&shown, &text).map_err(|error| fail(Exit::Invalid, &error, None))
    }
}

fn with(shelves: &[Shelf<'_>], selection: &SelectionArgs, act: impl FnOnce(&[Waiting<'_>]) -> Exit) -> Exit {
    let wanted = |id: &str| {
        selection.selection.is_empty() || selection.selection.iter().any(|word| is_or_begins(id, word))
    };
    let mut waiting: Vec<Waiting<'_>> = Vec::new();
    for shelf in shelves {
        let folder = shelf.path("");
        let pending = pending(*shelf);
        crate::cli::warn_of_links(&pending.not_followed);
        for path in pending.files {
            // One folder may stand in another: a file belongs to the innermost.
            let inner = |other: &Shelf<'_>| {
                let other = other.path("");
                other.starts_with(&folder) && other != folder && path.starts_with(&other)
            };
            if shelves.iter().any(inner) {
                continue;
            }
            let name = name_of(&folder, &path).filter(|name| wanted(&name.scenario));
            waiting.extend(name.map(|name| Waiting { pending: path, shelf: *shelf, name }));
        }
    }
    waiting.sort_by_key(Waiting::shown);
    waiting.dedup_by(|one, other| one.pending == other.pending);
    if waiting.is_empty() {
        say(&Printable::ours("nothing waits for a review here\n"));
        return Exit::Success;
    }
    act(&waiting)
}

/// `<id>[@alternative][+client].snap.new`, below a folder of snapshots.
fn name_of(folder: &Path, pending: &Path) -> Option<Name> {
    let path = pending.strip_prefix(folder).ok()?;
    let path = path.to_string_lossy().replace('\\', "/");
    let stem = path.strip_suffix(".snap.new")?;
    let (stem, client) = match stem.rsplit_once('+') {
        Some((stem, client)) => (stem, Some(client.to_owned())),
        None => (stem, None),
    };
    let (scenario, alternative) = match stem.rsplit_once('@') {
        Some((scenario, alternative)) => (scenario, Some(alternative.to_owned())),
        None => (stem, None),
    };
    Some(Name { scenario: scenario.to_owned(), alternative, client })
}

fn differences(waiting: &[Waiting<'_>]) -> Exit {
    for one in waiting {
        if one.is_transcript() {
            let (new, old) = match one.transcripts() {
                Ok(both) => both,
                Err(exit) => return exit,
            };
            let difference =
                similar::TextDiff::from_lines(&old, &new).unified_diff().context_radius(4).to_string();
            say(&printable!("{}\n{}\n", one.shown(), Printable::block("", &difference)));
            continue;
        }
        let new = match one.outcomes() {
            Ok(new) => new,
            Err(exit) => return exit,
        };
        let old = match find(one.shelf, &one.name) {
            Ok(old) => old.map(|found| found.outcomes).unwrap_or_default(),
            Err(error) => return fail(Exit::Invalid, &error, None),
        };
        say(&printable!("{}\n", one.shown()));
        for (checkpoint, outcome) in &new {
            match old.get(checkpoint) {
                None => {
                    let only = Outcomes::from_iter([(checkpoint.clone(), outcome.clone())]);
                    let contents = Printable::block("", &file::contents(&only));
                    say(&printable!("  new checkpoint `{}`\n{}", checkpoint, contents));
                }
                Some(before) => {
                    if let Some(Difference { text: difference, .. }) = diff(before, outcome) {
                        say(&printable!("  checkpoint `{}`: - was accepted, + is new\n", checkpoint));
                        say(&Printable::block("    ", &difference));
                    }
                }
            }
        }
        for checkpoint in old.keys().filter(|checkpoint| !new.contains_key(*checkpoint)) {
            say(&printable!("  checkpoint `{}` is gone\n", checkpoint));
        }
    }
    Exit::Success
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
            return Err(fail(Exit::Usage, &what, Some(&meant(wanted, &known, "it has no alternatives"))));
        }
        name.alternative = Some(wanted.clone());
    }
    if let Some(wanted) = &args.client {
        let known: Vec<&str> = scenario.differs.keys().map(|client| client.as_str()).collect();
        if !known.contains(&wanted.as_str()) {
            let what = format!("`{}` does not list `{wanted}` under `differs`", name.scenario);
            let none = "write `differs: {client: reason}` into the scenario first";
            return Err(fail(Exit::Usage, &what, Some(&meant(wanted, &known, none))));
        }
        name.client = Some(wanted.clone());
    }
    Ok(name)
}

fn meant(wanted: &str, known: &[&str], none: &str) -> String {
    match nearest(wanted, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => none.to_owned(),
        None => format!("it has {}", known.join(", ")),
    }
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

fn accept(project: &Path, waiting: &[Waiting<'_>], args: &AcceptArgs) -> Exit {
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
        let help = "select them one at a time";
        return fail(Exit::Usage, &"several pending files would become the same snapshot", Some(help));
    }
    for (one, name) in waiting.iter().zip(&names) {
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
    Exit::Success
}
