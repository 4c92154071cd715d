//! `scimsnap list`: a line for each scenario.

use crate::context::Context;
use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::scenario::catalogue::{Selected, select_all};

use super::run::nothing_selected;
use crate::cli::args::SelectionArgs;
use crate::cli::{fail, say, warn_of_links};

/// Lists.
pub fn run(args: &SelectionArgs, context: &Context) -> Exit {
    let Selected { entries, not_followed } = match select_all(&args.selection, &context.cwd) {
        Ok(selected) => selected,
        Err(error) => return nothing_selected(&error),
    };
    warn_of_links(&not_followed);
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
