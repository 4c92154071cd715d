//! `scimsnap clean`: removes what a run that was killed left at the endpoint.

use crate::context::Context;
use crate::exit::Exit;
use crate::printable;
use crate::run::clean::{CleanError, clean, unfinished};

use super::args::CleanArgs;
use super::{fail, say};

/// Cleans up.
pub async fn run(args: CleanArgs, context: &Context) -> Exit {
    let chosen = match args.target.choose(context) {
        Ok(chosen) => chosen,
        Err(error) => return fail(Exit::Usage, &error, error.help().as_deref()),
    };
    let limits = chosen.limits();
    let Some(target) = chosen.target else {
        return fail(Exit::Usage, &"clean needs the target of the run", Some("pass --target URL"));
    };
    match clean(&context.cwd, &args.run, target, limits, context.clock.clone()).await {
        Ok(cleaned) => {
            say(&printable!("{} removed, {} left\n", cleaned.removed, cleaned.leftovers.iter().count()));
            for leftover in cleaned.leftovers.iter() {
                say(&printable!("  {}\n", leftover));
            }
            if cleaned.leftovers.removable.is_empty() { Exit::Success } else { Exit::Unjudged }
        }
        Err(error) => {
            let runs = unfinished(&context.cwd);
            let help = match &error {
                CleanError::NoLedger { .. } if runs.is_empty() => {
                    "no run left anything behind here".to_owned()
                }
                CleanError::NoLedger { .. } => format!("runs with something left: {}", runs.join(", ")),
                CleanError::OtherTarget { .. } => "pass the target that the run had".to_owned(),
            };
            fail(Exit::Usage, &error, Some(&help))
        }
    }
}
