//! Finishes an earlier run: removes the leftovers that its ledger lists.

use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crate::context::Clock;
use crate::wire::{Entry, HttpClient, Ledger, LedgerError, Limits, Register, Target, Wire};

use crate::event::Leftovers;
use crate::run::options::READ_LAG;
use crate::run::play::cleanup::{Patience, sweep};
use crate::wire::safety::register::same_target;

/// How long a request of a run that was killed may take effect after its end.
const UNDER_WAY: Duration = Duration::from_secs(5);

/// How long a clean-up may take.
const BUDGET: Duration = Duration::from_mins(10);

/// What a clean-up came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// How many users, groups and organizations of the run are gone now.
    pub removed: usize,
    /// What is left.
    pub leftovers: Leftovers,
    /// How many entries of the ledger belong to other targets, and stay in it.
    pub elsewhere: usize,
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
    /// A run has no such id.
    #[error("`{0}` is not a run id")]
    NotAnId(String),
    /// The run that owns the ledger is still running.
    #[error("the run `{0}` is still in progress")]
    InUse(String),
    /// All of the ledger is of another target.
    #[error("the target of the run `{run}` was `{was}`, not `{is}`")]
    OtherTarget {
        /// The run.
        run: String,
        /// Its target.
        was: String,
        /// The one that was named.
        is: String,
    },
}

/// An earlier run that may have left something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its id.
    pub run: String,
    /// Its targets.
    pub targets: Vec<String>,
    /// How many names and ids are open.
    pub open: usize,
    /// How long ago its ledger was written to.
    pub age: Duration,
    /// Whether it is still running.
    pub is_at_work: bool,
}

impl Unfinished {
    /// Whether it may have left something at a target, and is over.
    pub fn has_left_at(&self, target: &str) -> bool {
        !self.is_at_work && self.targets.iter().any(|other| same_target(other, target))
    }
}

/// The runs whose ledgers are still in the work folder.
pub fn unfinished(work: &Path) -> Vec<Unfinished> {
    let look = |run: String| {
        let (entries, age, is_at_work) = Ledger::peek(work, &run).ok()?;
        let mut targets: Vec<String> = Vec::new();
        for entry in &entries {
            if let Entry::Run { target, .. } = entry
                && !targets.contains(target)
            {
                targets.push(target.clone());
            }
        }
        let open = Register::count_open(&entries);
        Some(Unfinished { run, targets, open, age, is_at_work })
    };
    Ledger::runs(work).into_iter().filter_map(look).collect()
}

/// Removes what a run created and left.
pub async fn clean(
    work: &Path,
    run: &str,
    target: Target,
    limits: Limits,
    clock: Clock,
) -> Result<Cleaned, CleanError> {
    let redactor = target.redactor();
    let (ledger, entries) = Ledger::open(work, run, &redactor).map_err(|error| match error {
        LedgerError::Io(error) => CleanError::NoLedger { run: run.to_owned(), error },
        LedgerError::InUse => CleanError::InUse(run.to_owned()),
        LedgerError::NotAnId(run) => CleanError::NotAnId(run),
    })?;
    let age = ledger.age();
    let (register, elsewhere) = Register::resume(ledger, run, &entries, &redactor.text(&target.scim), age);
    let register = Arc::new(register);
    let open = register.open().len();
    if open == 0 && elsewhere > 0 {
        let mut targets = entries.iter().filter_map(|entry| match entry {
            Entry::Run { target, .. } => Some(target.clone()),
            _ => None,
        });
        let was = targets.next().unwrap_or_default();
        return Err(CleanError::OtherTarget { run: run.to_owned(), was, is: target.scim });
    }
    let http = Rc::new(HttpClient::to(&target.transport, limits));
    let wire = Wire::new(http, target, limits, clock, Some(Arc::clone(&register)));
    // Every name that the run wrote carries a token that begins with its id.
    wire.marks().add_part(run);
    Box::pin(sweep(&wire, Patience { lag: READ_LAG.max(UNDER_WAY), budget: BUDGET })).await;
    let leftovers = Leftovers::of(&register);
    if elsewhere == 0 {
        // A ledger that cannot be removed says only what is gone already.
        let _ = register.finish();
    }
    Ok(Cleaned { removed: register.removed(), leftovers, elsewhere })
}
