//! What is done with a catalogue besides playing it once.

pub mod clean;
pub mod dry_run;
pub mod mutation;
