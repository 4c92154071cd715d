//! What a run created on somebody's endpoint, on disk before it is used, so that nothing is ever left behind
//! unknown: the file survives a crash, and `scimsnap clean --run ID` finishes from it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::redact::Redactor;

/// What sort of thing was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Created {
    /// A SCIM Group. Groups are removed before users, so that no endpoint refuses for the sake of members.
    Group,
    /// A SCIM User.
    User,
    /// An organization made in the product.
    Organization,
    /// A customer made in the product.
    Customer,
}

/// One line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// The first line: which run, against what.
    Run {
        /// The run's id, which every name it creates carries.
        id: String,
        /// The SCIM base URL.
        target: String,
    },
    /// Something of that name is about to be created.
    Intent {
        /// What sort of thing.
        kind: Created,
        /// Its name: userName, displayName.
        name: String,
    },
    /// The endpoint answered with this id.
    Created {
        /// What sort of thing.
        kind: Created,
        /// Its id.
        id: String,
    },
    /// It is gone again: read back, or answered 204.
    Deleted {
        /// What sort of thing.
        kind: Created,
        /// Its id.
        id: String,
    },
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: File,
    redactor: Redactor,
}

impl Ledger {
    /// The file of a run below a project's folder.
    pub fn path(folder: &Path, run: &str) -> PathBuf {
        folder.join(".scimsnap").join("ledger").join(format!("{run}.ndjson"))
    }

    /// Starts the ledger of a run, which gets the first of `ids` that no earlier run left a ledger under.
    pub fn create(
        folder: &Path,
        target: &str,
        ids: impl IntoIterator<Item = String>,
        redactor: &Redactor,
    ) -> io::Result<(String, Self)> {
        let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
        for run in ids {
            let path = Self::path(folder, &run);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            match OpenOptions::new().create_new(true).append(true).open(&path) {
                Ok(file) => {
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

    /// Opens the ledger of an earlier run, to finish it.
    pub fn open(folder: &Path, run: &str, redactor: &Redactor) -> io::Result<(Self, Vec<Entry>)> {
        let path = Self::path(folder, run);
        let entries = read(&path)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok((Self { path, file, redactor: redactor.clone() }, entries))
    }

    /// Adds a line. It has left the process when this returns, so that a crash of ours cannot lose it.
    pub fn write(&self, entry: &Entry) -> io::Result<()> {
        // No secret stands in the file: an id that says one back is left out, and what it names is found by its name.
        let Some(entry) = self.redactor.entry(entry) else { return Ok(()) };
        let mut line = serde_json::to_vec(&*entry)?;
        line.push(b'\n');
        (&self.file).write_all(&line)
    }

    /// Removes the file: all that the run created is gone.
    pub fn finish(&self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
    }
}

/// Reads a ledger. A last line that was cut off by a crash is passed over: what it would have said had not happened
/// yet.
fn read(path: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for line in io::BufReader::new(File::open(path)?).lines() {
        if let Ok(entry) = serde_json::from_str(&line?) {
            entries.push(entry);
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Secret;

    #[test]
    fn a_run_does_not_take_the_id_of_one_that_left_something() {
        let folder = tempfile::tempdir().unwrap();
        let create = |ids: &[&str]| {
            let ids = ids.iter().map(ToString::to_string);
            Ledger::create(folder.path(), "http://127.0.0.1/scim", ids, &Redactor::default())
        };
        let (first, ledger) = create(&["k0001"]).unwrap();
        let left = Entry::Created { kind: Created::User, id: "1".to_owned() };
        ledger.write(&left).unwrap();
        let (second, _) = create(&["k0001", "k0001", "k0002"]).unwrap();
        assert_eq!((first.as_str(), second.as_str()), ("k0001", "k0002"));
        assert_eq!(Ledger::open(folder.path(), "k0001", &Redactor::default()).unwrap().1.last(), Some(&left));
        assert_eq!(create(&["k0001", "k0002"]).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn an_id_that_says_a_secret_back_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new("canary-0123456789"));
        let ids = ["k0001".to_owned()];
        let (_, ledger) = Ledger::create(folder.path(), "http://127.0.0.1/scim", ids, &redactor).unwrap();
        let name = Entry::Intent { kind: Created::User, name: "k0001.ada".to_owned() };
        let harmless = Entry::Created { kind: Created::User, id: "1".to_owned() };
        for entry in [
            &name,
            &Entry::Created { kind: Created::User, id: "Y2FuYXJ5LTAxMjM0NTY3ODk=".to_owned() },
            &Entry::Created { kind: Created::User, id: "x-CANARY-0123456789".to_owned() },
            &harmless,
        ] {
            ledger.write(entry).unwrap();
        }
        let (_, entries) = Ledger::open(folder.path(), "k0001", &redactor).unwrap();
        assert_eq!(entries[1..], [name, harmless]);
    }
}
