//! `scimsnap man`: the manual page.

use crate::cli::output::{fail, say};
use crate::exit::Exit;
use crate::foreign::Printable;

/// Prints the manual page of these commands.
pub fn run(commands: clap::Command) -> Exit {
    let mut text = Vec::new();
    match clap_mangen::Man::new(commands).render(&mut text) {
        Ok(()) => {
            // What clap made of our own flags.
            say(&Printable::verbatim(String::from_utf8_lossy(&text).into_owned()));
            Exit::Success
        }
        Err(error) => fail(Exit::Bug, &error, None),
    }
}
