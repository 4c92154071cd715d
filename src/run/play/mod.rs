//! One scenario played by one client: set-up, steps, reads, and cleaning up. What came of it is handed to the verdict.
//!
//! May use, of `run`: `cancel`, `target`, `verdict`.

pub mod admin;
pub mod cleanup;
mod contenders;
pub mod directory_state;
pub mod expect;
pub(crate) mod intercept;
pub mod keeper;
pub mod literal;
pub mod played;
pub mod player;
pub mod recorder;
mod secrets;
pub mod setup;
pub mod transcript;
