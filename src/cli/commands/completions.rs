//! `scimsnap completions`: completions for a shell.

use clap_complete::Shell;

use crate::cli::output::say;
use crate::exit::Exit;
use crate::foreign::Printable;

/// The arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell.
    pub shell: Shell,
}

/// Prints the completions of these commands.
pub fn run(args: &Args, mut commands: clap::Command) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut commands, "scimsnap", &mut text);
    // What clap made of our own flags.
    say(&Printable::verbatim(String::from_utf8_lossy(&text).into_owned()));
    Exit::Success
}
