//! Reviewed outcomes: `.snap` files, their comparison with what was read, and accepting or rejecting what is new. The
//! files are insta's, so that its tools work on them.
//!
//! May use: `context`, `diag`, `files`, `foreign`, `outcome`.

pub mod diff;
pub mod file;
pub mod store;
pub mod update;
pub mod verdict;

pub use file::Outcomes;
pub use store::{Deviation, Name, OwnFolder, Shelf, SnapshotError};
pub use update::Update;
pub use verdict::{Candidate, Comparison, nearest};
