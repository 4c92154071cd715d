//! `scimsnap clean`: removes the leftovers of an earlier run from the endpoint.

use std::path::Path;
use std::time::Duration;

use crate::context::Context;
use crate::counted::counted;
use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::run::modes::clean::{CleanError, Cleaned, Unfinished, clean, unfinished};
use crate::wire::{Limits, Target};

use crate::cli::output::{fail, say};
use crate::cli::target::TargetArgs;
use crate::cli::work::WorkArgs;

/// The arguments of `clean`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("target", |target| target.help(TARGET)))]
pub struct Args {
    /// Id of the run, as printed in its output
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Clean up after every run against the target that may have leftovers
    #[arg(long, conflicts_with = "run")]
    pub all: bool,
    /// List the runs that may have leftovers, without sending anything
    #[arg(long, conflicts_with_all = ["run", "all"])]
    pub list: bool,
    /// Where the ledgers are.
    #[command(flatten)]
    pub work: WorkArgs,
    /// The target.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// The help for --target, which has no default here.
const TARGET: &str = "SCIM base URL of the run's target, or its name in the settings file";

/// Cleans up after one run or all runs against the target, or lists them.
pub async fn run(args: Args, context: &Context) -> Exit {
    let work = args.work.folder(context);
    if args.list {
        return list(&work);
    }
    if args.run.is_none() && !args.all {
        let error = "`clean` needs to know which runs it should clean up after";
        let help = "pass --run ID for one run, --all for every run against the target, or --list to see which there are";
        return fail(Exit::Usage, &error, Some(help));
    }
    let chosen = match args.target.choose(context) {
        Ok(chosen) => chosen,
        Err(error) => return fail(Exit::Usage, &error, error.help().as_deref()),
    };
    let limits = chosen.limits();
    let Some(target) = chosen.target else {
        return fail(Exit::Usage, &"`clean` needs the target of the run", Some("pass --target URL"));
    };
    match args.run {
        Some(run) => one(&run, target, limits, (&work, context)).await,
        None => all(&target, limits, (&work, context)).await,
    }
}

fn list(work: &Path) -> Exit {
    let runs = unfinished(work);
    if runs.is_empty() {
        say(&Printable::ours("there is nothing to clean up here\n"));
    }
    for run in &runs {
        let targets =
            if run.targets.is_empty() { "an unknown target".to_owned() } else { run.targets.join(", ") };
        let what =
            if run.is_at_work { "still running".to_owned() } else { format!("{} to look for", run.open) };
        say(&printable!("{}  {}  {}  {}\n", run.run, age(run.age), what, targets));
    }
    Exit::Success
}

async fn all(target: &Target, limits: Limits, (work, context): (&Path, &Context)) -> Exit {
    let (at_work, runs): (Vec<Unfinished>, Vec<Unfinished>) =
        unfinished(work).into_iter().partition(|run| run.is_at_work);
    for run in &at_work {
        say(&printable!("skipped run {}, which is still running\n", run.run));
    }
    let mut exit = Exit::Success;
    let mut cleaned = 0;
    for Unfinished { run, .. } in runs {
        match clean(work, &run, target.clone(), limits, context.clock.clone()).await {
            Ok(done) => {
                cleaned += 1;
                exit = exit.worse(report(&run, &done));
            }
            // A run against another target.
            Err(CleanError::OtherTarget { .. }) => {}
            Err(error) => exit = exit.worse(fail(Exit::Usage, &error, None)),
        }
    }
    if cleaned == 0 {
        say(&Printable::ours("there is nothing to clean up at this target\n"));
    }
    exit
}

async fn one(run: &str, target: Target, limits: Limits, (work, context): (&Path, &Context)) -> Exit {
    let error = match clean(work, run, target, limits, context.clock.clone()).await {
        Ok(cleaned) => return report(run, &cleaned),
        Err(error) => error,
    };
    let help = match &error {
        CleanError::NoLedger { .. } | CleanError::NotAnId(_) => {
            let runs: Vec<String> = unfinished(work).into_iter().map(|run| run.run).collect();
            if runs.is_empty() {
                "there is nothing to clean up here".to_owned()
            } else {
                format!("runs that may have left something: {}", runs.join(", "))
            }
        }
        CleanError::OtherTarget { .. } => "pass the target of the run".to_owned(),
        CleanError::InUse(_) => "wait for it to end; it cleans up by itself".to_owned(),
    };
    fail(Exit::Usage, &error, Some(&help))
}

fn report(run: &str, cleaned: &Cleaned) -> Exit {
    let left = cleaned.leftovers.iter().count();
    say(&printable!("run {}: {} removed, {} left\n", run, cleaned.removed, left));
    for leftover in cleaned.leftovers.iter() {
        say(&printable!("  {}\n", leftover));
    }
    if cleaned.elsewhere > 0 {
        say(&printable!("  {} more to look for at another target; the ledger is kept\n", cleaned.elsewhere));
    }
    if cleaned.leftovers.removable.is_empty() { Exit::Success } else { Exit::Unjudged }
}

/// An age in the largest unit that fits.
fn age(age: Duration) -> String {
    let seconds = age.as_secs();
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{} ago", counted(usize::try_from(count).unwrap_or(usize::MAX), unit))
}
