//! Reviewed outcomes: `.snap` files, comparison, difference, accepting.
//!
//! May use `outcome`.

pub mod diff;
pub mod file;
pub mod store;
pub mod update;
pub mod verdict;

pub use file::Outcomes;
pub use store::{Deviation, Name, OwnFolder, Shelf, SnapshotError};
pub use update::Update;
pub use verdict::{Candidate, Comparison, nearest};
