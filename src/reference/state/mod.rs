//! The state of an endpoint as it is written down: one file, which is always whole.

mod file;
mod format;

pub use file::StateFile;
pub use format::StateError;
pub(crate) use format::{read, write};
