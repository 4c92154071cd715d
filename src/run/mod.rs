//! A run from beginning to end: planned, played, judged and cleaned up. Everything that happens in it leaves as an event.
//!
//! May use: `context`, `diag`, `directory`, `exit`, `foreign`, `idp`, `lock`, `outcome`, `reference`, `requirement`,
//! `scenario`, `scim`, `settings`, `snapshot`, `suggest`, `wire`.

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
