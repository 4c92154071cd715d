//! `scimsnap known`: lists the known failures of the settings file, or writes entries for what fails now.
//!
//! May use, of `cli`: `did_you_mean`, `last_report`, `output`, `work`.

mod args;
mod entries;
mod list;
mod report;
mod write;

use crate::context::Context;
use crate::exit::Exit;

pub use self::args::Args;

/// Lists or writes.
pub fn run(args: &Args, context: &Context) -> Exit {
    let done = if args.write { write::write(args, context) } else { list::list(args, context) };
    done.unwrap_or_else(|exit| exit)
}
