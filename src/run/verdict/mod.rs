//! From what a pair left to its report, and from all reports to a summary.

pub mod baseline;
pub mod judge;
pub mod known_failures;
pub mod pending;
pub mod report;
pub(crate) mod summary;
pub mod transcript;
