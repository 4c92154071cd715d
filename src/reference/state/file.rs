//! The file: written beside itself and renamed, so that a reader finds the old state or the new one and never half of one.
//! Between two states, changes go into a journal.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Deserializer;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

use super::delta;
use super::format::{self, Continued, MOST, StateError};
use super::input::{open, private};
use super::journal::{Journal, remove_before, replay};
use crate::context::Clock;
use crate::files::atomic::{Access, Draft, folder, sync_folder};
use crate::lock::lock;
use crate::reference::Reference;
use crate::reference::sites::Sites;

/// How long changes gather before they are written: an identity provider sends them in bursts.
const DEBOUNCE: Duration = Duration::from_millis(100);
/// How long it takes until it is tried again where writing has failed.
const RETRY: Duration = Duration::from_secs(1);
/// How long a journal is at least before a new state takes its place; it is also as long as the state.
const SHORT: u64 = 4 * 1024 * 1024;
/// How much of a state is gathered before the disk sees it: all of it, unless it is large.
const HELD_BACK: usize = 16 * 1024 * 1024;
/// How the name ends of what is not a state yet.
const UNFINISHED: &str = ".new";

/// A state file that this process alone writes.
#[derive(Debug)]
pub struct StateFile {
    files: Arc<Files>,
}

#[derive(Debug)]
struct Files {
    path: PathBuf,
    /// Held as long as the file is in use; the system lets go of it when the process ends, however it does.
    _lock: File,
    written: Mutex<Written>,
}

/// What was written last.
#[derive(Debug)]
struct Written {
    journal: Journal,
    /// How long the state is.
    length: u64,
}

/// A state that has no name yet.
struct Unnamed {
    file: Draft,
    /// The first journal that is not in it.
    next: u64,
}

impl StateFile {
    /// Takes hold of a file, which need not be there yet. Where a link leads to it, the link stays.
    ///
    /// # Errors
    /// Another process holds it, it is no regular file, or its folder cannot be written to.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let path = if path.is_symlink() { path.canonicalize()? } else { path.to_owned() };
        let beside = beside(&path, ".lock");
        for path in [&path, &beside] {
            if path.symlink_metadata().is_ok_and(|found| !found.is_file()) {
                return Err(StateError::NotAFile(path.clone()));
            }
        }
        let lock = private().create(true).truncate(false).write(true).open(beside)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let journal = Journal::new(&path, Continued { epoch: Uuid::new_v4(), number: 0 });
        let written = Mutex::new(Written { journal, length: 0 });
        Ok(Self { files: Arc::new(Files { path, _lock: lock, written }) })
    }

    /// The endpoint that stands in the file; none if the file is not there. Keys that are issued from now on are made from
    /// `seed`.
    ///
    /// # Errors
    /// The file cannot be read, is no state of an endpoint, or its journals are not its own.
    pub fn restore(&self, clock: Clock, seed: u64) -> Result<Option<Reference>, StateError> {
        let path = &self.files.path;
        if !path.try_exists()? {
            replay(path, &mut Sites::default(), None, seed)?;
            return Ok(None);
        }
        open(path)?;
        let text = || Ok(BufReader::with_capacity(1 << 16, File::open(path)?).take(MOST));
        let (mut sites, continued) = format::read(|| text().map(Deserializer::from_reader), seed)?;
        if let Some(next) = replay(path, &mut sites, continued, seed)? {
            lock(&self.files.written).journal = Journal::new(path, next);
        }
        sites.settle();
        Ok(Some(Reference::with_sites(clock, sites)))
    }

    /// Writes the whole state of an endpoint. When this returns, it is on the disk.
    ///
    /// # Errors
    /// The file cannot be written; the old one stays.
    pub fn save(&self, reference: &Reference) -> Result<(), StateError> {
        self.files.tidy()?;
        self.files.save(reference, &mut lock(&self.files.written))
    }

    /// Writes changes down as they come, until it is stopped: within a fraction of a second they outlive the process, whatever
    /// the size of the state and the load, and the disk has them as soon as it can. What changed last is left to [`Self::save`].
    /// Whatever ends the process, the files hold a state that was, whole.
    ///
    /// Where writing fails, `trouble` is told, and it is tried again.
    pub async fn keep(
        &self,
        reference: &Reference,
        mut stop: watch::Receiver<bool>,
        trouble: impl Fn(&StateError),
    ) {
        let added = Notify::new();
        let stopped = async { drop(stop.wait_for(|stop| *stop).await) };
        let mut state = None;
        tokio::select! {
            () = stopped => {}
            () = self.write_changes(reference, &added, &mut state, &trouble) => {}
            () = self.sync_changes(&added, &trouble) => {}
        }
        if let Err(error) = ended(state).await {
            trouble(&error);
        }
    }

    /// Writes changes down for ever; `state` is the new state that is under way, `added` is told.
    async fn write_changes(
        &self,
        reference: &Reference,
        added: &Notify,
        state: &mut Option<JoinHandle<Result<(), StateError>>>,
        trouble: &impl Fn(&StateError),
    ) {
        let mut changes = reference.changes();
        changes.mark_changed();
        let mut pause = DEBOUNCE;
        while changes.changed().await.is_ok() {
            tokio::time::sleep(pause).await;
            changes.mark_unchanged();
            if state.as_ref().is_some_and(JoinHandle::is_finished)
                && let Err(error) = ended(state.take()).await
            {
                trouble(&error);
            }
            let (files, reference, is_free) = (Arc::clone(&self.files), reference.clone(), state.is_none());
            // The disk may be slow, and requests are answered meanwhile.
            let flushed = spawn_blocking(move || files.flush(&reference, is_free)).await;
            added.notify_one();
            pause = match flushed.map_err(|error| io::Error::other(error).into()).flatten() {
                Ok(unnamed) => {
                    let files = Arc::clone(&self.files);
                    *state = state.take().or(unnamed.map(|new| spawn_blocking(move || files.name(new))));
                    DEBOUNCE
                }
                Err(error) => {
                    trouble(&error);
                    changes.mark_changed();
                    RETRY
                }
            };
        }
    }

    /// Has the disk take what was added, for ever: it may take longer than the next changes.
    async fn sync_changes(&self, added: &Notify, trouble: &impl Fn(&StateError)) {
        loop {
            added.notified().await;
            let files = Arc::clone(&self.files);
            let synced = spawn_blocking(move || files.sync()).await;
            if let Err(error) = synced.map_err(io::Error::other).flatten() {
                lock(&self.files.written).journal.lose();
                trouble(&error.into());
            }
        }
    }
}

async fn ended(task: Option<JoinHandle<Result<(), StateError>>>) -> Result<(), StateError> {
    match task {
        Some(task) => task.await.map_err(io::Error::other)?,
        None => Ok(()),
    }
}

impl Files {
    /// Writes down what has changed. Where the journal has become long and another state is not under way, a new state is
    /// written, to be [named](Self::name).
    fn flush(&self, reference: &Reference, is_free: bool) -> Result<Option<Unnamed>, StateError> {
        let mut written = lock(&self.written);
        if written.journal.is_broken() {
            return self.save(reference, &mut written).map(|()| None);
        }
        let line = delta::take(&mut reference.lock())?;
        written.journal.append(&line)?;
        if !is_free || written.journal.length() < SHORT.max(written.length) {
            return Ok(None);
        }
        let next = written.journal.next();
        let mut sites = reference.lock();
        // What has changed in the last moment must not wait for the whole state.
        written.journal.append(&delta::take(&mut sites)?)?;
        let (file, length) = self.write(&sites, next)?;
        written.length = length;
        written.journal.advance();
        Ok(Some(Unnamed { file, next: next.number }))
    }

    /// Has the disk take the journal, and its name.
    fn sync(&self) -> io::Result<()> {
        let file = lock(&self.written).journal.file();
        let Some(file) = file else { return Ok(()) };
        file.sync_data()?;
        sync_folder(&self.path)
    }

    fn save(&self, reference: &Reference, written: &mut Written) -> Result<(), StateError> {
        let next = written.journal.next();
        let (file, length) = {
            let mut sites = reference.lock();
            let state = self.write(&sites, next)?;
            delta::forget(&mut sites);
            state
        };
        // Until the state has its name, it holds what no journal does.
        let named = self.name(Unnamed { file, next: next.number });
        match named {
            Ok(()) => {
                written.length = length;
                written.journal.advance();
            }
            Err(_) => written.journal.lose(),
        }
        named
    }

    /// Writes the state into a file of its own, and says how long it is.
    fn write(&self, sites: &Sites, next: Continued) -> Result<(Draft, u64), StateError> {
        let mut file = Draft::new(folder(&self.path), &self.prefix(), UNFINISHED.as_ref(), Access::Private)?;
        // The records are held still while they are written, so what fits into memory waits there for the disk.
        let mut out = BufWriter::with_capacity(HELD_BACK, file.file_mut());
        format::write(sites, Some(next), &mut out)?;
        out.flush()?;
        drop(out);
        let length = file.file().metadata()?.len();
        Ok((file, length))
    }

    /// Makes what was written the state, and removes the journals that are in it.
    fn name(&self, state: Unnamed) -> Result<(), StateError> {
        state.file.place_durably(&self.path)?;
        Ok(remove_before(&self.path, state.next)?)
    }

    /// Removes what a process left that was killed while it wrote a state.
    fn tidy(&self) -> io::Result<()> {
        let prefix = self.prefix();
        for entry in folder(&self.path).read_dir()? {
            let entry = entry?;
            let name = entry.file_name();
            let is_ours = name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes());
            if is_ours && name.as_encoded_bytes().ends_with(UNFINISHED.as_bytes()) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn prefix(&self) -> OsString {
        let mut prefix = OsString::from(".");
        prefix.push(self.path.file_name().unwrap_or_default());
        prefix.push(".");
        prefix
    }
}

/// `name` and the ending, in the same folder, so that a rename stays on one file system.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(ending);
    path.with_file_name(name)
}
