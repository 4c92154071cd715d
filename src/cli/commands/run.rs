//! `scimsnap run`.

use std::collections::BTreeSet;
use std::io::LineWriter;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::context::Context;
use crate::event::Event;
use crate::exit::Exit;
use crate::files::Output;
use crate::idp::ClientName;
use crate::report::{Flags, Json, Junit, Lost, Reports, Terminal};
use crate::run::farewell;
use crate::run::modes::dry_run::default_pack;
use crate::run::{Cancel, KnownFailures, Options, Other, exit, plan_with, run as play};
use crate::scenario::catalogue::{Entry, NothingSelected, Selected, bundled, select, select_all};
use crate::settings::{Known, TargetSettings, today};
use crate::snapshot::{OwnFolder, Update};
use crate::suggest::nearest;
use crate::wire::policy::silence::MOST_UNANSWERED;
use crate::wire::{Passwords, Redactor};

use crate::cli::args::RunArgs;
use crate::cli::signals::{Asked, Signals};
use crate::cli::target::{Chosen, Manners};
use crate::cli::{fail, last_words, warn_of_links};

/// Runs.
pub async fn run(mut args: RunArgs, context: &Context) -> Exit {
    args.return_selection(context);
    let manners = Manners { rate: args.rate, max_requests: args.max_requests };
    let chosen = match args.target.choose_at(context, manners) {
        Ok(chosen) => chosen,
        Err(error) => return fail(Exit::Usage, &error, error.help().as_deref()),
    };
    let limits = chosen.limits();
    let Chosen { target, settings, known } = chosen;
    let clients = match clients(&args.idp) {
        Ok(clients) => clients.or_else(|| settings.clients.clone()),
        Err(exit) => return exit,
    };
    let mut reports = match if args.plan { Ok(Reports::default()) } else { reports(&args, context) } {
        Ok(reports) => reports,
        Err(exit) => return exit,
    };
    let Selected { entries, not_followed } = match select_all(&args.selection.selection, &context.cwd) {
        Ok(selected) => selected,
        Err(error) => return nothing_selected(&error),
    };
    warn_of_links(&not_followed);
    let mut known = match bind(known, &settings, &entries, context) {
        Ok(known) => known,
        Err(exit) => return exit,
    };
    let snapshots = match own_snapshots(&settings, context) {
        Ok(snapshots) => snapshots,
        Err(exit) => return exit,
    };
    let mut plan = match plan_with(entries, clients.as_deref(), &context.cwd, snapshots.as_ref()) {
        Ok(plan) => plan,
        Err(errors) => {
            for error in &errors {
                fail(Exit::Invalid, error, None);
            }
            return fail(Exit::Invalid, &"nothing was sent", None);
        }
    };
    // A selection is meant as it stands; a pack narrows it only where it is asked for.
    if let Some(pack) = args.pack {
        plan.keep_pack(pack);
    } else if args.selection.selection.is_empty() {
        plan.keep_pack(settings.pack.unwrap_or_else(|| default_pack(target.is_some())));
    }
    if args.selection.selection.is_empty() {
        known.narrow(&plan.ids());
    }
    if let Some(shard) = args.shard {
        plan.keep_shard(shard);
    }
    if plan.pairs.is_empty() {
        let help = "`scimsnap list` shows which clients play which scenario";
        return fail(Exit::Nothing, &"the selection has nothing for these clients to play", Some(help));
    }
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
        against: None,
        keep_outcomes: false,
        read_lag: Duration::from_secs(args.read_lag),
        limits: limits.shared_by(jobs),
        defects: Vec::new(),
        profile: args.profile,
        knobs: Vec::new(),
        known,
        passwords: Passwords::default(),
        others: Redactor::default(),
        cwd: context.cwd.clone(),
        clock: context.clock.clone(),
    };
    if args.plan {
        return Box::pin(super::plan::show(plan, &options, &settings)).await;
    }
    let cancel = Cancel::default();
    if let Some(word) = &args.against {
        match other(word, &args, &options, &plan.ids(), context, &cancel).await {
            Ok((other, secrets)) => {
                options.against = Some(Arc::new(other));
                options.others = secrets;
            }
            Err(exit) => return exit,
        }
    }
    farewell::aim(args.target.repeat().as_str());
    let result = tokio::select! {
        result = Box::pin(play(plan, &options, &cancel, |event| reports.tell(event))) => result,
        () = interrupted_twice(&cancel) => return Exit::Interrupted,
    };
    let verdict = match result {
        Ok(summary) => {
            for unwritten in &summary.unwritten {
                fail(Exit::Failed, unwritten, None);
            }
            let exit = exit(&summary, args.strict, args.require_all);
            if summary.silent {
                let error = format!(
                    "the endpoint cannot be judged any further: it left {MOST_UNANSWERED} requests in a row without an answer, \
                     and one more after them"
                );
                let help = "check that the endpoint is running and not overloaded, and run again";
                fail(exit, &error, Some(help));
            }
            exit
        }
        Err(error) => {
            let help = match &error {
                crate::run::RunError::Unjudgeable(reason) => Some(reason.help()),
                _ => None,
            };
            fail(error.exit(), &error, help)
        }
    };
    reports.lost().iter().fold(verdict, |exit, lost| exit.worse(fail(Exit::Failed, lost, None)))
}

/// Plays the same at the other endpoint, which writes nothing and is not reported by itself.
async fn other(
    word: &str,
    args: &RunArgs,
    options: &Options,
    ids: &BTreeSet<String>,
    context: &Context,
    cancel: &Cancel,
) -> Result<(Other, Redactor), Exit> {
    let mut flags = args.target.clone();
    flags.target = Some(word.to_owned());
    // It is another endpoint: what the product shows of the first one says nothing of it.
    (flags.rest, flags.rest_user, flags.rest_token_env) = (None, None, None);
    if let Some(name) = &args.against_token_env {
        (flags.token_env, flags.token_file) = (Some(name.clone()), None);
    }
    let chosen = flags.choose(context);
    let chosen = chosen.map_err(|error| fail(Exit::Usage, &error, error.help().as_deref()))?;
    let entries =
        select(&args.selection.selection, &context.cwd).map_err(|error| nothing_selected(&error))?;
    let snapshots = own_snapshots(&chosen.settings, context)?;
    let mut plan = plan_with(entries, options.clients.as_deref(), &context.cwd, snapshots.as_ref())
        .map_err(|_| fail(Exit::Invalid, &"nothing was sent", None))?;
    // The same scenarios on both sides, whatever narrowed them down.
    plan.retain(|planned| ids.contains(&*planned.entry.id()));
    let options = Options {
        target: chosen.target,
        update: Update::No,
        snapshots,
        transcript: false,
        keep_outcomes: true,
        fail_fast: None,
        ..options.clone()
    };
    farewell::aim(flags.repeat().as_str());
    let mut other = Other::new(word);
    let tell = |event: &Event<'_>| {
        if let Event::Finished(report) = event {
            other.add(report);
        }
    };
    let result = tokio::select! {
        result = Box::pin(play(plan, &options, cancel, tell)) => result,
        () = interrupted_twice(cancel) => return Err(Exit::Interrupted),
    };
    match result {
        Ok(summary) if summary.interrupted => Err(Exit::Interrupted),
        Ok(_) => Ok((other, options.redactor())),
        Err(error) => Err(fail(error.exit(), &format!("{word}: {error}"), None)),
    }
}

/// The folder in which the target keeps snapshots of its own, where it has one.
fn own_snapshots(settings: &TargetSettings, context: &Context) -> Result<Option<OwnFolder>, Exit> {
    let folder = settings.snapshots.as_ref().map(|folder| folder.open(&context.cwd)).transpose();
    folder.map_err(|diagnostic| fail(Exit::Usage, &diagnostic, None))
}

/// The first Ctrl-C (or SIGTERM, as CI services send, or SIGHUP) lets what is under way be cleaned up; the second ends the
/// process, and so does SIGQUIT. What may be left then is said with the command that removes it.
async fn interrupted_twice(cancel: &Cancel) {
    let Ok(mut signals) = Signals::new() else {
        // Without a handler the signal ends the process by itself.
        return std::future::pending().await;
    };
    let mut is_cleaning_up = false;
    loop {
        if signals.next().await == Asked::StopAtOnce || is_cleaning_up {
            break;
        }
        is_cleaning_up = true;
        cancel.cancel();
        fail(Exit::Interrupted, &"interrupted: cleaning up; press Ctrl-C again to stop at once", None);
    }
    let doing = if is_cleaning_up { "while cleaning up" } else { "in the middle of the run" };
    last_words(Exit::Interrupted, &format!("stopped at once, {doing}"));
}

/// Binds known failures to the scenarios that there are: bundled ones, the project's, and those of the selection.
fn bind(
    mut known: Vec<Known>,
    settings: &TargetSettings,
    selected: &[Entry],
    context: &Context,
) -> Result<KnownFailures, Exit> {
    if known.is_empty() {
        return Ok(KnownFailures::default());
    }
    let mut entries = bundled();
    entries.extend(select(&["scenarios".to_owned()], &context.cwd).unwrap_or_default());
    let ids: BTreeSet<String> = entries.iter().chain(selected).map(Entry::id).collect();
    let mut wrong = false;
    for entry in &mut known {
        if let Err(diagnostic) = entry.bind(ids.iter().map(String::as_str)) {
            wrong = true;
            fail(Exit::Usage, &diagnostic, None);
        }
    }
    if wrong {
        return Err(Exit::Usage);
    }
    let entries = known.into_iter().map(Arc::new).collect();
    let clients = settings.clients.clone().unwrap_or_else(|| ClientName::ALL.to_vec());
    Ok(KnownFailures { entries, clients, today: today(&context.clock) })
}

fn clients(names: &[String]) -> Result<Option<Vec<ClientName>>, Exit> {
    if names.is_empty() {
        return Ok(None);
    }
    let mut clients = Vec::new();
    for name in names {
        if let Some(selected) = ClientName::select(name) {
            clients.extend(selected);
        } else {
            let known = ClientName::selectable();
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("clients are {}", known.join(", ")),
            };
            return Err(fail(Exit::Usage, &format!("there is no IdP client `{name}`"), Some(&help)));
        }
    }
    Ok(Some(clients))
}

/// Nothing is selected: says what was probably meant.
pub(crate) fn nothing_selected(error: &NothingSelected) -> Exit {
    let help = match &error.near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`scimsnap list` shows what there is".to_owned(),
    };
    fail(Exit::Nothing, error, Some(&help))
}

/// Opens the reports. A path that cannot be written is told now, and so is each of several.
#[expect(clippy::disallowed_methods, reason = "the report takes nothing but a `Printable`")]
fn reports(args: &RunArgs, context: &Context) -> Result<Reports, Exit> {
    let mut exit = Exit::Success;
    let mut open = |path: &Option<PathBuf>| -> Option<(String, Output)> {
        let path = path.as_ref()?;
        let name = format!("`{}`", path.display());
        let full = if path.as_os_str() == "-" { path.clone() } else { context.cwd.join(path) };
        match Output::open(&full) {
            Ok(output) => Some((name, output)),
            Err(error) => {
                exit = fail(Exit::Usage, &Lost { name, error }, None);
                None
            }
        }
    };
    let (json, junit) = (open(&args.json), open(&args.junit));
    if exit != Exit::Success {
        return Err(exit);
    }
    if let (Some((name, json)), Some((_, junit))) = (&json, &junit)
        && (json.is_stdout() && junit.is_stdout() || json.file().is_some() && json.file() == junit.file())
    {
        return Err(fail(Exit::Usage, &format!("--json and --junit both go to {name}"), None));
    }
    let flags = Flags { run: args.target.repeat(), review: args.target.review() };
    let mut reports = Reports::default();
    // Where a program reads standard output, people read the rest on standard error.
    if json.iter().chain(&junit).any(|(_, output)| output.is_stdout()) {
        let stderr = LineWriter::new(anstream::AutoStream::auto(std::io::stderr()));
        reports.add("standard error".to_owned(), true, Terminal::new(stderr, flags, args.quiet));
    } else {
        let stdout = anstream::AutoStream::auto(std::io::stdout());
        reports.add("standard output".to_owned(), true, Terminal::new(stdout, flags, args.quiet));
    }
    if let Some((name, output)) = json {
        let is_standard = output.is_standard();
        reports.add(name, is_standard, Json::new(output));
    }
    if let Some((name, output)) = junit {
        let is_standard = output.is_standard();
        reports.add(name, is_standard, Junit::new(output));
    }
    Ok(reports)
}
