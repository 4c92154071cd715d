//! Plans, stages, runs and cleans up; everything that happens leaves as an event.
//!
//! May use every room but `report` and `cli`.

pub mod admin;
pub mod against;
pub mod cancel;
pub mod check;
pub mod clean;
pub mod cleanup;
mod crew;
pub mod endpoint;
pub mod engine;
pub mod event;
pub mod expect;
pub mod farewell;
mod intercept;
pub mod judge;
pub mod known;
pub mod literal;
mod loaded;
pub mod narrow;
pub mod options;
pub mod pair;
pub mod pending;
pub mod plan;
pub mod preflight;
pub mod probe;
pub mod product;
pub mod prove;
pub mod recorder;
pub mod rehearse;
pub mod stage;
mod stand_in;
mod summary;
mod table;
pub mod transcript;
pub mod world;

pub use against::Other;
pub use cancel::Cancel;
pub use engine::{RunError, exit, run};
pub use event::{
    CheckpointKind, CheckpointReport, CheckpointStatus, Event, ExchangeLine, FindingReport, Header,
    PairReport, Readiness, Shown, Status, Summary, Trouble,
};
pub use known::{KnownFailures, KnownReport, KnownState};
pub use options::Options;
pub use plan::{Pairs, Plan, PlanError, plan, plan_with};
