//! Reading, writing and walking files that cannot be trusted in size, kind or place. Reading is bounded, a regular file
//! is written whole or not at all, and walking never leaves the folder.
//!
//! May use: no other room.

pub(crate) mod atomic;
pub mod input;
pub mod output;
pub mod walk;
pub mod work;

pub use output::Output;
