//! The work queue over all pairs of a plan, and the threads that play them. Results are told in the order of the plan.
//!
//! May use, of `run`: `cancel`, `farewell`, `options`, `plan`, `play`, `target`, `verdict`.

pub(crate) mod scheduler;
pub(crate) mod workers;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use tokio::sync::RwLock;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::exit::Exit;
use crate::files::work;
use crate::scenario::Scenario;
use crate::snapshot::SnapshotError;
use crate::wire::{Brake, HttpClient, Ledger, Observer, Redactor, Register, Waits};

use super::cancel::{Cancel, Why};
use super::farewell;
use super::options::Options;
use super::plan::{Plan, Planned, Queue, deciding};
use super::play::cleanup::{Patience, sweep};
use super::play::keeper::Keeper;
use super::target::endpoint::{Embedded, Endpoint, EndpointError, Foreign};
use super::target::preflight::{Unjudgeable, preflight};
use super::verdict::known_failures::Tally;
use super::verdict::pending;
use super::verdict::pending::Left;
use crate::event::Leftovers;
use crate::event::{Event, Exchanges, Header, PairReport, Progress, Status, Summary};
use scheduler::{Outcome, Table};
use workers as crew;
use workers::Second;

/// Why a run did not come about, or broke off.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The target cannot be judged.
    #[error("{0}")]
    Unjudgeable(#[from] Unjudgeable),
    /// The embedded endpoint cannot be set up.
    #[error("{0}")]
    Endpoint(#[from] EndpointError),
    /// The ledger cannot be written; nothing was sent.
    #[error("the ledger cannot be written below `{folder}` ({error}); nothing was sent")]
    Ledger {
        /// The work folder.
        folder: String,
        /// Why.
        error: std::io::Error,
    },
    /// It was interrupted before anything was sent that could change something.
    #[error("interrupted before anything was changed")]
    Interrupted,
}

impl RunError {
    /// The exit code it leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Unjudgeable(_) | Self::Endpoint(EndpointError::Listen(_)) | Self::Ledger { .. } => {
                Exit::Unjudged
            }
            Self::Endpoint(EndpointError::Setting(_)) => Exit::Usage,
            Self::Interrupted => Exit::Interrupted,
        }
    }
}

/// Plays a plan and tells what happens, in the order of the plan.
pub async fn run(
    plan: Plan,
    options: &Options,
    cancel: &Cancel,
    mut tell: impl FnMut(&Event<'_>),
) -> Result<Summary, RunError> {
    let started = Instant::now();
    let kept = options.keep_exchanges.then(|| Rc::new(Keeper::new(options.clock.clone())));
    let (endpoint, id, register) = match &options.target {
        None => (Endpoint::Embedded(Embedded::start(options).await?), run_id(), None),
        Some(target) => {
            let http = Rc::new(HttpClient::to(&target.transport, options.limits));
            let observer = kept.clone().map(|kept| kept as Rc<dyn Observer>);
            let (limits, clock) = (options.limits, &options.clock);
            let asked = preflight(target, &http, limits, clock, plan.needs_groups, observer);
            let Some(ready) = cancel.guard(asked, &Brake::default()).await else {
                return Err(RunError::Interrupted);
            };
            let ready = ready?;
            let ids = iter::repeat_with(run_id).take(IDS_TRIED);
            let (id, ledger) = work::prepare(&options.work)
                .and_then(|()| Ledger::create(&options.work, &target.scim, ids, &options.redactor()))
                .map_err(|error| RunError::Ledger { folder: options.shown_work(), error })?;
            farewell::begin(&id);
            let register = Arc::new(Register::new(ledger, &id));
            ready.shown.iter().for_each(|exchange| register.note_shown(exchange));
            let foreign = Foreign::new(options, http, target.clone(), Arc::clone(&register), &id, ready);
            (Endpoint::Foreign(foreign), id, Some(register))
        }
    };
    let header = header(&id, &endpoint, &plan, options);
    tell(&Event::Started(&header));
    tell_kept("preflight", kept.as_deref(), options, &mut tell);
    let plan = Arc::new(plan);
    let table = Arc::new(Table {
        queue: Queue::new(Arc::clone(&plan)),
        options: options.clone(),
        redactor: header.redactor.clone(),
        cancel: cancel.clone(),
        failures: AtomicUsize::new(0),
        alone: RwLock::default(),
    });
    let waits = match &endpoint {
        Endpoint::Embedded(_) => None,
        Endpoint::Foreign(foreign) => Some(Arc::clone(&foreign.ground.waits)),
    };
    let mut turn = Turn {
        table: &table,
        redactor: header.redactor.clone(),
        tally: Tally::new(&options.known),
        summary: Summary::default(),
        progress: Progress::default(),
        waits,
        next: 0,
        waiting: BTreeMap::new(),
        left: Vec::new(),
    };
    let share = crew::share(&endpoint, plan.pairs.len(), options.jobs);
    let others = share.as_ref().map_or(0, |(_, jobs)| *jobs);
    let mut second = share.and_then(|(ground, jobs)| Second::start(Arc::clone(&table), ground, jobs));
    {
        let mine = crew::play(&table, &endpoint, options.jobs - others);
        let theirs = stream::iter(second.as_mut().map(Second::outcomes)).flatten();
        let mut outcomes = pin!(stream::select(mine, theirs));
        let mut moment = tokio::time::interval(MOMENT);
        moment.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let outcome = tokio::select! {
                biased;
                outcome = outcomes.next() => outcome,
                _ = moment.tick() => {
                    turn.pass(&mut tell);
                    continue;
                }
                () = endpoint.falls_silent(), if !cancel.is_cancelled() => {
                    cancel.end(Why::Silent);
                    continue;
                }
            };
            let Some(outcome) = outcome else { break };
            turn.take(outcome, &mut tell);
        }
    }
    if let Some(second) = second {
        second.end();
    }
    let cut_short = table.is_closed();
    let Turn { tally, mut summary, .. } = turn;
    summary.known = tally.end(cut_short);
    summary.interrupted = cancel.why() == Some(Why::Interrupted);
    summary.silent = cancel.why() == Some(Why::Silent);
    summary.kept = options.keep;
    if let (Some(register), Endpoint::Foreign(foreign)) = (register, &endpoint) {
        if options.keep {
            summary.leftovers = Leftovers::kept(&register);
        } else {
            let wire = foreign.wire();
            if let Some(kept) = kept.clone() {
                wire.watch(kept);
            }
            Box::pin(sweep(&wire, patience(options, summary.interrupted || summary.silent))).await;
            tell_kept("last look", kept.as_deref(), options, &mut tell);
            summary.leftovers = Leftovers::of(&register);
        }
        if let Err(error) = register.finish() {
            summary.unwritten.push(format!("the ledger of the run cannot be removed ({error})"));
        }
    }
    // What is left is told from here on.
    farewell::end();
    summary.took = started.elapsed();
    summary.conclude(deciding::in_pack, deciding::naming);
    tell(&Event::Ended(&summary));
    Ok(summary)
}

/// How often it is told how far a run is, where nothing else happens.
const MOMENT: Duration = Duration::from_millis(500);
/// Tells what was kept of the exchanges around the pairs.
fn tell_kept(of: &str, kept: Option<&Keeper>, options: &Options, tell: &mut impl FnMut(&Event<'_>)) {
    let all = kept.map(Keeper::take).unwrap_or_default();
    if let Some(target) = options.target.as_ref().filter(|_| !all.is_empty()) {
        let rest = target.rest.as_ref().map(|rest| rest.base.clone());
        let (of, scim) = (of.to_owned(), target.scim.clone());
        tell(&Event::Exchanged(&Exchanges { of, client: None, scim, rest, all }));
    }
}

/// Reports that wait for their turn as a whole.
const MOST_WAITING: usize = 64;

/// Whose turn it is to be told, and what the clients of the scenario left so far.
struct Turn<'a> {
    table: &'a Table,
    next: usize,
    waiting: BTreeMap<usize, Outcome>,
    left: Vec<Left>,
    redactor: Redactor,
    tally: Tally,
    summary: Summary,
    progress: Progress,
    /// What is waited for at somebody's endpoint.
    waits: Option<Arc<Waits>>,
}

impl Turn<'_> {
    /// Tells how far the run is, and what is waited for.
    fn pass(&mut self, tell: &mut impl FnMut(&Event<'_>)) {
        self.progress.waiting = self.waits.as_ref().and_then(|waits| waits.now());
        tell(&Event::Progressed(&self.progress));
    }

    /// Takes what a pair came to, and tells all whose turn it is now.
    fn take(&mut self, outcome: Outcome, tell: &mut impl FnMut(&Event<'_>)) {
        let mut outcome = outcome;
        self.progress.done += 1;
        self.progress.requests += outcome.report.requests;
        if matches!(outcome.report.status, Status::Failed | Status::Errored) {
            self.progress.failed += 1;
        }
        let report = &outcome.report;
        self.progress.last = Some((report.id.clone(), report.client, report.status));
        self.pass(tell);
        // They are told at once, so that none wait for a turn.
        if let Some(exchanges) = outcome.report.in_full.take() {
            tell(&Event::Exchanged(&exchanges));
        }
        if self.waiting.len() >= MOST_WAITING {
            outcome.report.shrink();
        }
        self.waiting.insert(outcome.pair.index, outcome);
        while let Some(outcome) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.tell(outcome, tell);
        }
    }

    /// Tells a pair; after a scenario's last one, writes what waits for a review.
    fn tell(&mut self, outcome: Outcome, tell: &mut impl FnMut(&Event<'_>)) {
        let Outcome { pair, mut report, loaded, left } = outcome;
        let planned = self.table.queue.scenario(pair);
        let scenario = loaded.as_ref().map(|loaded| &loaded.scenario);
        if let Some((name, outcomes)) = left {
            self.left.push(Left::of(&report, name, outcomes));
        }
        if pair.is_last {
            planned.done();
            // The verdict does not depend on what is written for a review.
            if let Err(error) = self.write(&mut report, scenario, planned) {
                report.review.unwritten.push(error.to_string());
            }
        }
        self.summary.add(&report);
        self.tally.add(&report, scenario, &planned.clients);
        tell(&Event::Finished(&report));
    }

    fn write(
        &mut self,
        report: &mut PairReport,
        scenario: Option<&Scenario>,
        planned: &Planned,
    ) -> Result<(), SnapshotError> {
        let left = std::mem::take(&mut self.left);
        // What an interrupted or broken run saw is not for acceptance.
        let whole = left.len() == planned.clients.len();
        if let Some(scenario) = scenario.filter(|_| whole) {
            let options = &self.table.options;
            let shelf = options.shelf(&planned.entry);
            let written = pending::write(scenario, shelf, &left, options.update, &self.redactor)?;
            report.review.pending.extend(written.pending);
            report.review.explained.extend(written.explained);
            report.review.disagreement = written.disagreement;
        }
        Ok(())
    }
}

fn header(id: &str, endpoint: &Endpoint, plan: &Plan, options: &Options) -> Header {
    let clients: BTreeSet<_> = plan.pairs.iter().map(|pair| pair.client).collect();
    let (target, embedded) = match endpoint {
        Endpoint::Embedded(embedded) => (embedded.origin().to_owned(), true),
        Endpoint::Foreign(_) => {
            (options.target.as_ref().map(|target| target.scim.clone()).unwrap_or_default(), false)
        }
    };
    Header {
        run: id.to_owned(),
        target,
        embedded,
        scenarios: plan.scenarios,
        pairs: plan.pairs.len(),
        clients: clients.into_iter().collect(),
        token_env: options.token_env.clone(),
        redactor: options.redactor(),
    }
}

/// How many ids are tried before the folder is called full: of 1.7 million, earlier runs have left few.
const IDS_TRIED: usize = 100;

/// How long the last look at what was created may take.
const LAST_LOOK: Duration = Duration::from_mins(1);

/// The same where somebody waits for an interrupted run to end.
const LAST_LOOK_INTERRUPTED: Duration = Duration::from_secs(1);

fn patience(options: &Options, in_a_hurry: bool) -> Patience {
    if in_a_hurry {
        Patience { lag: options.read_lag.min(LAST_LOOK_INTERRUPTED / 2), budget: LAST_LOOK_INTERRUPTED }
    } else {
        Patience { lag: options.read_lag, budget: LAST_LOOK + options.read_lag }
    }
}

/// Five letters and digits that begin with a letter: short enough for every name on the endpoint.
fn run_id() -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = Uuid::new_v4().as_u128();
    let mut id = String::from("k");
    while id.len() < 5 {
        let index = usize::try_from(rest % 36).unwrap_or(0);
        id.push(char::from(LETTERS[index]));
        rest /= 36;
    }
    id
}

/// The exit code that a summary leads to.
pub fn exit(summary: &Summary, strict: bool, require_all: bool) -> Exit {
    let mut exit = Exit::Success;
    let played = summary.pairs() - summary.count(Status::Skipped);
    if played == 0 {
        exit = exit.worse(Exit::Nothing);
    }
    if summary.count(Status::Failed) > 0
        || !summary.unwritten.is_empty()
        || summary.known.iter().any(|known| known.state.is_wrong())
        || (strict && summary.shoulds > 0)
        || (require_all && summary.count(Status::Skipped) > 0)
    {
        exit = exit.worse(Exit::Failed);
    }
    if summary.count(Status::Errored) > 0 || summary.silent {
        exit = exit.worse(Exit::Unjudged);
    }
    if summary.count(Status::New) > 0 {
        exit = exit.worse(Exit::Unseen);
    }
    if summary.interrupted {
        exit = exit.worse(Exit::Interrupted);
    }
    exit
}
