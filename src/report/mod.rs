//! One file per report format: terminal, JSON, JUnit. All of them are made from the same stream of events.
//!
//! May use: `counted`, `diag`, `event`, `files`, `foreign`, `idp`, `requirement`, `scim`, `wire`.

use std::io;

use crate::event::Event;

pub mod curl;
pub mod foreign_data;
pub mod json;
pub mod junit;
pub mod reports;
pub mod terminal;

pub use json::Json;
pub use junit::Junit;
pub use reports::{Lost, Reports};
pub use terminal::{Flags, Terminal};

/// Something that is told what happens in a run, and makes a report of it.
pub trait Reporter {
    /// Takes an event in.
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()>;
}
