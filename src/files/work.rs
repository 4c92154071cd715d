//! The work folder, `.scimsnap`: what a run leaves for later ones, its ledger and its report.

use std::io;
use std::path::{Path, PathBuf};

use super::output;

/// Its name, where nobody chose another folder.
pub const NAME: &str = ".scimsnap";

/// The most bytes of the report of a run.
pub const MOST: u64 = 64 * 1024 * 1024;

/// The report of the last run: the JSON report, with the arguments and the scenarios that it was played with.
pub fn last_run(work: &Path) -> PathBuf {
    work.join("last-run.json")
}

/// Makes the folder, where it is missing. Git is told to leave it alone, unless it is a folder of somebody else's.
///
/// # Errors
/// It cannot be made.
pub fn prepare(work: &Path) -> io::Result<()> {
    let is_ours = !work.exists() || work.file_name().is_some_and(|name| name == NAME);
    std::fs::create_dir_all(work)?;
    if is_ours {
        // It is there mostly, and the folder does its work without.
        let _ = output::create(&work.join(".gitignore"), "*\n");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_ignores_the_folder_and_no_other_one() {
        let folder = tempfile::tempdir().unwrap();
        let ignored = |work: &Path| std::fs::read_to_string(work.join(".gitignore")).ok();
        for name in [NAME, "a/new/one"] {
            let work = folder.path().join(name);
            prepare(&work).unwrap();
            prepare(&work).unwrap();
            assert_eq!(ignored(&work).as_deref(), Some("*\n"), "{name}");
        }
        prepare(folder.path()).unwrap();
        assert_eq!(ignored(folder.path()), None);
    }
}
