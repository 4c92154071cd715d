//! Where commands find what an earlier run left in the work folder.

use std::path::{Path, PathBuf};

/// The JSON report of the last run.
pub(crate) fn last_run(work: &Path) -> PathBuf {
    work.join(".scimsnap").join("last-run.json")
}
