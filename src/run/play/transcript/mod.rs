//! A client's whole transcript in a form that is the same in every run (`--transcript`). Ids, times, versions and
//! addresses become aliases; retries, repeated reads and cleaning up are left out.
//!
//! May use, of `run`: `verdict`.

mod alias;
mod log;

pub use log::Transcript;
