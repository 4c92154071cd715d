//! What a run is asked to do.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::context::Clock;
use crate::files::work;
use crate::idp::{ClientName, Settings};
use crate::reference::Profile;
use crate::scenario::catalogue::Entry;
use crate::snapshot::{OwnFolder, Shelf, Update};
use crate::wire::{Limits, Passwords, Redactor, Target};

use super::verdict::baseline::Other;
use super::verdict::known_failures::KnownFailures;

/// How long reads may lag behind writes, where nobody says otherwise.
pub const READ_LAG: Duration = Duration::from_secs(3);

/// What a run is asked to do.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Options {
    /// The endpoint; nothing means the embedded reference endpoint.
    pub target: Option<Target>,
    /// The clients that may play; nothing means all.
    pub clients: Option<Vec<ClientName>>,
    /// What is set at each provider for this target. A scenario's own settings win.
    pub settings: BTreeMap<ClientName, Settings>,
    /// How many pairs are played at a time.
    pub jobs: usize,
    /// Whether what was created stays.
    pub keep: bool,
    /// After how many failures no further pair is begun.
    pub fail_fast: Option<usize>,
    /// What may be written to the snapshots.
    pub update: Update,
    /// The folder in which the target keeps snapshots of its own.
    pub snapshots: Option<OwnFolder>,
    /// Whether each client's whole transcript is held against a snapshot of its own.
    pub transcript: bool,
    /// The endpoint that this one is held against.
    pub against: Option<Arc<Other>>,
    /// The environment variable in which the user keeps the bearer token of the target, where they named one.
    pub token_env: Option<String>,
    /// Whether reports keep what was read at the checkpoints.
    pub keep_outcomes: bool,
    /// Whether every exchange is told in full.
    pub keep_exchanges: bool,
    /// How long after a write somebody's endpoint may still show what was before.
    pub read_lag: Duration,
    /// Bounds on requests.
    pub limits: Limits,
    /// Deliberate bugs of the embedded endpoint.
    pub defects: Vec<String>,
    /// Whose service provider the embedded endpoint is, whatever the scenarios say.
    pub profile: Option<Profile>,
    /// Knobs of the embedded endpoint that override those of the scenarios.
    pub knobs: Vec<(String, String)>,
    /// What is known to fail.
    pub known: KnownFailures,
    /// The passwords that the embedded endpoint was sent; a target has its own.
    pub passwords: Passwords,
    /// What masks the secrets of the endpoint that this one is held against.
    pub others: Redactor,
    /// Where we are.
    pub cwd: PathBuf,
    /// The work folder, for the ledger.
    pub work: PathBuf,
    /// What time it is.
    pub clock: Clock,
}

impl Options {
    /// How many pairs are played at a time where nobody says otherwise.
    pub const JOBS: usize = 8;

    /// What masks the secrets of all endpoints that the run plays at.
    pub fn redactor(&self) -> Redactor {
        let mut redactor = self.target.as_ref().map(Target::redactor).unwrap_or_default();
        redactor.keep(&self.passwords);
        redactor.join(&self.others);
        redactor
    }

    /// The work folder as people are shown it.
    pub fn shown_work(&self) -> String {
        self.work.strip_prefix(&self.cwd).unwrap_or(&self.work).display().to_string()
    }

    /// Where a scenario's snapshots are looked up and written.
    pub fn shelf<'a>(&'a self, entry: &'a Entry) -> Shelf<'a> {
        Shelf { project: entry.project(&self.cwd), own: self.snapshots.as_ref() }
    }

    /// A run of everything against the embedded endpoint that writes nothing.
    pub fn embedded(cwd: PathBuf, clock: Clock) -> Self {
        Self {
            target: None,
            clients: None,
            jobs: Self::JOBS,
            settings: BTreeMap::new(),
            keep: false,
            fail_fast: None,
            update: Update::No,
            snapshots: None,
            transcript: false,
            against: None,
            token_env: None,
            keep_outcomes: false,
            keep_exchanges: false,
            read_lag: READ_LAG,
            limits: Limits::default(),
            defects: Vec::new(),
            profile: None,
            knobs: Vec::new(),
            known: KnownFailures::default(),
            passwords: Passwords::default(),
            others: Redactor::default(),
            work: cwd.join(work::NAME),
            cwd,
            clock,
        }
    }
}
