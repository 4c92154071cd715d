//! What has changed since the state was written, line by line, so that a change costs what it changes and not what there is.
//!
//! Journals are numbered, and a state names the first that is not in it. So a new state can be written while changes already go
//! into the next journal: whichever state is there after a crash, the journals from its number on continue it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::delta::{self, Delta};
use super::format::{Continued, MOST, StateError};
use super::input::{open, private};
use crate::files::atomic::folder;
use crate::reference::sites::Sites;

const ENDING: &str = ".journal";

/// The first line of a journal.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    #[serde(flatten)]
    at: Continued,
    /// How long the journal before it is, where no state came between: the disk may have this one and not all of that one.
    after: u64,
}

/// The journal that is written.
#[derive(Debug)]
pub(super) struct Journal {
    state: PathBuf,
    /// Which it is.
    at: Continued,
    /// None as long as nothing has changed.
    file: Option<Arc<File>>,
    length: u64,
    /// How long the journal before it is.
    after: u64,
    is_broken: bool,
}

impl Journal {
    /// The journal of that number beside a state file. It is not made before something changes.
    pub(super) fn new(state: &Path, at: Continued) -> Self {
        Self { state: state.to_owned(), at, file: None, length: 0, after: 0, is_broken: false }
    }

    /// The journal after this one.
    pub(super) fn next(&self) -> Continued {
        Continued { number: self.at.number + 1, ..self.at }
    }

    /// Goes on with the next journal.
    pub(super) fn advance(&mut self) {
        *self = Self { after: self.length, ..Self::new(&self.state, self.next()) };
    }

    /// How many bytes were written.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Whether a line is missing, so that only a new state makes up for it.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Notes that a change stands nowhere.
    pub(super) fn lose(&mut self) {
        self.is_broken = true;
    }

    /// The file, which the disk has to be told of after lines were added.
    pub(super) fn file(&self) -> Option<Arc<File>> {
        self.file.clone()
    }

    /// Adds a line. When this returns, it outlives the process; the disk need not have it yet.
    pub(super) fn append(&mut self, line: &[u8]) -> Result<(), StateError> {
        let written = self.try_append(line);
        self.is_broken |= written.is_err();
        written
    }

    fn try_append(&mut self, line: &[u8]) -> Result<(), StateError> {
        let mut file = match &mut self.file {
            Some(file) => &**file,
            none => {
                let path = path_of(&self.state, self.at.number);
                let mut file = private().create_new(true).append(true).open(path)?;
                let mut first = serde_json::to_vec(&Header { at: self.at, after: self.after })?;
                first.push(b'\n');
                file.write_all(&first)?;
                self.length = first.len() as u64;
                none.insert(Arc::new(file))
            }
        };
        file.write_all(line)?;
        self.length += line.len() as u64;
        Ok(())
    }
}

/// Makes up for what stands in the journals that continue a state, and says which journal comes next.
pub(super) fn replay(
    state: &Path,
    sites: &mut Sites,
    continued: Option<Continued>,
    seed: u64,
) -> Result<Option<Continued>, StateError> {
    let numbers = numbers(state)?;
    let Some(mut next) = continued else {
        return numbers.first().map_or(Ok(None), |number| Err(other(state, *number)));
    };
    let later: Vec<u64> = numbers.into_iter().filter(|number| *number >= next.number).collect();
    let (mut is_whole, mut length) = (true, None);
    for number in later {
        if number != next.number {
            return Err(other(state, number));
        }
        if is_whole {
            is_whole = read(state, next, &mut length, |changes| delta::apply(sites, changes, seed))?;
        }
        next.number += 1;
    }
    Ok(Some(next))
}

/// Removes the journals before that number: a state holds what stands in them.
pub(super) fn remove_before(state: &Path, number: u64) -> io::Result<()> {
    for old in numbers(state)?.into_iter().filter(|old| *old < number) {
        std::fs::remove_file(path_of(state, old))?;
    }
    Ok(())
}

/// Reads a journal to its end, and says whether that is where it was ended. A last line that was cut off never was there as a
/// whole, and nobody was promised it. `length` is that of the journal before, and then of this one.
fn read(
    state: &Path,
    at: Continued,
    length: &mut Option<u64>,
    mut apply: impl FnMut(Delta) -> Result<(), StateError>,
) -> Result<bool, StateError> {
    let path = path_of(state, at.number);
    let mut lines = BufReader::with_capacity(1 << 16, open(&path)?).take(MOST);
    let (mut line, mut read) = (Vec::new(), 0);
    for number in 1.. {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            break;
        }
        read += line.len() as u64;
        let unreadable = |_| StateError::Journal { path: path.clone(), line: number };
        if number > 1 {
            apply(serde_json::from_slice(&line).map_err(unreadable)?)?;
            continue;
        }
        let header: Header = serde_json::from_slice(&line).map_err(unreadable)?;
        if header.at != at {
            return Err(StateError::OtherJournal(path));
        }
        if length.is_some_and(|before| before < header.after) {
            return Ok(false);
        }
    }
    *length = Some(read);
    Ok(line.is_empty())
}

/// The numbers of the journals beside a state file, in order.
fn numbers(state: &Path) -> io::Result<Vec<u64>> {
    let name = state.file_name().unwrap_or_default().as_encoded_bytes();
    let mut numbers = Vec::new();
    for entry in folder(state).read_dir()? {
        let entry = entry?.file_name();
        let number = entry.as_encoded_bytes().strip_prefix(name).and_then(|ending| ending.strip_prefix(b"."));
        let number =
            number.and_then(|ending| std::str::from_utf8(ending).ok()?.strip_suffix(ENDING)?.parse().ok());
        numbers.extend(number.filter(|number| path_of(state, *number).file_name() == Some(&entry)));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn path_of(state: &Path, number: u64) -> PathBuf {
    let mut name = state.file_name().map_or_else(OsString::new, OsString::from);
    name.push(format!(".{number}{ENDING}"));
    state.with_file_name(name)
}

fn other(state: &Path, number: u64) -> StateError {
    StateError::OtherJournal(path_of(state, number))
}
