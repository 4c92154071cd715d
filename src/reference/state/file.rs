//! The file: written beside itself and renamed, so that a reader finds the old state or the new one and never half of one.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Deserializer;
use tokio::sync::watch;
use tokio::time::Instant;

use super::format::{self, StateError};
use crate::context::Clock;
use crate::reference::Reference;

/// How long changes gather before they are written: an identity provider sends them in bursts.
const DEBOUNCE: Duration = Duration::from_millis(100);

/// How many times as long as the last write took the next one waits: writing a million customers takes seconds, in which no
/// request is answered.
const PATIENCE: u32 = 10;

/// How much of a state is gathered before the disk sees it: all of it, unless it is large.
const HELD_BACK: usize = 16 * 1024 * 1024;

/// A state file that this process alone writes.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    /// Held as long as the file is in use; the system lets go of it when the process ends, however it does.
    _lock: File,
}

impl StateFile {
    /// Takes hold of a file, which need not be there yet.
    ///
    /// # Errors
    /// Another process holds it, or its folder cannot be written to.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let lock = private().create(true).truncate(false).write(true).open(beside(path, "lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StateError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The endpoint that stands in the file; none if the file is not there. Keys that are issued from now on are made from
    /// `seed`.
    ///
    /// # Errors
    /// The file cannot be read, or is no state of an endpoint.
    pub fn restore(&self, clock: Clock, seed: u64) -> Result<Option<Reference>, StateError> {
        if !self.path.try_exists()? {
            return Ok(None);
        }
        let sites = format::read(
            || Ok(Deserializer::from_reader(BufReader::with_capacity(1 << 16, File::open(&self.path)?))),
            seed,
        )?;
        Ok(Some(Reference::with_sites(clock, sites)))
    }

    /// Writes the state of an endpoint. When this returns, it is on the disk.
    ///
    /// # Errors
    /// The file cannot be written; the old one stays.
    pub fn save(&self, reference: &Reference) -> Result<(), StateError> {
        replace(&self.path, reference)
    }

    /// Writes the state after changes, until it is stopped: soon where that is quick, else at most a tenth of the time. What
    /// changed last is left to [`Self::save`]. Whatever ends the process, the file holds a state that was, whole.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn keep(
        &self,
        reference: &Reference,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), StateError> {
        let mut changes = reference.changes();
        changes.mark_changed();
        let mut pause = DEBOUNCE;
        loop {
            tokio::select! {
                _ = changes.changed() => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
            changes.mark_unchanged();
            let (path, reference) = (self.path.clone(), reference.clone());
            let started = Instant::now();
            // The disk may be slow, and requests are answered meanwhile.
            tokio::task::spawn_blocking(move || replace(&path, &reference))
                .await
                .map_err(io::Error::other)??;
            pause = DEBOUNCE.max(started.elapsed() * PATIENCE);
        }
        Ok(())
    }
}

fn replace(path: &Path, reference: &Reference) -> Result<(), StateError> {
    let temporary = beside(path, "new");
    let mut file = private().create(true).truncate(true).write(true).open(&temporary)?;
    // The records are held still while they are written, so what fits into memory waits there for the disk.
    let mut out = BufWriter::with_capacity(HELD_BACK, &mut file);
    reference.write_state(&mut out)?;
    out.flush()?;
    drop(out);
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    // The rename itself is on the disk only when the folder is.
    #[cfg(unix)]
    File::open(folder(path))?.sync_all()?;
    Ok(())
}

/// `name.suffix`, in the same folder, so that a rename stays on one file system.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

#[cfg(unix)]
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that others cannot read: what customers are called is nobody's business.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
