//! The work folder, `.scimsnap`: what a run leaves for later ones, its ledger and its report.

use std::path::{Path, PathBuf};

/// Its name, where nobody chose another folder.
pub const NAME: &str = ".scimsnap";

/// The most bytes of the report of a run.
pub const MOST: u64 = 64 * 1024 * 1024;

/// The report of the last run: the JSON report.
pub fn last_run(work: &Path) -> PathBuf {
    work.join("last-run.json")
}
