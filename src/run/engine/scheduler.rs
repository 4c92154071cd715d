//! Plays the pairs of a plan, one at a time or several, and judges each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::counted::counted;
use crate::diag::{At, Diagnostic};
use crate::requirement::{ALTERNATIVE, Cause, EXPECTATION, Level, OUTCOME};
use crate::scenario::{Capability, Mark, Pack, Scenario};
use crate::snapshot::{Name, Outcomes, Update};
use crate::wire::{Redactor, Seat};

use crate::event::{
    CheckpointKind, CheckpointReport, CheckpointStatus, Decides, ExchangeLine, PairReport, Status, Trouble,
};
use crate::run::cancel::{Cancel, Why};
use crate::run::options::Options;
use crate::run::plan::loaded::Loaded;
use crate::run::plan::{Pair, Planned, Queue, missing};
use crate::run::play::player::{Player, reads_groups};
use crate::run::target::endpoint::Endpoint;
use crate::run::verdict::judge::Verdict;
use crate::run::verdict::pending::faults;
use crate::run::verdict::report::{About, Compared, Effort, cut_off, errored, report, skipped, unstaged};
use crate::run::verdict::transcript::{self, May};

/// What one pair came to, before its turn to be told.
#[derive(Debug)]
pub(in crate::run) struct Outcome {
    /// The pair.
    pub(in crate::run) pair: Pair,
    /// Its report.
    pub(in crate::run) report: PairReport,
    /// Its scenario, where it could be read.
    pub(in crate::run) loaded: Option<Arc<Loaded>>,
    /// What it left, where that may be accepted.
    pub(in crate::run) left: Option<(Name, Outcomes)>,
}

/// What all who play have in common.
#[derive(Debug)]
pub(in crate::run) struct Table {
    /// What is to be played.
    pub(in crate::run) queue: Queue,
    /// What the run is asked to do.
    pub(in crate::run) options: Options,
    /// What masks the secrets of all endpoints.
    pub(in crate::run) redactor: Redactor,
    /// Whether it was interrupted.
    pub(in crate::run) cancel: Cancel,
    /// How many pairs failed.
    pub(in crate::run) failures: AtomicUsize,
    /// Held for writing by a scenario that must be played alone.
    pub(in crate::run) alone: RwLock<()>,
}

/// Held while a scenario is played.
#[derive(Debug)]
enum Turn<'a> {
    Alone(#[expect(dead_code, reason = "held")] RwLockWriteGuard<'a, ()>),
    Shared(#[expect(dead_code, reason = "held")] RwLockReadGuard<'a, ()>),
}

impl Table {
    /// Plays a pair, which has a seat.
    pub(in crate::run) async fn play(&self, endpoint: &Endpoint, pair: Pair, seat: Seat) -> Outcome {
        let planned = self.queue.scenario(pair);
        // Every scenario was read for the plan; one that cannot be read now was changed in between.
        let (loaded, error) = match planned.load(&self.options.cwd, self.options.snapshots.as_ref()) {
            Ok(loaded) => (Some(loaded), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let scenario = loaded.as_ref().map(|loaded| &loaded.scenario);
        let about = about(pair, planned, scenario, &self.options);
        let result = match &loaded {
            None => Err(error.unwrap_or_default()),
            // What is queued is moved about, and a pair at play is large.
            Some(loaded) => Box::pin(self.judge(endpoint, pair, loaded, &about, seat)).await,
        };
        let (report, left) = result.unwrap_or_else(|message| (errored(about, message), None));
        Outcome { pair, report, loaded, left }
    }

    /// Plays a pair and judges it. Returns what it left, too, where that may be accepted.
    async fn judge(
        &self,
        endpoint: &Endpoint,
        pair: Pair,
        loaded: &Loaded,
        about: &About,
        seat: Seat,
    ) -> Result<(PairReport, Option<(Name, Outcomes)>), String> {
        let scenario = &loaded.scenario;
        let not_begun = if let Some(why) = self.cancel.why() {
            Some(format!("not started: {}", why.as_str()))
        } else if self.has_enough() {
            Some("not started: --fail-fast".to_owned())
        } else if self.is_spent() {
            Some("not started: --max-requests".to_owned())
        } else {
            missing(scenario, &endpoint.capabilities(scenario)).or_else(|| too_many(scenario, &self.options))
        };
        if let Some(reason) = not_begun {
            return Ok((skipped(about.clone(), reason), None));
        }
        // A scenario that writes names as they stand, or counts what is there, is played while no other one is.
        let is_exclusive = scenario.needs().contains(&Capability::Exclusive);
        let _turn = match self.alone.try_read() {
            Ok(shared) if !is_exclusive || matches!(endpoint, Endpoint::Embedded(_)) => Turn::Shared(shared),
            shared => {
                drop(shared);
                // Those whose end is waited for may need a seat to come to it.
                seat.leave();
                let turn = if is_exclusive {
                    Turn::Alone(self.alone.write().await)
                } else {
                    Turn::Shared(self.alone.read().await)
                };
                seat.come_back().await;
                turn
            }
        };
        let place = endpoint.open(scenario, pair.index).await.map_err(|error| error.to_string())?;
        let mut candidates = loaded.candidates(pair.client, place.site.as_ref());
        let rules = self.options.target.as_ref().map(|target| Arc::clone(&target.rules));
        if let (Some(rules), Some(behaviour)) = (rules, &scenario.behaviour)
            && let Some(pinned) = rules.alternatives.get(behaviour)
        {
            candidates.retain(|candidate| candidate.name.alternative.as_ref() == Some(pinned));
            if candidates.is_empty() {
                return Err(format!(
                    "the settings expect `{pinned}` for `{behaviour}`, which is not an alternative of this scenario"
                ));
            }
        }
        place.wire.sit(seat);
        let view = place.view;
        let settings = self.options.settings.get(&pair.client).cloned().unwrap_or_default();
        let groups = reads_groups(scenario);
        let redactor = self.redactor.clone();
        let player = Player::new(scenario, pair.client, place, &candidates, groups, &settings, redactor);
        if self.options.transcript {
            player.keep_transcript();
        }
        if self.options.keep_exchanges {
            player.keep_exchanges(self.options.clock.clone());
        }
        let (mut played, place, started) = Box::pin(player.play(&self.cancel, self.options.keep)).await;
        let whole = played.is_whole();
        let effort =
            Effort { took: started.elapsed(), waited: place.wire.waited(), requests: place.wire.sent() };
        if played.interrupted {
            let why = self.cancel.why().unwrap_or(Why::Interrupted);
            if why == Why::Interrupted {
                // What was cut off says nothing about the endpoint.
                let reason = format!("{}: not judged", why.as_str());
                return Ok((cut_off(about.clone(), reason, effort, played.exchanges), None));
            }
            played.trouble = Some(Trouble { message: why.as_str().to_owned(), at: None, exchange: None });
        }
        if let Some(what) = &played.unstaged {
            return Ok((unstaged(about.clone(), what, effort, played.exchanges), None));
        }
        let own_limits = limits_beside_staged_ones(&played.exchanges);
        let mut verdict = Verdict::of(scenario, pair.client, &played, &candidates, view);
        let mut compared = Compared::default();
        let transcript = played.transcript.take().filter(|_| whole);
        let transcript = transcript.map(|text| self.redactor.text(&text).into_owned());
        if let Some(text) = &transcript {
            compared.transcript = Some(self.hold_transcript(pair, scenario, text)?);
        }
        if let Some(other) = &self.options.against {
            let (checkpoints, findings) = (&verdict.checkpoints, &played.settled.findings);
            let key = (scenario.id.as_str(), pair.client);
            compared.against = other.compare(key, checkpoints, findings, &played.outcomes, view);
        }
        let name = verdict.name.take().filter(|_| whole);
        let outcomes = std::mem::take(&mut played.outcomes);
        let mut report = report(about.clone(), played, verdict, compared, effort, &self.options.known);
        if let Some(text) = transcript {
            self.keep_transcript(pair, scenario, &text, &mut report);
        }
        if self.options.keep_outcomes {
            report.outcomes = Some(outcomes.clone());
        }
        if own_limits > 0 && differs_only_in_what_is_left(&report) {
            let reason = format!(
                "the endpoint's own rate limit added {} of 429 to those of the scenario",
                counted(own_limits, "answer")
            );
            return Ok((cut_off(about.clone(), reason, effort, report.exchanges), None));
        }
        if report.status == Status::Failed {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        // What is known to be wrong waits for nobody's acceptance.
        let left = name.filter(|_| report.status != Status::Known).map(|name| (name, outcomes));
        Ok((report, left))
    }

    /// Whether nothing more is begun, be it that so many failed, that the target's requests are spent, or that somebody
    /// interrupted.
    pub(in crate::run) fn is_closed(&self) -> bool {
        self.cancel.is_cancelled() || self.has_enough() || self.is_spent()
    }

    fn is_spent(&self) -> bool {
        let pace = self.options.target.as_ref().and_then(|target| target.pace.as_ref());
        pace.is_some_and(|pace| pace.is_spent())
    }

    fn has_enough(&self) -> bool {
        let failures = self.failures.load(Ordering::Relaxed);
        self.options.fail_fast.is_some_and(|most| failures >= most.max(1))
    }

    fn hold_transcript(
        &self,
        pair: Pair,
        scenario: &Scenario,
        text: &str,
    ) -> Result<CheckpointReport, String> {
        let shelf = self.options.shelf(&self.queue.scenario(pair).entry);
        let held = transcript::hold(shelf, scenario, pair.client, text).map_err(|error| error.to_string())?;
        Ok(CheckpointReport {
            name: "transcript".to_owned(),
            kind: CheckpointKind::Transcript,
            status: held.status,
            diff: held.diff,
            at: Diagnostic::new(&scenario.source, At { line: 1, column: 1, len: 1 }, String::new()),
            after: Vec::new(),
        })
    }

    /// Keeps a transcript that is not what was accepted for a review, where the user wants that.
    fn keep_transcript(&self, pair: Pair, scenario: &Scenario, text: &str, report: &mut PairReport) {
        let held = report.checkpoints.iter().find(|held| held.kind == CheckpointKind::Transcript);
        let Some(status) = held.map(|held| held.status) else { return };
        if self.options.update == Update::No || status == CheckpointStatus::Same {
            return;
        }
        let explained_by = faults(report);
        let may = May { update: self.options.update, status, explained_by: &explained_by };
        let shelf = self.options.shelf(&self.queue.scenario(pair).entry);
        match transcript::keep(shelf, scenario, pair.client, text, may) {
            Ok(file) => {
                if let Some(file) = file.as_ref().filter(|_| !explained_by.is_empty()) {
                    report.review.explained.insert(file.clone(), explained_by);
                }
                report.review.pending.extend(file);
            }
            Err(error) => report.review.unwritten.push(error.to_string()),
        }
    }
}

/// How many requests the endpoint refused as too many, where the scenario refuses some itself: a provider that would have
/// tried once more has given up after both.
fn limits_beside_staged_ones(exchanges: &[ExchangeLine]) -> usize {
    let is_limit = |line: &&ExchangeLine| line.status == 429;
    let (staged, own): (Vec<_>, Vec<_>) =
        exchanges.iter().filter(is_limit).partition(|line| line.intercepted.is_some());
    if staged.is_empty() { 0 } else { own.len() }
}

/// Whether something differs in a pair, and not because of what any exchange shows.
fn differs_only_in_what_is_left(report: &PairReport) -> bool {
    let is_left =
        |cause: &&Cause| [OUTCOME.id, ALTERNATIVE.id, EXPECTATION.id].contains(&cause.requirement.id);
    let (left, others): (Vec<_>, Vec<_>) = report.causes.iter().partition(is_left);
    !left.is_empty() && others.iter().all(|cause| cause.level != Level::Must)
}

/// Why the target has no room for a scenario's people, where it has not.
fn too_many(scenario: &Scenario, options: &Options) -> Option<String> {
    let most = options.target.as_ref()?.rules.max_people?;
    let people = scenario.directory.people.len() + scenario.given.customers.len();
    (people > most).then(|| format!("needs {people} people, but max_people of the target is {most}"))
}

/// Why the expectation of a bundled scenario is too weak to fail a foreign endpoint, if it is. Snapshots that were accepted for
/// the target are expected in full.
fn weak(scenario: &Scenario, options: &Options) -> Option<&'static str> {
    let is_judged_in_full = options.target.is_none() || options.snapshots.is_some();
    match scenario.evidence.mark {
        _ if is_judged_in_full => None,
        Mark::Documented | Mark::Captured | Mark::Source => None,
        Mark::Reported => Some("the scenario rests on a report, so this is a warning"),
        Mark::Inferred => Some("the scenario rests on inference, so this is a warning"),
    }
}

fn about(pair: Pair, planned: &Planned, scenario: Option<&Scenario>, options: &Options) -> About {
    let project = planned.entry.project(&options.cwd);
    // Where the target keeps snapshots of its own, they are reviewed from here.
    let is_here = options.snapshots.is_some() || project == options.cwd;
    About {
        id: scenario.map_or_else(|| planned.entry.id(), |scenario| scenario.id.clone()),
        title: scenario.map(|scenario| scenario.title.clone()).unwrap_or_default(),
        file: scenario.map(|scenario| scenario.source.path.to_string()).unwrap_or_default(),
        word: planned.entry.word(),
        project: (!is_here).then(|| project.display().to_string()),
        behaviour: scenario.and_then(|scenario| scenario.behaviour.clone()),
        client: pair.client,
        decides: Decides {
            in_pack: planned.entry.is_bundled() && Pack::Ready.holds(planned.pack),
            names: planned.entry.is_bundled()
                && scenario.is_some_and(|scenario| scenario.clients.contains(&pair.client)),
        },
        weak: scenario.filter(|_| planned.entry.is_bundled()).and_then(|scenario| weak(scenario, options)),
    }
}
