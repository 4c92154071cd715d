//! The folder for a target's own snapshots.

use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::diag::Diagnostic;
use crate::snapshot::OwnFolder;

use super::access;
use super::locator::Point;

/// The folder as the settings file names it.
#[derive(Debug, Clone)]
pub struct SnapshotsFolder {
    path: PathBuf,
    at: Diagnostic,
}

impl SnapshotsFolder {
    /// The folder, whether it is there or not.
    pub fn folder(&self, cwd: &Path) -> OwnFolder {
        let shown = self.path.to_string_lossy().replace('\\', "/");
        OwnFolder { path: cwd.join(&self.path), shown: shown.trim_end_matches('/').to_owned() }
    }

    /// The folder, which must be there: a name with a slip in it would be a target without a snapshot of its own.
    pub fn open(&self, cwd: &Path) -> Result<OwnFolder, Diagnostic> {
        let folder = self.folder(cwd);
        if folder.path.is_dir() { Ok(folder) } else { Err(self.at.clone()) }
    }
}

/// Checks the name and points at what is wrong.
pub(super) fn read(folder: Spanned<String>, point: &Point<'_>) -> Result<SnapshotsFolder, Diagnostic> {
    if folder.get_ref().trim().is_empty() {
        return Err(point
            .at(folder.span(), "this must not be empty")
            .help("for example `snapshots/staging`"));
    }
    let help = format!(
        "create an empty folder `{}`; paths are relative to the folder of this file",
        folder.get_ref()
    );
    let at = point.at(folder.span(), "this folder does not exist").help(help);
    Ok(SnapshotsFolder { path: access::path(folder, point.folder), at })
}
