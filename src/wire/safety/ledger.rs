//! The ledger of a run: what it created at a foreign target, on disk before it is used, so that nothing is left behind
//! unknown. The file survives a crash, and `scimsnap clean --run ID` goes on from it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::entry::Entry;
use crate::wire::redact::Redactor;

/// How many bytes of a ledger are read: far more than a run of the whole catalogue writes.
const MOST: u64 = 64 * 1024 * 1024;

/// Why a ledger cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It cannot be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The run that owns it is still running.
    #[error("the run is still in progress")]
    InUse,
    /// A run has no such id.
    #[error("`{0}` is not a run id")]
    NotAnId(String),
}

/// An open ledger. It is locked for as long as it is open, so that nobody cleans up behind a run at work.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: File,
    redactor: Redactor,
}

impl Ledger {
    /// The ledgers of a work folder.
    pub fn folder(work: &Path) -> PathBuf {
        work.join("ledger")
    }

    /// The file of a run's ledger.
    fn path(work: &Path, run: &str) -> PathBuf {
        Self::folder(work).join(format!("{run}.ndjson"))
    }

    /// Starts the ledger of a run, which gets the first of `ids` that no earlier run left a ledger under.
    pub fn create(
        work: &Path,
        target: &str,
        ids: impl IntoIterator<Item = String>,
        redactor: &Redactor,
    ) -> io::Result<(String, Self)> {
        let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
        for run in ids {
            let path = Self::path(work, &run);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            match OpenOptions::new().create_new(true).append(true).open(&path) {
                Ok(file) => {
                    // Whoever holds it already only looks at it for a moment.
                    supported(file.lock())?;
                    let ledger = Self { path, file, redactor: redactor.clone() };
                    ledger.write(&Entry::Run { id: run.clone(), target: target.to_owned() })?;
                    return Ok((run, ledger));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
                Err(error) => return Err(error),
            }
        }
        Err(taken)
    }

    /// Opens the ledger of an earlier run, to finish it. Lines that cannot be read are passed over.
    pub fn open(work: &Path, run: &str, redactor: &Redactor) -> Result<(Self, Vec<Entry>), LedgerError> {
        if !is_run_id(run) {
            return Err(LedgerError::NotAnId(run.to_owned()));
        }
        let path = Self::path(work, run);
        if !std::fs::symlink_metadata(&path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file").into());
        }
        let mut file = OpenOptions::new().read(true).append(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::InUse),
            Err(TryLockError::Error(error)) => supported(Err(error))?,
        }
        let mut bytes = Vec::new();
        (&file).take(MOST).read_to_end(&mut bytes)?;
        if bytes.last().is_some_and(|last| *last != b'\n') {
            // A line that was cut off must not take the next one with it.
            file.write_all(b"\n")?;
        }
        Ok((Self { path, file, redactor: redactor.clone() }, parse(&bytes)))
    }

    /// What a run's ledger says, without touching it, how old its last line is, and whether the run is still in progress.
    pub fn peek(work: &Path, run: &str) -> io::Result<(Vec<Entry>, Duration, bool)> {
        let path = Self::path(work, run);
        if !std::fs::symlink_metadata(&path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        let file = File::open(path)?;
        let age = file.metadata()?.modified().ok().and_then(elapsed).unwrap_or_default();
        let in_use = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes)?;
        Ok((parse(&bytes), age, in_use))
    }

    /// The runs whose ledgers are still here, by id.
    pub fn runs(work: &Path) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(Self::folder(work)) else { return Vec::new() };
        let mut runs: Vec<String> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".ndjson").map(str::to_owned))
            .filter(|run| is_run_id(run))
            .collect();
        runs.sort();
        runs
    }

    /// How long ago the last line was written.
    pub fn age(&self) -> Duration {
        self.file.metadata().ok().and_then(|file| elapsed(file.modified().ok()?)).unwrap_or_default()
    }

    /// Adds a line. It has left the process when this returns, so that a crash of ours cannot lose it.
    pub fn write(&self, entry: &Entry) -> io::Result<()> {
        // No secret stands in the file: an id that says one back is left out, and what it names is found by its name.
        let Some(entry) = entry.without_secrets(&self.redactor) else { return Ok(()) };
        let mut line = serde_json::to_vec(&*entry)?;
        line.push(b'\n');
        (&self.file).write_all(&line)
    }

    /// Removes the file: nothing of the run can be left.
    pub fn finish(&self) -> io::Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

fn elapsed(written: SystemTime) -> Option<Duration> {
    written.elapsed().ok()
}

/// Whether a text may be the id of a run: one short word of letters and digits, so never a path.
fn is_run_id(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Some network file systems have no locks; a ledger without one still does its work.
fn supported(locked: io::Result<()>) -> io::Result<()> {
    match locked {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        other => other,
    }
}

/// Reads a ledger as far as it goes: a line that is cut off, edited or garbled is passed over, the others count.
pub fn parse(bytes: &[u8]) -> Vec<Entry> {
    bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Created, Secret};

    #[test]
    fn a_run_does_not_take_the_id_of_one_that_left_something() {
        let folder = tempfile::tempdir().unwrap();
        let create = |ids: &[&str]| {
            let ids = ids.iter().map(ToString::to_string);
            Ledger::create(folder.path(), "http://127.0.0.1/scim", ids, &Redactor::default())
        };
        let (first, ledger) = create(&["k0001"]).unwrap();
        let left = Entry::Created { kind: Created::User, id: "1".to_owned(), name: None };
        ledger.write(&left).unwrap();
        let (second, _) = create(&["k0001", "k0001", "k0002"]).unwrap();
        assert_eq!((first.as_str(), second.as_str()), ("k0001", "k0002"));
        drop(ledger);
        assert_eq!(Ledger::open(folder.path(), "k0001", &Redactor::default()).unwrap().1.last(), Some(&left));
        assert_eq!(create(&["k0001", "k0002"]).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn the_ledger_of_a_run_at_work_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let (run, ledger) =
            Ledger::create(folder.path(), "http://a", ["k0001".to_owned()], &Redactor::default()).unwrap();
        assert!(matches!(Ledger::open(folder.path(), &run, &Redactor::default()), Err(LedgerError::InUse)));
        assert!(Ledger::peek(folder.path(), &run).unwrap().2);
        drop(ledger);
        assert!(!Ledger::peek(folder.path(), &run).unwrap().2);
        assert!(Ledger::open(folder.path(), &run, &Redactor::default()).is_ok());
    }

    #[test]
    fn a_path_is_not_the_id_of_a_run() {
        let folder = tempfile::tempdir().unwrap();
        for run in ["../../x", "", ".", "a/b", "a.b", "k\0", "kä", &"k".repeat(33)] {
            assert!(
                matches!(
                    Ledger::open(folder.path(), run, &Redactor::default()),
                    Err(LedgerError::NotAnId(_))
                ),
                "{run}"
            );
        }
    }

    #[test]
    fn a_damaged_ledger_is_read_as_far_as_it_goes() {
        let created = |id: &str| Entry::Created { kind: Created::User, id: id.to_owned(), name: None };
        let line = |id: &str| serde_json::to_string(&created(id)).unwrap();
        let text = [
            line("1").as_bytes(),
            b"\xff\xfe not text",
            b"{\"created\":{\"kind\":\"robot\",\"id\":\"2\"}}",
            &line("3").as_bytes()[..20],
            b"",
            line("4").as_bytes(),
            &line("5").as_bytes()[..10],
        ]
        .join(&b'\n');
        assert_eq!(parse(&text), [created("1"), created("4")]);
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_swallow_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let (run, ledger) =
            Ledger::create(folder.path(), "http://a", ["k0001".to_owned()], &Redactor::default()).unwrap();
        (&ledger.file).write_all(b"{\"created\":{\"ki").unwrap();
        drop(ledger);
        let (ledger, _) = Ledger::open(folder.path(), &run, &Redactor::default()).unwrap();
        let gone = Entry::Gone { kind: Created::User, name: "ada".to_owned() };
        ledger.write(&gone).unwrap();
        drop(ledger);
        assert_eq!(Ledger::open(folder.path(), &run, &Redactor::default()).unwrap().1.last(), Some(&gone));
    }

    #[test]
    fn an_id_that_says_a_secret_back_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new("canary-0123456789"));
        let ids = ["k0001".to_owned()];
        let (_, ledger) = Ledger::create(folder.path(), "http://127.0.0.1/scim", ids, &redactor).unwrap();
        let name = Entry::Intent { kind: Created::User, name: "k0001.ada".to_owned(), vacant: false };
        let harmless = Entry::Created { kind: Created::User, id: "1".to_owned(), name: None };
        for entry in [
            &name,
            &Entry::Created { kind: Created::User, id: "Y2FuYXJ5LTAxMjM0NTY3ODk=".to_owned(), name: None },
            &Entry::Created { kind: Created::User, id: "x-CANARY-0123456789".to_owned(), name: None },
            &harmless,
        ] {
            ledger.write(entry).unwrap();
        }
        drop(ledger);
        let (_, entries) = Ledger::open(folder.path(), "k0001", &redactor).unwrap();
        assert_eq!(entries[1..], [name, harmless]);
    }
}
