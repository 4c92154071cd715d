//! A client's whole transcript, normalised and held against a snapshot of its own (`--transcript`).
//!
//! What differs from run to run (ids, times, versions, the run's own tokens, the endpoint's address) is written as an
//! alias that keeps equality; retries, reads that were repeated and cleaning up are left out.

mod alias;
mod log;

pub use log::Transcript;
