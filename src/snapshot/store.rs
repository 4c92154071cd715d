//! Finds snapshots: first in the target's own folder, then in the project's, then in the binary.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use crate::diag::Diagnostic;
use crate::files::walk::{Place, Visitor, walk};
use crate::files::{input, output};

use super::file::{self, Outcomes};

#[derive(RustEmbed)]
#[folder = "snapshots/"]
struct Bundled;

/// Which outcome a snapshot is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The scenario's id.
    pub scenario: String,
    /// The alternative, where the scenario has some.
    pub alternative: Option<String>,
    /// The client, where it differs from the others.
    pub client: Option<String>,
}

impl Name {
    /// The file's path below `snapshots/`: `<id>[@alternative][+client].snap`.
    pub fn path(&self) -> String {
        let mut path = self.scenario.clone();
        if let Some(alternative) = &self.alternative {
            path.push('@');
            path.push_str(alternative);
        }
        if let Some(client) = &self.client {
            path.push('+');
            path.push_str(client);
        }
        path.push_str(".snap");
        path
    }
}

/// The bundled snapshots of a scenario: their paths below `snapshots/`, and their text.
pub fn bundled(scenario: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Bundled::iter()
        .filter(|path| {
            // `<id>[@alternative][+client].snap`
            path.strip_prefix(scenario).is_some_and(|rest| rest.starts_with(['.', '@', '+']))
        })
        .filter_map(|path| {
            let file = Bundled::get(&path)?;
            Some((path.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect();
    files.sort();
    files
}

/// The folder in which a target keeps outcomes of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFolder {
    /// Where it is.
    pub path: PathBuf,
    /// The path as people are shown it.
    pub shown: String,
}

/// Where the snapshots of a scenario are looked up, and written.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'a> {
    /// The folder that the project's `snapshots` stands in.
    pub project: &'a Path,
    /// The target's own folder, which goes before it, file by file.
    pub own: Option<&'a OwnFolder>,
}

impl Shelf<'_> {
    /// Where a file is written: the target's own folder, where it has one.
    pub fn path(&self, file: &str) -> PathBuf {
        self.own.map_or_else(|| self.project.join("snapshots").join(file), |own| own.path.join(file))
    }

    /// The same path as people are shown it.
    pub fn shown(&self, file: &str) -> String {
        self.own.map_or_else(|| format!("snapshots/{file}"), |own| format!("{}/{file}", own.shown))
    }

    /// What is looked at where the target's own folder has no such file.
    #[must_use]
    pub fn beneath(self) -> Option<Self> {
        self.own.map(|_| Self { own: None, ..self })
    }
}

/// Who accepted another outcome than the one that would be looked at otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviation {
    /// The project accepted something else than what is bundled.
    Project,
    /// The target's own folder holds something else than the project or the bundle.
    Target,
}

impl Deviation {
    /// What the report says of it: an accepted deviation is never silent.
    pub fn note(self) -> &'static str {
        match self {
            Self::Project => "the project accepted a different outcome than the bundled one",
            Self::Target => "a different outcome than the scenario's own is accepted for this target",
        }
    }
}

/// A snapshot that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The outcomes that were accepted.
    pub outcomes: Outcomes,
    /// Whether they are others than what stands one place further down.
    pub deviates: Option<Deviation>,
}

/// A snapshot file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It cannot be read or written.
    #[error("cannot use `{path}` ({error})")]
    Io {
        /// The file.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// It is damaged.
    #[error("{0}")]
    Damaged(Diagnostic),
}

/// Finds a snapshot: in the target's own folder, else in the project's, else among the bundled ones.
pub fn find(shelf: Shelf<'_>, name: &Name) -> Result<Option<Found>, SnapshotError> {
    let (below, deviation) = match shelf.beneath() {
        Some(beneath) => (find(beneath, name)?, Deviation::Target),
        None => (bundled_one(name)?, Deviation::Project),
    };
    let shown = shelf.shown(&name.path());
    match input::text(&shelf.path(&name.path()), input::SNAPSHOT) {
        Ok(text) => {
            let outcomes = file::parse(&shown, &text).map_err(SnapshotError::Damaged)?;
            let deviates = match below {
                Some(below) if below.outcomes == outcomes => below.deviates,
                below => below.map(|_| deviation),
            };
            Ok(Some(Found { outcomes, deviates }))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(below),
        Err(error) => Err(SnapshotError::Io { path: shown, error }),
    }
}

fn bundled_one(name: &Name) -> Result<Option<Found>, SnapshotError> {
    let Some(file) = Bundled::get(&name.path()) else { return Ok(None) };
    let text = String::from_utf8_lossy(&file.data);
    let outcomes =
        file::parse(&format!("snapshots/{}", name.path()), &text).map_err(SnapshotError::Damaged)?;
    Ok(Some(Found { outcomes, deviates: None }))
}

/// The path of the pending file beside a snapshot.
pub fn pending_path(snapshot: &Path) -> PathBuf {
    let mut path = snapshot.as_os_str().to_owned();
    path.push(".new");
    path.into()
}

/// Writes what waits for a review beside its snapshot, and returns the file as people are shown it; or `directly` the
/// snapshot itself.
pub fn write(
    shelf: Shelf<'_>,
    file: &str,
    text: &str,
    directly: bool,
) -> Result<Option<String>, SnapshotError> {
    let path = shelf.path(file);
    let pending = pending_path(&path);
    let shown = format!("{}.new", shelf.shown(file));
    // A pending file is the program's own: a link in its place is not somebody's file.
    output::replace(&pending, text).map_err(|error| SnapshotError::Io { path: shown.clone(), error })?;
    if !directly {
        return Ok(Some(shown));
    }
    file::accept(&pending, &path).map_err(|error| SnapshotError::Io { path: shelf.shown(file), error })?;
    Ok(None)
}

/// The pending files below a shelf.
#[derive(Debug, Default)]
pub struct Pending {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// Links to folders elsewhere, which are not followed.
    pub not_followed: Vec<PathBuf>,
}

/// Finds the pending files below a shelf. Nothing out of the project is looked at, be the folder itself a link; a folder
/// of a target's own may be anywhere, as the settings name it.
pub fn pending(shelf: Shelf<'_>) -> Pending {
    let folder = shelf.path("");
    let mut pending = Pending::default();
    let Ok(real) = std::fs::canonicalize(&folder) else { return pending };
    let project = std::fs::canonicalize(shelf.project).unwrap_or_default();
    if shelf.own.is_none() && !real.starts_with(&project) {
        pending.not_followed.push(folder);
        return pending;
    }
    walk(&folder, if real.starts_with(&project) { &project } else { &real }, &mut pending);
    pending.files.sort();
    pending
}

impl Visitor for Pending {
    type Folder = PathBuf;

    fn wants(&self, name: &OsStr) -> bool {
        name.as_encoded_bytes().ends_with(b".snap.new")
    }

    fn enter(&mut self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    fn file(&mut self, folder: &PathBuf, name: Box<OsStr>, place: Place) {
        if place == Place::Inside {
            self.files.push(folder.join(&*name));
        }
    }

    fn outside(&mut self, path: &Path) {
        self.not_followed.push(path.to_owned());
    }
}
