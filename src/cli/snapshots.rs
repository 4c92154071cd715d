//! `scimsnap snapshots`: looks at outcomes that wait for a review, accepts or rejects them.
//!
//! The files are insta's, so `cargo insta review` does the same where there is a Cargo project.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::exit::Exit;
use crate::scenario::Scenario;
use crate::scenario::catalogue::{is_or_begins, select};
use crate::scenario::nearest::nearest;
use crate::snapshot::diff::diff;
use crate::snapshot::store::{Name, find, pending, project_path};
use crate::snapshot::{Outcomes, file};

use super::args::{AcceptArgs, SelectionArgs, SnapshotsArgs, SnapshotsCommand};
use super::run::nothing_selected;
use super::{fail, say};

/// Does it.
pub fn run(args: &SnapshotsArgs, context: &Context) -> Exit {
    let project = &context.cwd;
    match &args.command {
        SnapshotsCommand::List(selection) => with(project, selection, |waiting| {
            let mut text = String::new();
            for one in waiting {
                let _ = writeln!(text, "{}", one.shown(project));
            }
            say(&text);
            Exit::Success
        }),
        SnapshotsCommand::Diff(selection) => {
            with(project, selection, |waiting| differences(project, waiting))
        }
        SnapshotsCommand::Accept(args) => {
            with(project, &args.selection, |waiting| accept(project, waiting, args))
        }
        SnapshotsCommand::Reject(selection) => with(project, selection, |waiting| {
            for one in waiting {
                if let Err(error) = std::fs::remove_file(&one.pending) {
                    return fail(
                        Exit::Usage,
                        &format!("cannot remove `{}` ({error})", one.shown(project)),
                        None,
                    );
                }
                say(&format!("rejected {}\n", one.shown(project)));
            }
            Exit::Success
        }),
    }
}

/// How the names of transcripts' snapshots end, where outcomes' have the client.
const TRANSCRIPT: &str = ".transcript";

/// A pending file and the snapshot that it would become.
struct Waiting {
    pending: PathBuf,
    name: Name,
}

impl Waiting {
    fn shown(&self, project: &Path) -> String {
        self.pending.strip_prefix(project).unwrap_or(&self.pending).display().to_string()
    }

    /// Whether it is a client's transcript.
    fn is_transcript(&self) -> bool {
        self.name.client.as_ref().is_some_and(|client| client.ends_with(TRANSCRIPT))
    }

    /// The transcript that waits, and the one that was accepted.
    fn transcripts(&self, project: &Path) -> Result<(String, String), Exit> {
        let read = |path: &Path| match insta::Snapshot::from_file(path) {
            Ok(snapshot) => Ok(snapshot.as_text().map(ToString::to_string).unwrap_or_default()),
            Err(error) => {
                Err(fail(Exit::Invalid, &format!("cannot read `{}` ({error})", self.shown(project)), None))
            }
        };
        let accepted = project_path(project, &self.name);
        let old = if accepted.exists() { read(&accepted)? } else { String::new() };
        Ok((read(&self.pending)?, old))
    }

    fn outcomes(&self, project: &Path) -> Result<Outcomes, Exit> {
        let shown = self.shown(project);
        let text = std::fs::read_to_string(&self.pending)
            .map_err(|error| fail(Exit::Invalid, &format!("cannot read `{shown}` ({error})"), None))?;
        file::parse(&shown, &text).map_err(|error| fail(Exit::Invalid, &error, None))
    }
}

fn with(project: &Path, selection: &SelectionArgs, act: impl FnOnce(&[Waiting]) -> Exit) -> Exit {
    let wanted = |id: &str| {
        selection.selection.is_empty() || selection.selection.iter().any(|word| is_or_begins(id, word))
    };
    let waiting: Vec<Waiting> = pending(project)
        .into_iter()
        .filter_map(|path| name_of(project, &path).map(|name| Waiting { pending: path, name }))
        .filter(|one| wanted(&one.name.scenario))
        .collect();
    if waiting.is_empty() {
        say("nothing waits for a review here\n");
        return Exit::Success;
    }
    act(&waiting)
}

/// `<id>[@alternative][+client].snap.new`, below `snapshots/`.
fn name_of(project: &Path, pending: &Path) -> Option<Name> {
    let path = pending.strip_prefix(project.join("snapshots")).ok()?;
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

fn differences(project: &Path, waiting: &[Waiting]) -> Exit {
    for one in waiting {
        if one.is_transcript() {
            let (new, old) = match one.transcripts(project) {
                Ok(both) => both,
                Err(exit) => return exit,
            };
            let difference =
                similar::TextDiff::from_lines(&old, &new).unified_diff().context_radius(4).to_string();
            say(&format!("{}\n{difference}\n", one.shown(project)));
            continue;
        }
        let new = match one.outcomes(project) {
            Ok(new) => new,
            Err(exit) => return exit,
        };
        let old = match find(project, &one.name) {
            Ok(old) => old.map(|found| found.outcomes).unwrap_or_default(),
            Err(error) => return fail(Exit::Invalid, &error, None),
        };
        say(&format!("{}\n", one.shown(project)));
        for (checkpoint, outcome) in &new {
            match old.get(checkpoint) {
                None => {
                    let only = Outcomes::from_iter([(checkpoint.clone(), outcome.clone())]);
                    say(&format!("  new checkpoint `{checkpoint}`\n{}\n", file::contents(&only)));
                }
                Some(before) => {
                    if let Some(difference) = diff(before, outcome) {
                        say(&format!("  checkpoint `{checkpoint}`: - was accepted, + is new\n"));
                        for line in difference.lines() {
                            say(&format!("    {line}\n"));
                        }
                    }
                }
            }
        }
        for checkpoint in old.keys().filter(|checkpoint| !new.contains_key(*checkpoint)) {
            say(&format!("  checkpoint `{checkpoint}` is gone\n"));
        }
    }
    Exit::Success
}

/// The name under which a pending file is to be accepted; the scenario must know the alternative and the client.
fn accepted_name(project: &Path, one: &Waiting, args: &AcceptArgs) -> Result<Name, Exit> {
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

fn accept(project: &Path, waiting: &[Waiting], args: &AcceptArgs) -> Exit {
    let mut names = Vec::new();
    for one in waiting {
        match accepted_name(project, one, args) {
            Ok(name) => names.push(name),
            Err(exit) => return exit,
        }
    }
    let mut distinct = names.clone();
    distinct.sort();
    distinct.dedup();
    if distinct.len() < names.len() {
        let help = "select them one at a time";
        return fail(Exit::Usage, &"several pending files would become the same snapshot", Some(help));
    }
    for (one, name) in waiting.iter().zip(&names) {
        // Half a file must not replace a whole one.
        let whole = if one.is_transcript() {
            one.transcripts(project).map(drop)
        } else {
            one.outcomes(project).map(drop)
        };
        if let Err(exit) = whole {
            return exit;
        }
        let path = project_path(project, name);
        if let Err(error) = file::accept(&one.pending, &path) {
            return fail(Exit::Usage, &format!("cannot accept `{}` ({error})", one.shown(project)), None);
        }
        say(&format!("accepted {}\n", path.strip_prefix(project).unwrap_or(&path).display()));
    }
    Exit::Success
}
