//! `scimsnap check`: reads scenarios and their snapshots, and sends nothing.

use crate::context::Context;
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
            say(&printable!("{} scenarios are valid ({} runs)\n", plan.scenarios, plan.pairs.len()));
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
