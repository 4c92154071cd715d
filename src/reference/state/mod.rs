//! The state of an endpoint as it is written down: one file, which is always whole, and what has changed after it.

mod delta;
mod file;
mod format;
mod input;
mod journal;

pub use file::StateFile;
pub use format::StateError;
pub(crate) use format::{read, write};
