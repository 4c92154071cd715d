//! The commands.

pub mod serve;
