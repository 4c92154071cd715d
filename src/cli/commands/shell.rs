//! `scimsnap completions` and `scimsnap man`.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::exit::Exit;
use crate::foreign::Printable;

use crate::cli::args::Cli;
use crate::cli::{fail, say};

/// Prints completions for a shell.
pub fn completions(shell: Shell) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "scimsnap", &mut text);
    say(&generated(&text));
    Exit::Success
}

/// Prints the manual page.
pub fn man() -> Exit {
    let mut text = Vec::new();
    match clap_mangen::Man::new(Cli::command()).render(&mut text) {
        Ok(()) => {
            say(&generated(&text));
            Exit::Success
        }
        Err(error) => fail(Exit::Bug, &error, None),
    }
}

/// What clap made of our own flags.
fn generated(text: &[u8]) -> Printable {
    Printable::verbatim(String::from_utf8_lossy(text).into_owned())
}
