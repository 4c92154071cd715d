//! What a run tells: it begins, a pair of scenario and client ends, the run ends. Every report is made from these events, in
//! the order of the plan; only how far a run is, is told as it happens.
//!
//! May use: `diag`, `idp`, `requirement`, `settings`, `snapshot`, `wire`.

mod exchanges;
mod known;
mod leftovers;
mod pair_report;
mod readiness;
mod summary;

use crate::idp::ClientName;
use crate::wire::{Redactor, Waiting};

pub use exchanges::{Exchanges, Told};
pub use known::{KnownReport, KnownState};
pub use leftovers::{Leftovers, STILL_THERE};
pub use pair_report::{
    CheckpointKind, CheckpointReport, CheckpointStatus, Claim, ExchangeLine, PairReport, Review, Status,
    Trouble,
};
pub use readiness::{Coverage, Decides, Readiness};
pub use summary::{Repeated, Shown, Summary};

/// Something that happened in a run, in the order of its plan.
#[derive(Debug)]
pub enum Event<'a> {
    /// The run begins.
    Started(&'a Header),
    /// A pair is through, whoever's turn it is to be told; or some time has passed.
    Progressed(&'a Progress),
    /// The exchanges of a pair that is through, or of what is done around the pairs, where somebody asked for them.
    Exchanged(&'a Exchanges),
    /// A scenario is through for one client.
    Finished(&'a PairReport),
    /// All is through.
    Ended(&'a Summary),
}

/// How far a run is.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The number of pairs that are through.
    pub done: usize,
    /// The number of those that failed or could not be played to their end.
    pub failed: usize,
    /// The number of requests of those that are through.
    pub requests: usize,
    /// The pair that was through last, and how it ended.
    pub last: Option<(String, ClientName, Status)>,
    /// What is waited for.
    pub waiting: Option<Waiting>,
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
    /// The environment variable in which the user keeps the bearer token, where they named one.
    pub token_env: Option<String>,
    /// Masks what must not be shown.
    pub redactor: Redactor,
}
