//! One file per report format: terminal, JSON, JUnit, SARIF, Markdown, HAR, GitHub annotations. All of them are made from the same stream of events.
//!
//! May use: `counted`, `diag`, `event`, `files`, `foreign`, `idp`, `requirement`, `scim`, `wire`.

use std::io;

use crate::event::Event;

mod at_end;
mod cause_text;
mod commands;
pub mod curl;
pub mod foreign_data;
mod gist;
pub mod github;
pub mod har;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod progress;
pub mod remembered;
pub mod reports;
pub mod sarif;
pub mod shape;
pub mod terminal;

pub use curl::{Credentials, CurlAccess, SecretAt};
pub use github::Github;
pub use har::Har;
pub use json::Json;
pub use junit::Junit;
pub use markdown::markdown;
pub use progress::Progress;
pub use remembered::Remembered;
pub use reports::{Lost, Reports};
pub use sarif::sarif;
pub use shape::{Flags, Shape};
pub use terminal::{Detail, Layout, Terminal};

/// Something that is told what happens in a run, and makes a report of it.
pub trait Reporter {
    /// Takes an event in.
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()>;
}
