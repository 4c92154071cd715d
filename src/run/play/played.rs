//! What a pair left behind for the judge.

use std::sync::Arc;

use crate::diag::At;
use crate::event::{ExchangeLine, Exchanges, Trouble};
use crate::idp::Notice;
use crate::requirement::{Effects, Observed, Settled, Trail};
use crate::snapshot::{Comparison, Outcomes};
use crate::wire::Exchange;

/// What a pair left behind.
#[derive(Debug, Default)]
pub struct Played {
    /// The outcomes, by checkpoint.
    pub outcomes: Outcomes,
    /// The checkpoints that were reached, in order.
    pub checkpoints: Vec<Reached>,
    /// The findings.
    pub settled: Settled,
    /// Every exchange in full, where they are kept.
    pub in_full: Option<Exchanges>,
    /// The latest exchanges.
    pub trail: Trail,
    /// Every exchange in short.
    pub exchanges: Vec<ExchangeLine>,
    /// Which ways the endpoint has shown where several are right.
    pub observed: Vec<Observed>,
    /// What became of the changes that the writes asked for.
    pub effects: Effects,
    /// The normalised transcript, where it is kept.
    pub transcript: Option<String>,
    /// What the administrator would see at the provider.
    pub notices: Vec<Notice>,
    /// Remarks.
    pub notes: Vec<String>,
    /// Why it could not be played to its end.
    pub trouble: Option<Trouble>,
    /// Why the stage could not be set, where the endpoint refused that.
    pub unstaged: Option<String>,
    /// Whether it was interrupted.
    pub interrupted: bool,
    /// Whether the endpoint went a way that is right and that the snapshot knows nothing of.
    pub departed: bool,
}

/// A checkpoint that was reached.
#[derive(Debug)]
pub struct Reached {
    /// Its name.
    pub name: String,
    /// Its place in the scenario.
    pub at: At,
    /// The last writes before it.
    pub after: Vec<Arc<Exchange>>,
    /// How its outcome compares with each candidate, in their order.
    pub compared: Vec<Comparison>,
}

impl Played {
    /// Whether every checkpoint is there, so that what was left may be accepted.
    pub fn is_whole(&self) -> bool {
        self.trouble.is_none() && !self.interrupted && !self.departed
    }
}
