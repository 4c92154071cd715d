//! Plans, stages, runs and cleans up; everything that happens leaves as an event.
//!
//! May use every room but `report` and `cli`.

pub mod cancel;
pub mod engine;
pub mod farewell;
pub mod modes;
pub mod options;
pub mod plan;
pub mod play;
pub mod target;
pub mod verdict;

pub use cancel::Cancel;
pub use engine::{RunError, exit, run};
pub use options::Options;
pub use plan::{Pairs, Plan, PlanError, plan, plan_with};
pub use verdict::baseline::Other;
pub use verdict::known_failures::KnownFailures;
