//! Where snapshots are: the target's own folder first, then the project's, then those in the binary.

use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use crate::diag::Diagnostic;

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
            Self::Project => "the project accepted another outcome than the bundled one",
            Self::Target => "for this target, another outcome is accepted than the scenario's own",
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
    match std::fs::read_to_string(shelf.path(&name.path())) {
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

/// Writes a pending file, or a snapshot itself, whole or not at all.
pub fn write(path: &Path, text: &str) -> Result<(), SnapshotError> {
    let result = (|| {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut aside = path.as_os_str().to_owned();
        aside.push(".part");
        std::fs::write(&aside, text)?;
        std::fs::rename(&aside, path)
    })();
    result.map_err(|error| SnapshotError::Io { path: path.display().to_string(), error })
}

/// The pending files below a folder, in order.
pub fn pending(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(folder, &mut files);
    files.sort();
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            walk(&path, files);
        } else if path.to_string_lossy().ends_with(".snap.new") {
            files.push(path);
        }
    }
}
