//! Finishes what a run that was killed could not: removes what its ledger says it created.

use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use crate::context::Clock;
use crate::wire::{Created, Entry, HttpClient, Ledger, Limits, Redactor, Target, Wire};

use super::cleanup::{Leftovers, cleanup};

/// What a clean-up came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// How much was removed.
    pub removed: usize,
    /// What is left.
    pub leftovers: Leftovers,
}

/// Why a clean-up cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum CleanError {
    /// There is no ledger of that run.
    #[error("there is no ledger of the run `{run}` here ({error})")]
    NoLedger {
        /// The run.
        run: String,
        /// Why.
        error: io::Error,
    },
    /// The ledger is of another target.
    #[error("the run `{run}` was against `{was}`, not `{is}`")]
    OtherTarget {
        /// The run.
        run: String,
        /// Its target.
        was: String,
        /// The one that was named.
        is: String,
    },
}

/// The runs whose ledgers are still here.
pub fn unfinished(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.join(".scimsnap").join("ledger")) else { return Vec::new() };
    let mut runs: Vec<String> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".ndjson").map(str::to_owned))
        .collect();
    runs.sort();
    runs
}

/// Removes what a run created and left.
pub async fn clean(
    folder: &Path,
    run: &str,
    target: Target,
    limits: Limits,
    clock: Clock,
) -> Result<Cleaned, CleanError> {
    let redactor = Redactor::for_target(&target);
    let (ledger, entries) = Ledger::open(folder, run, &redactor)
        .map_err(|error| CleanError::NoLedger { run: run.to_owned(), error })?;
    if let Some(Entry::Run { target: was, .. }) = entries.first()
        && *was != redactor.text(&target.scim)
    {
        return Err(CleanError::OtherTarget { run: run.to_owned(), was: was.clone(), is: target.scim });
    }
    let ledger = Arc::new(ledger);
    let http = Rc::new(HttpClient::to(&target, limits));
    let wire = Wire::new(http, target, limits, clock, Some(Arc::clone(&ledger)));
    let (created, intended) = standing(&entries);
    for (kind, id) in created {
        wire.ownership().adopt(kind, id);
    }
    for (kind, name) in intended {
        wire.ownership().expect(kind, name);
    }
    let leftovers = cleanup(&wire).await;
    let removed = wire.ownership().removed() - leftovers.lasting.len();
    if leftovers.removable.is_empty() {
        // A ledger that cannot be removed says only what is gone already.
        let _ = ledger.finish();
    }
    Ok(Cleaned { removed, leftovers })
}

type Standing = (Vec<(Created, String)>, Vec<(Created, String)>);

/// What still stands according to a ledger: ids that were not deleted, and names that may have been created without
/// an id being noted.
fn standing(entries: &[Entry]) -> Standing {
    let (mut created, mut intended) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Run { .. } => {}
            Entry::Intent { kind, name } => intended.push((*kind, name.clone())),
            Entry::Created { kind, id } => created.push((*kind, id.clone())),
            Entry::Deleted { kind, id } => created.retain(|(k, i)| !(k == kind && i == id)),
        }
    }
    (created, intended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_deleted_does_not_stand() {
        let entries = [
            Entry::Run { id: "k1".to_owned(), target: "http://a".to_owned() },
            Entry::Intent { kind: Created::User, name: "ada".to_owned() },
            Entry::Created { kind: Created::User, id: "1".to_owned() },
            Entry::Created { kind: Created::Group, id: "2".to_owned() },
            Entry::Deleted { kind: Created::User, id: "1".to_owned() },
        ];
        let (created, intended) = standing(&entries);
        assert_eq!(created, [(Created::Group, "2".to_owned())]);
        assert_eq!(intended, [(Created::User, "ada".to_owned())]);
    }
}
