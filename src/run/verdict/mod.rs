//! From what a pair left to its report, and from all reports to a summary.

pub mod baseline;
pub mod judge;
pub mod known_failures;
pub mod pending;
pub(crate) mod summary;
pub(crate) mod transcript;
