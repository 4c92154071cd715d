//! The run itself: one work queue over all pairs, results in the order of the plan.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use uuid::Uuid;

use crate::diag::{At, Diagnostic};
use crate::exit::Exit;
use crate::scenario::{Capability, Scenario};
use crate::snapshot::{Name, Outcomes, SnapshotError};
use crate::wire::{Brake, HttpClient, Ledger, Redactor};

use super::cancel::Cancel;
use super::cleanup::Leftovers;
use super::endpoint::{Embedded, Endpoint, EndpointError, Foreign};
use super::event::{CheckpointKind, CheckpointReport, Event, Header, PairReport, Status, Summary, Trouble};
use super::judge;
use super::known::Tally;
use super::loaded::Loaded;
use super::options::Options;
use super::pair::{Player, reads_groups};
use super::pending::{self, Left};
use super::plan::{Pair, Plan, missing};
use super::preflight::{Unjudgeable, preflight};
use super::transcript;

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
    #[error("the ledger cannot be written below `.scimsnap` ({0}); nothing was sent")]
    Ledger(std::io::Error),
    /// A pending snapshot cannot be written.
    #[error("{0}")]
    Snapshot(#[from] SnapshotError),
    /// It was interrupted before anything was sent that could change something.
    #[error("interrupted; nothing was changed")]
    Interrupted,
    /// A report cannot be written.
    #[error("a report cannot be written ({0})")]
    Report(std::io::Error),
}

impl RunError {
    /// The exit code it leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Unjudgeable(_) | Self::Endpoint(EndpointError::Listen(_)) | Self::Ledger(_) => {
                Exit::Unjudged
            }
            // Whoever closes our output has seen enough.
            Self::Report(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Success,
            Self::Report(_) | Self::Endpoint(EndpointError::Setting(_)) => Exit::Usage,
            Self::Snapshot(_) => Exit::Invalid,
            Self::Interrupted => Exit::Interrupted,
        }
    }
}

/// What one pair came to, before its turn to be told.
struct Outcome<'a> {
    pair: Pair<'a>,
    report: PairReport,
    loaded: Option<Rc<Loaded>>,
    left: Option<(Name, Outcomes)>,
}

/// Plays a plan and tells what happens, in the order of the plan.
pub async fn run(
    plan: Plan,
    options: &Options,
    cancel: &Cancel,
    mut tell: impl FnMut(&Event<'_>) -> std::io::Result<()>,
) -> Result<Summary, RunError> {
    let started = Instant::now();
    let id = run_id();
    let (endpoint, ledger) = match &options.target {
        None => (Endpoint::Embedded(Embedded::start(options).await?), None),
        Some(target) => {
            let http = Rc::new(HttpClient::to(target, options.limits));
            let asked = preflight(target, &http, options.limits, &options.clock, plan.needs_groups);
            let Some(ready) = cancel.guard(asked, &Brake::default()).await else {
                return Err(RunError::Interrupted);
            };
            let ready = ready?;
            let ledger = Ledger::create(&options.cwd, &id, &target.scim).map_err(RunError::Ledger)?;
            let ledger = Rc::new(ledger);
            let foreign = Foreign::new(options, http, target.clone(), Rc::clone(&ledger), &id, ready);
            (Endpoint::Foreign(foreign), Some(ledger))
        }
    };
    let header = header(&id, &endpoint, &plan, options);
    if let Err(error) = tell(&Event::Started(&header)) {
        if let Some(ledger) = &ledger {
            ledger.finish().map_err(RunError::Ledger)?;
        }
        return Err(RunError::Report(error));
    }
    let has = endpoint.capabilities();
    let failures = Cell::new(0_usize);
    let mut summary = Summary::default();
    let mut turn = Turn {
        redactor: redactor(options),
        tally: Tally::new(&options.known),
        next: 0,
        waiting: BTreeMap::new(),
        left: Vec::new(),
    };
    let mut broken = None;
    {
        let player = Players { endpoint: &endpoint, has: &has, options, cancel, failures: &failures };
        let mut results = futures_util::stream::iter(plan.pairs.iter().enumerate())
            .map(|(index, pair)| player.play(index, pair))
            .buffer_unordered(options.jobs.max(1));
        while let Some((index, outcome)) = results.next().await {
            turn.waiting.insert(index, outcome);
            while let Some(outcome) = turn.waiting.remove(&turn.next) {
                let told = turn.tell(outcome, options, &mut summary, &mut tell);
                if let Err(error) = told {
                    // What is under way is cleaned up all the same; nothing new is begun.
                    cancel.cancel();
                    broken.get_or_insert(error);
                }
            }
        }
    }
    let cut_short = cancel.is_cancelled() || has_enough(options, &failures);
    summary.known = turn.tally.end(cut_short);
    summary.took = started.elapsed();
    summary.interrupted = cancel.is_cancelled();
    summary.kept = options.keep;
    if let Some(ledger) = ledger
        && summary.leftovers.removable.is_empty()
    {
        ledger.finish().map_err(RunError::Ledger)?;
    }
    if let Some(error) = broken {
        return Err(error);
    }
    tell(&Event::Ended(&summary)).map_err(RunError::Report)?;
    Ok(summary)
}

/// Whose turn it is to be told, and what the clients of the scenario left so far.
struct Turn<'a> {
    next: usize,
    waiting: BTreeMap<usize, Outcome<'a>>,
    left: Vec<Left>,
    redactor: Redactor,
    tally: Tally,
}

impl Turn<'_> {
    /// Tells the pair whose turn it is; after a scenario's last one, writes what waits for a review.
    fn tell(
        &mut self,
        outcome: Outcome<'_>,
        options: &Options,
        summary: &mut Summary,
        tell: &mut impl FnMut(&Event<'_>) -> std::io::Result<()>,
    ) -> Result<(), RunError> {
        self.next += 1;
        let Outcome { pair, mut report, loaded, left } = outcome;
        let scenario = loaded.as_ref().map(|loaded| &loaded.scenario);
        if let Some((name, outcomes)) = left {
            self.left.push(Left::of(&report, name, outcomes));
        }
        if pair.is_last {
            pair.scenario.done();
            self.write(&mut report, scenario, pair, options)?;
        }
        summary.add(&report, scenario);
        self.tally.add(&report, scenario, &pair.scenario.clients);
        tell(&Event::Finished(&report)).map_err(RunError::Report)
    }

    fn write(
        &mut self,
        report: &mut PairReport,
        scenario: Option<&Scenario>,
        pair: Pair<'_>,
        options: &Options,
    ) -> Result<(), RunError> {
        let left = std::mem::take(&mut self.left);
        // What an interrupted or broken run saw is not for acceptance.
        let whole = left.len() == pair.scenario.clients.len();
        if let Some(scenario) = scenario.filter(|_| whole) {
            let project = pair.scenario.entry.project(&options.cwd);
            let written = pending::write(scenario, project, &left, options.update, &self.redactor)?;
            report.pending.extend(written.pending);
            report.notes.extend(written.disagreement);
        }
        Ok(())
    }
}

/// What playing a pair needs.
struct Players<'a> {
    endpoint: &'a Endpoint,
    has: &'a BTreeSet<Capability>,
    options: &'a Options,
    cancel: &'a Cancel,
    failures: &'a Cell<usize>,
}

impl Players<'_> {
    async fn play<'p>(&self, index: usize, pair: Pair<'p>) -> (usize, Outcome<'p>) {
        // Every scenario was read for the plan; one that cannot be read now was changed in between.
        let (loaded, error) = match pair.scenario.load(&self.options.cwd) {
            Ok(loaded) => (Some(loaded), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let scenario = loaded.as_ref().map(|loaded| &loaded.scenario);
        let mut report = blank(pair, scenario);
        let result = match &loaded {
            None => Err(error.unwrap_or_default()),
            // What is queued is moved about, and a pair at play is large.
            Some(loaded) => Box::pin(self.judge(index, pair, loaded, &mut report)).await,
        };
        let left = result.unwrap_or_else(|message| {
            report.status = Status::Errored;
            report.error = Some(Trouble { message, at: None, exchange: None });
            None
        });
        (index, Outcome { pair, report, loaded, left })
    }

    /// Plays a pair and fills its report. Returns what it left, where that may be accepted.
    async fn judge(
        &self,
        index: usize,
        pair: Pair<'_>,
        loaded: &Loaded,
        report: &mut PairReport,
    ) -> Result<Option<(Name, Outcomes)>, String> {
        let scenario = &loaded.scenario;
        let not_begun = if self.cancel.is_cancelled() {
            Some("not begun: interrupted".to_owned())
        } else if has_enough(self.options, self.failures) {
            Some("not begun: --fail-fast".to_owned())
        } else {
            missing(scenario, self.has)
        };
        if not_begun.is_some() {
            report.skipped_reason = not_begun;
            return Ok(None);
        }
        let place = self.endpoint.open(scenario, index).await.map_err(|error| error.to_string())?;
        let candidates = loaded.candidates(pair.client, place.site.as_ref());
        let view = place.view;
        let settings = self.options.settings.get(&pair.client).cloned().unwrap_or_default();
        let player =
            Player::new(scenario, pair.client, place, &candidates, reads_groups(scenario), &settings);
        if self.options.transcript {
            player.keep_transcript();
        }
        let (played, place, started) = player.play(self.cancel, self.options.keep).await;
        let best = judge::judge(report, scenario, &played, &candidates, view);
        let whole = played.trouble.is_none() && !played.interrupted;
        let name = best.filter(|_| whole).map(|best| best.name.clone());
        report.took = started.elapsed();
        report.waited = place.wire.waited();
        report.requests = place.wire.sent();
        report.findings = played.findings;
        report.exchanges = played.exchanges;
        report.notices = played.notices;
        report.notes.extend(played.notes);
        report.leftovers = played.leftovers;
        report.error = played.trouble;
        if played.interrupted {
            report.error = Some(Trouble { message: "interrupted".to_owned(), at: None, exchange: None });
        }
        if let Some(text) = played.transcript.filter(|_| whole) {
            self.hold_transcript(&pair, scenario, &text, report)?;
        }
        if let Some(other) = &self.options.against {
            other.hold(report, &played.outcomes, view);
        }
        if self.options.keep_outcomes {
            report.outcomes = Some(played.outcomes.clone());
        }
        report.status = self.options.known.judge(report, scenario);
        if report.status == Status::Failed {
            self.failures.set(self.failures.get() + 1);
        }
        // What is known to be wrong waits for nobody's acceptance.
        Ok(name.filter(|_| report.status != Status::Known).map(|name| (name, played.outcomes)))
    }
}

impl Players<'_> {
    fn hold_transcript(
        &self,
        pair: &Pair<'_>,
        scenario: &Scenario,
        text: &str,
        report: &mut PairReport,
    ) -> Result<(), String> {
        let text = redactor(self.options).text(text).into_owned();
        let held = transcript::hold(
            pair.scenario.entry.project(&self.options.cwd),
            scenario,
            pair.client,
            &text,
            self.options.update,
        )
        .map_err(|error| error.to_string())?;
        report.pending.extend(held.pending);
        report.checkpoints.push(CheckpointReport {
            name: "transcript".to_owned(),
            kind: CheckpointKind::Transcript,
            status: held.status,
            diff: held.diff,
            at: Diagnostic::new(&scenario.source, At { line: 1, column: 1, len: 1 }, String::new()),
            after: Vec::new(),
        });
        Ok(())
    }
}

/// Whether so many failed that nothing more is begun.
fn has_enough(options: &Options, failures: &Cell<usize>) -> bool {
    options.fail_fast.is_some_and(|most| failures.get() >= most.max(1))
}

fn redactor(options: &Options) -> Redactor {
    options.target.as_ref().map(Redactor::for_target).unwrap_or_default()
}

fn blank(pair: Pair<'_>, scenario: Option<&Scenario>) -> PairReport {
    PairReport {
        id: scenario.map_or_else(|| pair.scenario.entry.id(), |scenario| scenario.id.clone()),
        title: scenario.map(|scenario| scenario.title.clone()).unwrap_or_default(),
        file: scenario.map(|scenario| scenario.source.path.to_string()).unwrap_or_default(),
        client: pair.client,
        status: Status::Skipped,
        alternative: None,
        behaviour: scenario.and_then(|scenario| scenario.behaviour.clone()),
        partial: Vec::new(),
        took: Duration::ZERO,
        waited: Duration::ZERO,
        requests: 0,
        skipped_reason: None,
        error: None,
        checkpoints: Vec::new(),
        findings: Vec::new(),
        known: Vec::new(),
        exchanges: Vec::new(),
        notices: Vec::new(),
        notes: Vec::new(),
        leftovers: Leftovers::default(),
        pending: Vec::new(),
        outcomes: None,
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
        redactor: redactor(options),
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
        || summary.known.iter().any(|known| known.state.is_wrong())
        || (strict && summary.shoulds > 0)
        || (require_all && summary.count(Status::Skipped) > 0)
    {
        exit = exit.worse(Exit::Failed);
    }
    if summary.count(Status::Errored) > 0 {
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
