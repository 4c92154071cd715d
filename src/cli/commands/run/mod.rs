//! `scimsnap run`: plays scenarios, and writes reports. Each file has one part of its preparation or its end.
//!
//! May use, of `cli`: `chosen`, `commands/clean`, `commands/snapshots`, `given`, `last_report`, `output`, `selection`, `signals`, `target`, `work`.

mod against;
mod args;
mod interrupt;
mod known;
mod last_run;
mod left_over;
mod own_snapshots;
mod plan;
mod reports;
mod suggested;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use clap::ArgMatches;

use crate::cli::chosen::{Chosen, Manners};
use crate::cli::given::{Given, command};
use crate::cli::output::{fail, warn};
use crate::cli::selection::clients;
use crate::context::Context;
use crate::event::Summary;
use crate::exit::Exit;
use crate::files::work;
use crate::idp::ClientName;
use crate::report::Reports;
use crate::run::modes::dry_run::default_pack;
use crate::run::{Cancel, KnownFailures, Options, Plan, RunError, exit, farewell, plan_with, run as play};
use crate::scenario::catalogue::Entry;
use crate::settings::TargetSettings;
use crate::snapshot::{OwnFolder, Update};
use crate::wire::policy::silence::MOST_UNANSWERED;

pub use self::args::Args;
use self::interrupt::interrupted_twice;
use self::own_snapshots::own_snapshots;

/// Runs. `matches` is what was given on the command line.
pub async fn run(args: Args, matches: &ArgMatches, context: &Context) -> Exit {
    Box::pin(try_run(args, matches, context)).await.unwrap_or_else(|exit| exit)
}

/// An `Err` was said already.
async fn try_run(mut args: Args, matches: &ArgMatches, context: &Context) -> Result<Exit, Exit> {
    let command = command::<Args>("run");
    let mut given = Given::of(matches, &command);
    let mut pairs = None;
    if args.rerun_failed {
        let again = last_run::again(&args, matches, &command, context)?;
        (args, given, pairs) = (again.args, again.given, Some(again.pairs));
    }
    args.return_selection(context);
    let manners = Manners { rate: args.rate, max_requests: args.max_requests };
    let chosen = args.target.choose_at(context, manners);
    let chosen = chosen.map_err(|error| fail(Exit::Usage, &error, error.help().as_deref()))?;
    let limits = chosen.limits();
    let Chosen { target, settings, known } = chosen;
    let clients = clients(&args.idp)?.or_else(|| settings.clients.clone());
    let flags = suggested::flags(&given, &args, &settings);
    let unremembered = Rc::default();
    let mut reports = if args.plan {
        Reports::default()
    } else {
        reports::open(&args, &flags, Rc::clone(&unremembered), context)?
    };
    let entries = args.selection.entries(context)?;
    let mut known = known::bind(known, &settings, &entries, context)?;
    let snapshots = own_snapshots(&settings, context)?;
    let mut plan = planned(entries, clients.as_deref(), snapshots.as_ref(), context)?;
    if let Some(pairs) = &pairs {
        plan.keep_pairs(|id, client| pairs.contains(&(id.to_owned(), client.as_str().to_owned())));
    }
    narrow(&mut plan, &mut known, &args, &settings, target.is_some())?;
    let jobs = args.jobs.or(settings.jobs).unwrap_or(Options::JOBS);
    let mut options = Options {
        target,
        clients,
        jobs,
        settings: settings.client_settings.clone(),
        keep: args.keep,
        fail_fast: args.fail_fast,
        update: args.update.unwrap_or_else(|| Update::default_in(context)),
        snapshots,
        transcript: args.transcript,
        keep_exchanges: args.har.is_some(),
        read_lag: Duration::from_secs(args.read_lag),
        limits: limits.shared_by(jobs),
        profile: args.profile,
        token_env: settings.token_env().map(str::to_owned),
        known,
        work: args.work.folder(context),
        ..Options::embedded(context.cwd.clone(), context.clock.clone())
    };
    if args.plan {
        return Ok(Box::pin(plan::show(plan, &options, &settings)).await);
    }
    let cancel = Cancel::default();
    if let Some(word) = &args.against {
        let (other, secrets) =
            against::play_other(word, (&args, &given), &options, &plan.ids(), context, &cancel).await?;
        options.against = Some(Arc::new(other));
        options.others = secrets;
    }
    farewell::aim(flags.clean.as_str());
    left_over::remind(&options, flags.clean.as_str());
    let result = tokio::select! {
        result = Box::pin(play(plan, &options, &cancel, |event| reports.tell(event))) => result,
        () = interrupted_twice(&cancel) => return Err(Exit::Interrupted),
    };
    if let Some(error) = unremembered.borrow_mut().take() {
        let path = work::last_run(args.work.shown());
        warn(&format!("the run cannot be remembered in `{}` ({error})", path.display()));
    }
    let verdict = verdict(result, &args);
    Ok(reports.lost().iter().fold(verdict, |exit, lost| exit.worse(fail(Exit::Failed, lost, None))))
}

/// The plan, or what is wrong with the files.
fn planned(
    entries: Vec<Entry>,
    clients: Option<&[ClientName]>,
    snapshots: Option<&OwnFolder>,
    context: &Context,
) -> Result<Plan, Exit> {
    plan_with(entries, clients, &context.cwd, snapshots).map_err(|errors| {
        for error in &errors {
            fail(Exit::Invalid, error, None);
        }
        fail(Exit::Invalid, &"nothing was sent", None)
    })
}

/// Keeps the pack and the shard. A selection is meant as it stands; a pack narrows it only where it is asked for.
fn narrow(
    plan: &mut Plan,
    known: &mut KnownFailures,
    args: &Args,
    settings: &TargetSettings,
    is_foreign: bool,
) -> Result<(), Exit> {
    if let Some(pack) = args.pack {
        plan.keep_pack(pack);
    } else if !args.selection.names_some() {
        plan.keep_pack(settings.pack.unwrap_or_else(|| default_pack(is_foreign)));
    }
    if args.selection.selection.is_empty() {
        known.narrow(&plan.ids());
    }
    if let Some(shard) = args.shard {
        plan.keep_shard(shard);
    }
    if plan.pairs.is_empty() {
        let help = "`scimsnap list` shows which clients play which scenario";
        return Err(fail(Exit::Nothing, &"these clients play none of the selected scenarios", Some(help)));
    }
    Ok(())
}

/// How the run ended, with what went wrong on stderr.
fn verdict(result: Result<Summary, RunError>, args: &Args) -> Exit {
    let summary = match result {
        Ok(summary) => summary,
        Err(error) => {
            let help = match &error {
                RunError::Unjudgeable(reason) => Some(reason.help()),
                _ => None,
            };
            return fail(error.exit(), &error, help);
        }
    };
    for unwritten in &summary.unwritten {
        fail(Exit::Failed, unwritten, None);
    }
    let exit = exit(&summary, args.strict, args.require_all);
    if summary.silent {
        let error = format!(
            "the endpoint can no longer be judged: it left {MOST_UNANSWERED} requests in a row unanswered, \
             and then one more"
        );
        let help = "check that the endpoint is running and not overloaded, then try again";
        fail(exit, &error, Some(help));
    }
    exit
}
