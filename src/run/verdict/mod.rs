//! From what a pair left behind to its report, and from all reports to a summary. Snapshots, known failures and a
//! baseline endpoint are compared here.
//!
//! May use, of `run`: `play`.

pub mod baseline;
mod claim;
pub mod judge;
pub mod known_failures;
pub mod pending;
pub mod report;
pub(crate) mod summary;
pub mod transcript;
