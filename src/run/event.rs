//! What happens in a run: the one stream that every report is made from.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::diag::Diagnostic;
use crate::idp::{ClientName, Family, Notice};
use crate::requirement::{Level, Observed, Requirement};
use crate::settings::Known;
use crate::snapshot::Outcomes;
use crate::wire::{Exchange, Lost, Redactor};

use super::play::cleanup::Leftovers;
use super::verdict::known_failures::KnownReport;

/// Something that happened in a run, in the order of its plan.
#[derive(Debug)]
pub enum Event<'a> {
    /// The run begins.
    Started(&'a Header),
    /// A scenario is through for one client.
    Finished(&'a PairReport),
    /// All is through.
    Ended(&'a Summary),
}

/// What a run is.
#[derive(Debug, Clone)]
pub struct Header {
    /// The run's id.
    pub run: String,
    /// The SCIM base URL, or the reference endpoint's.
    pub target: String,
    /// Whether that is the embedded reference endpoint.
    pub embedded: bool,
    /// The number of scenarios.
    pub scenarios: usize,
    /// The number of (scenario, client) pairs.
    pub pairs: usize,
    /// The clients that play.
    pub clients: Vec<ClientName>,
    /// Masks what must not be shown.
    pub redactor: Redactor,
}

/// How a pair ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All that was judged holds.
    Passed,
    /// A MUST-level finding, a changed snapshot, an illegal alternative.
    Failed,
    /// It could not be played to its end.
    Errored,
    /// The target does not let us do or see what it needs.
    Skipped,
    /// There is no snapshot yet.
    New,
    /// It fails, and that is known: the settings say why and until when.
    Known,
}

impl Status {
    /// The word in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Errored => "errored",
            Self::Skipped => "skipped",
            Self::New => "new",
            Self::Known => "known",
        }
    }
}

/// A scenario as one client played it.
#[derive(Debug, Clone)]
pub struct PairReport {
    /// The scenario's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its file.
    pub file: String,
    /// The client.
    pub client: ClientName,
    /// How it ended.
    pub status: Status,
    /// The alternative that the endpoint showed, where the scenario has some.
    pub alternative: Option<String>,
    /// The behaviour that the alternatives tell apart.
    pub behaviour: Option<String>,
    /// What the view could not see.
    pub partial: Vec<&'static str>,
    /// How long it took.
    pub took: Duration,
    /// How long of that it waited because the endpoint asked for it.
    pub waited: Duration,
    /// The number of requests.
    pub requests: usize,
    /// Why it was skipped.
    pub skipped_reason: Option<String>,
    /// Why it could not be played to its end.
    pub error: Option<Trouble>,
    /// The checkpoints.
    pub checkpoints: Vec<CheckpointReport>,
    /// The findings.
    pub findings: Vec<FindingReport>,
    /// The known failures that were seen.
    pub known: Vec<Arc<Known>>,
    /// Every exchange in short.
    pub exchanges: Vec<ExchangeLine>,
    /// Which ways the endpoint has shown where several are right.
    pub observed: Vec<Observed>,
    /// What the administrator would see at the provider.
    pub notices: Vec<Notice>,
    /// Remarks: steps that were not reached, an accepted deviation.
    pub notes: Vec<String>,
    /// Pending files that were written.
    pub pending: Vec<String>,
    /// Why a snapshot or a pending file could not be written.
    pub unwritten: Vec<String>,
    /// What was read at the checkpoints, where somebody asked to keep it.
    pub outcomes: Option<Outcomes>,
}

impl PairReport {
    /// Keeps of each body what a line shows, and no long difference: so many reports wait for their turn.
    pub(super) fn shrink(&mut self) {
        const BODY: usize = 1024;
        const DIFF: usize = 8 * 1024;
        for exchange in self
            .checkpoints
            .iter_mut()
            .flat_map(|checkpoint| &mut checkpoint.after)
            .chain(self.findings.iter_mut().map(|finding| &mut finding.exchange))
            .chain(self.error.as_mut().and_then(|trouble| trouble.exchange.as_mut()))
        {
            *exchange = exchange.light(BODY);
        }
        for diff in self.checkpoints.iter_mut().filter_map(|checkpoint| checkpoint.diff.as_mut()) {
            if diff.len() > DIFF {
                diff.truncate(diff.floor_char_boundary(DIFF));
                diff.push('…');
            }
        }
    }

    /// Whether a breach of that requirement is known.
    pub fn knows(&self, requirement: &str) -> bool {
        self.known.iter().any(|entry| entry.requirement == requirement)
    }
}

/// Why a pair could not be played to its end.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// What happened.
    pub message: String,
    /// The place in the scenario.
    pub at: Option<Diagnostic>,
    /// The exchange, where there is one.
    pub exchange: Option<Arc<Exchange>>,
}

/// A checkpoint as it compared.
#[derive(Debug, Clone)]
pub struct CheckpointReport {
    /// Its name.
    pub name: String,
    /// What was compared.
    pub kind: CheckpointKind,
    /// How it compared.
    pub status: CheckpointStatus,
    /// The difference by identity, where it changed; all that is there, where it is unseen.
    pub diff: Option<String>,
    /// Its place in the scenario.
    pub at: Diagnostic,
    /// The last writes before it, with their answers.
    pub after: Vec<Arc<Exchange>>,
}

/// What was compared with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckpointKind {
    /// The customers and organizations with the snapshot.
    Outcome,
    /// The whole transcript with a snapshot of its own.
    Transcript,
    /// The customers and organizations with another endpoint's.
    Against,
}

/// How a checkpoint compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckpointStatus {
    /// As accepted.
    Same,
    /// Otherwise.
    Changed,
    /// Nobody accepted anything yet.
    Unseen,
}

impl CheckpointStatus {
    /// The word in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Unseen => "unseen",
        }
    }
}

/// A finding with its place.
#[derive(Debug, Clone)]
pub struct FindingReport {
    /// The rule that was broken.
    pub requirement: &'static Requirement,
    /// What happened.
    pub message: String,
    /// The exchange.
    pub exchange: Arc<Exchange>,
    /// The step of the scenario.
    pub at: Diagnostic,
}

impl FindingReport {
    /// How much it weighs.
    pub fn level(&self) -> Level {
        self.requirement.level
    }
}

/// An exchange in short.
#[derive(Debug, Clone)]
pub struct ExchangeLine {
    /// The method.
    pub method: &'static str,
    /// Path and query below the base.
    pub path: String,
    /// The status, 0 where there was no answer.
    pub status: u16,
    /// How long it took.
    pub took: Duration,
    /// Whether anything of it was sent: a scenario may have a request lost on its way.
    pub left: bool,
    /// What of it the scenario kept back, and answered itself.
    pub intercepted: Option<Lost>,
}

/// The verdict on an IdP family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readiness {
    /// All that was judged holds.
    Ready,
    /// It will work, with surprises.
    Warnings,
    /// It will not work.
    NotReady,
}

impl Readiness {
    /// The word in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Warnings => "warnings",
            Self::NotReady => "not-ready",
        }
    }
}

/// The end of a run.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Pairs by how they ended.
    pub counts: BTreeMap<Status, usize>,
    /// What could not be compared, since the view does not show it, and in how many runs.
    pub partial: BTreeMap<&'static str, usize>,
    /// Requests that were sent.
    pub requests: usize,
    /// How long it took.
    pub took: Duration,
    /// The verdict on each family that was judged.
    pub readiness: BTreeMap<Family, Readiness>,
    /// Which alternatives the endpoint showed, by behaviour.
    pub behaviour: BTreeMap<String, String>,
    /// The whole behaviour card: those, and what is read off the exchanges, each way with the first exchange that showed
    /// it.
    pub card: BTreeMap<String, Vec<Shown>>,
    /// Must-level and should-level findings by requirement and family: how many pairs show them.
    pub findings: BTreeMap<(Level, &'static str, Family), usize>,
    /// What was created and not removed again.
    pub leftovers: Leftovers,
    /// Pairs that failed, errored or are new: `id` and client.
    pub attention: Vec<(Status, String, ClientName)>,
    /// Should-level requirements that were broken and are not known, over all pairs.
    pub shoulds: usize,
    /// How the known failures did that this run met.
    pub known: Vec<KnownReport>,
    /// Whether what was created was to stay.
    pub kept: bool,
    /// Whether the run was interrupted.
    pub interrupted: bool,
    /// Whether the run ended because the endpoint answered nothing any more.
    pub silent: bool,
    /// Pending files that wait for a review.
    pub pending: usize,
    /// Why snapshots or files that were to wait for a review could not be written.
    pub unwritten: Vec<String>,
}

/// A way that the endpoint has, where several are right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The way.
    pub shows: String,
    /// The scenario that showed it.
    pub scenario: String,
    /// By which client.
    pub client: ClientName,
    /// The exchange's number in the pair's transcript; nothing where no request changed anything.
    pub exchange: Option<usize>,
    /// The exchange in short.
    pub request: String,
}

impl Summary {
    /// How many pairs ended so.
    pub fn count(&self, status: Status) -> usize {
        self.counts.get(&status).copied().unwrap_or(0)
    }

    /// How many pairs there were.
    pub fn pairs(&self) -> usize {
        self.counts.values().sum()
    }
}
