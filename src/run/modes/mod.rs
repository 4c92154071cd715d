//! Other uses of a plan than one run: a dry run, the proof of the deliberate bugs, cleaning up behind an earlier run.
//! Each drives the same engine or players.
//!
//! May use, of `run`: `cancel`, `engine`, `options`, `plan`, `play`, `target`, `verdict`.

pub mod clean;
pub mod dry_run;
pub mod mutation;
