//! What a run tells: it begins, a pair of scenario and client ends, the run ends. Every report is made from these events, in
//! the order of the plan.
//!
//! May use: `diag`, `idp`, `requirement`, `settings`, `snapshot`, `wire`.

mod known;
mod leftovers;
mod pair_report;
mod readiness;
mod summary;

use crate::idp::ClientName;
use crate::wire::Redactor;

pub use known::{KnownReport, KnownState};
pub use leftovers::{Leftovers, STILL_THERE};
pub use pair_report::{
    CheckpointKind, CheckpointReport, CheckpointStatus, ExchangeLine, PairReport, Review, Status, Trouble,
};
pub use readiness::Readiness;
pub use summary::{Shown, Summary};

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
