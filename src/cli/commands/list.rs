//! `scimsnap list`: a line for each scenario.

use crate::context::Context;
use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;

use crate::cli::output::{fail, say};
use crate::cli::selection::SelectionArgs;

/// The arguments of `list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which scenarios.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Lists.
pub fn run(args: &Args, context: &Context) -> Exit {
    let entries = match args.selection.entries(context) {
        Ok(entries) => entries,
        Err(exit) => return exit,
    };
    let mut text = Printable::default();
    let mut exit = Exit::Success;
    for entry in entries {
        match entry.load() {
            Ok(scenario) => {
                let clients: Vec<&str> = scenario.clients.iter().map(|client| client.as_str()).collect();
                let mark = scenario.evidence.mark.as_str();
                text += printable!("{:<52} {:<10}  {}\n", scenario.id, mark, clients.join(" "));
                text += printable!("    {}\n", scenario.title);
            }
            Err(error) => exit = fail(Exit::Invalid, &error, None),
        }
    }
    say(&text);
    exit
}
