//! `scimsnap check`: checks scenario files and their snapshots without sending anything.

use crate::context::Context;
use crate::counted::counted;
use crate::exit::Exit;
use crate::printable;
use crate::run::plan;

use crate::cli::output::{fail, say};
use crate::cli::selection::SelectionArgs;

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which scenarios.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Checks.
pub fn run(args: &Args, context: &Context) -> Exit {
    let entries = match args.selection.entries(context) {
        Ok(entries) => entries,
        Err(exit) => return exit,
    };
    match plan(entries, None, &context.cwd) {
        Ok(plan) => {
            let verb = if plan.scenarios == 1 { "is" } else { "are" };
            let (scenarios, runs) = (counted(plan.scenarios, "scenario"), counted(plan.pairs.len(), "run"));
            say(&printable!("{} {} valid ({})\n", scenarios, verb, runs));
            Exit::Success
        }
        Err(errors) => {
            for error in &errors {
                fail(Exit::Invalid, error, None);
            }
            Exit::Invalid
        }
    }
}
