//! `scimsnap list`: a line for each scenario.

use crate::context::Context;
use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::scenario::catalogue::select;

use super::args::SelectionArgs;
use super::run::nothing_selected;
use super::{fail, say};

/// Lists.
pub fn run(args: &SelectionArgs, context: &Context) -> Exit {
    let entries = match select(&args.selection, &context.cwd) {
        Ok(entries) => entries,
        Err(error) => return nothing_selected(&error),
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
