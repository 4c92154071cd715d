//! `scimsnap check`: reads scenarios and their snapshots, and sends nothing.

use crate::context::Context;
use crate::exit::Exit;
use crate::printable;
use crate::run::plan;
use crate::scenario::catalogue::{Selected, select_all};

use super::run::nothing_selected;
use crate::cli::args::SelectionArgs;
use crate::cli::{fail, say, warn_of_links};

/// Checks.
pub fn run(args: &SelectionArgs, context: &Context) -> Exit {
    let Selected { entries, not_followed } = match select_all(&args.selection, &context.cwd) {
        Ok(selected) => selected,
        Err(error) => return nothing_selected(&error),
    };
    warn_of_links(&not_followed);
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
