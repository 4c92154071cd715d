//! How the files of a state are opened.

use std::fs::{File, OpenOptions};
use std::path::Path;

use super::format::{MOST, StateError};

/// Opens a file that is read to its end: a regular one of a length that a state can have.
pub(super) fn open(path: &Path) -> Result<File, StateError> {
    if !path.symlink_metadata()?.is_file() {
        return Err(StateError::NotAFile(path.to_owned()));
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > MOST {
        return Err(StateError::TooLong { path: path.to_owned(), length });
    }
    Ok(file)
}

/// A file that others cannot read: what customers are called is for nobody else.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
