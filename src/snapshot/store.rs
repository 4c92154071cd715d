//! Where snapshots are: the project's folder first, then those in the binary.

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

/// A snapshot that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The outcomes that were accepted.
    pub outcomes: Outcomes,
    /// Whether the project accepted something else than what is bundled.
    pub deviates: bool,
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

/// Finds a snapshot: in the project's folder, else among the bundled ones.
pub fn find(project: &Path, name: &Name) -> Result<Option<Found>, SnapshotError> {
    let bundled = match Bundled::get(&name.path()) {
        None => None,
        Some(file) => {
            let text = String::from_utf8_lossy(&file.data).into_owned();
            Some(file::parse(&shown(name), &text).map_err(SnapshotError::Damaged)?)
        }
    };
    let path = project_path(project, name);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let outcomes = file::parse(&shown(name), &text).map_err(SnapshotError::Damaged)?;
            let deviates = bundled.is_some_and(|bundled| bundled != outcomes);
            Ok(Some(Found { outcomes, deviates }))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(bundled.map(|outcomes| Found { outcomes, deviates: false }))
        }
        Err(error) => Err(SnapshotError::Io { path: shown(name), error }),
    }
}

/// The path of a snapshot in a project's folder.
pub fn project_path(project: &Path, name: &Name) -> PathBuf {
    project.join("snapshots").join(name.path())
}

/// The path of the pending file beside a snapshot.
pub fn pending_path(snapshot: &Path) -> PathBuf {
    let mut path = snapshot.as_os_str().to_owned();
    path.push(".new");
    path.into()
}

/// The path as people are shown it.
pub fn shown(name: &Name) -> String {
    format!("snapshots/{}", name.path())
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

/// The pending files below a project's `snapshots` folder, in order.
pub fn pending(project: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(&project.join("snapshots"), &mut files);
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
