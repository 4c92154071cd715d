//! The state of an endpoint on disk: one file that is always whole, and a journal of later changes. A restart goes on
//! from both.
//!
//! May use, of `reference`: `api_key`, `defects`, `handle`, `ids`, `knobs`, `site`, `sites`, `store`.

mod delta;
mod file;
mod format;
mod input;
mod journal;

pub use file::StateFile;
pub use format::StateError;
pub(crate) use format::{read, write};
