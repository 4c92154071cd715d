//! How a scenario ended for one client.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::diag::Diagnostic;
use crate::idp::{ClientName, Notice};
use crate::requirement::{Cause, Effects, Finding, Observed};
use crate::settings::Known;
use crate::snapshot::Outcomes;
use crate::wire::{Exchange, Lost};

use super::exchanges::Exchanges;
use super::readiness::{Decides, Readiness};

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
    /// The word that selects the scenario on the command line: its id, or the path of a file of the user's own.
    pub word: String,
    /// The folder in which its snapshots are reviewed, where that is not the one we are in.
    pub project: Option<String>,
    /// The client.
    pub client: ClientName,
    /// What the scenario decides about the provider.
    pub decides: Decides,
    /// How it ended.
    pub status: Status,
    /// The alternative that the endpoint showed, where the scenario has some.
    pub alternative: Option<String>,
    /// The behaviour that the alternatives tell apart.
    pub behaviour: Option<String>,
    /// What it shows of that behaviour.
    pub claim: Option<Claim>,
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
    pub findings: Vec<Finding>,
    /// What is wrong with the endpoint, as far as this pair shows it.
    pub causes: Vec<Cause>,
    /// What the pair says of the provider; nothing where it was skipped.
    pub readiness: Option<Readiness>,
    /// The known failures that were seen.
    pub known: Vec<Arc<Known>>,
    /// Every exchange in full, where somebody asked for that, until they are told.
    pub in_full: Option<Exchanges>,
    /// Every exchange in short.
    pub exchanges: Vec<ExchangeLine>,
    /// Which ways the endpoint has shown where several are right.
    pub observed: Vec<Observed>,
    /// What became of the changes that its writes asked for.
    pub effects: Effects,
    /// What the administrator would see at the provider.
    pub notices: Vec<Notice>,
    /// Remarks: steps that were not reached, an accepted deviation.
    pub notes: Vec<String>,
    /// What was written for a review, when all clients of the scenario were through.
    pub review: Review,
    /// What was read at the checkpoints, where somebody asked to keep it.
    pub outcomes: Option<Outcomes>,
}

impl PairReport {
    /// Whether a file waits for a review that no cause explains.
    pub fn is_acceptable(&self) -> bool {
        self.review.pending.iter().any(|file| !self.review.explained.contains_key(file))
    }

    /// Remarks on the pair, and on what was written for a review after it.
    pub fn remarks(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().chain(&self.review.disagreement).map(String::as_str)
    }

    /// Keeps of each body what a line shows, and no long difference: so many reports wait for their turn.
    pub fn shrink(&mut self) {
        const BODY: usize = 1024;
        const DIFF: usize = 8 * 1024;
        for exchange in self
            .checkpoints
            .iter_mut()
            .flat_map(|checkpoint| &mut checkpoint.after)
            .chain(self.findings.iter_mut().flat_map(|finding| {
                [Some(&mut finding.exchange), finding.culprit.as_mut()].into_iter().flatten()
            }))
            .chain(
                self.causes.iter_mut().flat_map(|cause| [&mut cause.culprit, &mut cause.shown_by]).flatten(),
            )
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
}

/// What a pair shows of a behaviour.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The behaviour.
    pub behaviour: String,
    /// The alternative that fits.
    pub alternative: String,
    /// The way on the behaviour card: mostly the alternative.
    pub shows: String,
    /// The scenario's other alternatives.
    pub rivals: Vec<String>,
    /// The exchange that shows it.
    pub exchange: Option<Arc<Exchange>>,
}

/// What was written for a review.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// Pending files that were written.
    pub pending: Vec<String>,
    /// Those of them that causes explain, with the ids of these: they are not to be accepted.
    pub explained: BTreeMap<String, Vec<String>>,
    /// Why a snapshot or a pending file could not be written.
    pub unwritten: Vec<String>,
    /// Why nothing was written, where clients disagree.
    pub disagreement: Option<String>,
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
