//! Watches a pair's wire: holds each exchange against the requirements as it comes, and lets go of it. What stays is a
//! line for each, the findings, and the latest writes, so that a long pair stays small.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::diag::{At, Diagnostic, Source};
use crate::idp::ClientName;
use crate::outcome::Naming;
use crate::requirement::{
    Checker, Discovery, EXPECTATION, Effects, Finding, Observed, Part, Raised, Sign, Trail, described, key,
};
use crate::wire::{Answer, Exchange, Observer, TransportError};

use super::expect::Unmet;
use super::keeper::Keeper;
use super::transcript::Transcript;
use crate::context::Clock;
use crate::event::{ExchangeLine, Told};

/// Writes before a checkpoint that are shown when it changed.
const MOST_WRITES: usize = 8;

/// Writes that are kept because later reads may show that they did wrong.
const MOST_RECENT: usize = 64;

/// How much of a body is kept of the exchanges that are shown, and of how many; of the others less.
pub(in crate::run) const MOST_BODY: usize = 16 * 1024;
const IN_FULL: usize = 32;
const LESS: usize = 1024;

/// Findings that are kept of one requirement, and of all.
const MOST_OF_ONE: usize = 50;
const MOST_FINDINGS: usize = 200;

/// The longest path that is kept.
const MOST_PATH: usize = 2048;

/// A pair's record.
#[derive(Debug)]
pub struct Recorder {
    client: ClientName,
    source: Source,
    naming: Naming,
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    at: At,
    checker: Checker,
    record: Record,
    transcript: Option<Transcript>,
    keeper: Option<Keeper>,
    /// The writes since the last checkpoint, the latest at the end.
    writes: VecDeque<Arc<Exchange>>,
    /// How many exchanges were kept, and the last of them.
    kept: usize,
    last_kept: Option<Arc<Exchange>>,
    /// Whether exchanges overlap, so that nobody can say what came before what.
    at_once: bool,
    /// Writes, by their numbers, of which later reads may show that they did wrong.
    recent: BTreeMap<usize, Arc<Exchange>>,
    /// What a script would send again.
    trail: Trail,
}

/// What was recorded.
#[derive(Debug, Default)]
pub struct Record {
    /// The findings.
    pub findings: Vec<Finding>,
    /// How many findings were left out, because there were so many.
    pub more_findings: usize,
    /// Every exchange in short.
    pub exchanges: Vec<ExchangeLine>,
    /// Whether nobody listened any more at some point.
    pub gone: bool,
    /// From which exchange on a write had been refused, which was said or is right: what is read afterwards follows from
    /// that.
    pub refused: Option<usize>,
    /// Whether a connection broke before the answer was whole, or nothing whole came in time.
    pub broken: bool,
}

impl Recorder {
    /// A record that is empty.
    pub fn new(client: ClientName, source: &Source, naming: &Naming, discovery: Arc<Discovery>) -> Self {
        let state = State {
            at: At::default(),
            checker: Checker::knowing(client, discovery),
            record: Record::default(),
            transcript: None,
            keeper: None,
            writes: VecDeque::new(),
            kept: 0,
            last_kept: None,
            at_once: false,
            recent: BTreeMap::new(),
            trail: Trail::new(naming.token()),
        };
        Self { client, source: source.clone(), naming: naming.clone(), state: RefCell::new(state) }
    }

    /// Writes a transcript from now on.
    pub fn keep_transcript(&self, transcript: Transcript) {
        self.state.borrow_mut().transcript = Some(transcript);
    }

    /// Keeps every exchange in full from now on.
    pub fn keep_all(&self, clock: Clock) {
        self.state.borrow_mut().keeper = Some(Keeper::new(clock));
    }

    /// Every exchange in full, where they are kept.
    pub fn take_all(&self) -> Option<Vec<Told>> {
        self.state.borrow().keeper.as_ref().map(Keeper::take)
    }

    /// How much of a transcript was written so far.
    pub fn transcript_len(&self) -> usize {
        self.state.borrow().transcript.as_ref().map_or(0, Transcript::len)
    }

    /// Takes back what was written after that much: it is read once more.
    pub fn rewind_transcript(&self, len: usize) {
        if let Some(transcript) = &mut self.state.borrow_mut().transcript {
            transcript.rewind(len);
        }
    }

    /// The transcript, where one was kept.
    pub fn take_transcript(&self) -> Option<String> {
        self.state.borrow_mut().transcript.take().map(|transcript| transcript.text().to_owned())
    }

    /// Says at which step the exchanges that follow are.
    pub fn stand_at(&self, at: At) {
        let mut state = self.state.borrow_mut();
        state.at = at;
        if let Some(keeper) = &state.keeper {
            let line = at.line.checked_sub(1).and_then(|above| self.source.text.lines().nth(above));
            let verb = line.map(|line| line.trim().trim_start_matches("- ").trim_end_matches(':'));
            keeper.stand_at(verb.map(|verb| format!("{}: {verb}", at.line)).as_deref());
        }
    }

    /// Forgets what the rules remember: something was changed past the wire.
    pub fn forget(&self) {
        self.state.borrow_mut().checker.forget();
    }

    /// Says whether the exchanges that follow overlap: the rules take nothing for granted that one of them says.
    pub fn at_once(&self, at_once: bool) {
        let mut state = self.state.borrow_mut();
        state.at_once = at_once;
        state.trail.at_once(at_once);
        state.checker.forget();
    }

    /// Says that a write of the scenario was refused, or was answered as only other endpoints answer it.
    pub fn refuse(&self, exchange: &Exchange) {
        self.state.borrow_mut().record.refused.get_or_insert(exchange.number + 1);
    }

    /// Records an expectation of the scenario that was not met.
    pub fn unmet(&self, unmet: Unmet, exchange: &Arc<Exchange>) {
        let mut state = self.state.borrow_mut();
        let exchange = state.keep(exchange);
        state.record.add(Finding {
            requirement: &EXPECTATION,
            key: self.key(unmet.part, &exchange),
            message: unmet.message,
            culprit: Some(Arc::clone(&exchange)),
            exchange,
            at: self.point(unmet.at),
            sign: (!unmet.clues.is_empty()).then(|| Sign { clues: unmet.clues, ..Sign::default() }),
            part: Some(unmet.part),
        });
    }

    /// What was done wrong where an expectation was not met: the part of the answer, and what was asked.
    fn key(&self, part: Part, exchange: &Exchange) -> String {
        let part = match part {
            Part::Status => "status",
            Part::Form => "form",
            Part::Body => "body",
        };
        key(&format!("{part} {}", described(exchange, self.client).0))
    }

    /// The writes since the last call, the latest at the end.
    pub fn take_writes(&self) -> Vec<Arc<Exchange>> {
        self.state.borrow_mut().writes.drain(..).collect()
    }

    /// The last write since the last checkpoint.
    pub fn last_write(&self) -> Option<Arc<Exchange>> {
        self.state.borrow().writes.back().cloned()
    }

    /// Whether an answer did not come, and nobody has seen yet whether the endpoint is still there.
    pub fn is_in_doubt(&self) -> bool {
        let state = self.state.borrow();
        state.record.broken && !state.record.gone
    }

    /// Which ways the endpoint has shown where several are right.
    pub fn observed(&self) -> Vec<Observed> {
        self.state.borrow().checker.observed().to_vec()
    }

    /// What became of the changes that the writes asked for.
    pub fn effects(&self) -> Effects {
        self.state.borrow().checker.effects().clone()
    }

    /// The latest exchanges; there are none afterwards.
    pub fn take_trail(&self) -> Trail {
        std::mem::take(&mut self.state.borrow_mut().trail)
    }

    /// What was recorded so far; the record is empty afterwards.
    pub fn take(&self) -> Record {
        std::mem::take(&mut self.state.borrow_mut().record)
    }

    /// A place in the scenario.
    pub fn point(&self, at: At) -> Diagnostic {
        let at = if at.line == 0 { At { line: 1, column: 1, len: 1 } } else { at };
        Diagnostic::new(&self.source, at, String::new())
    }
}

impl State {
    /// The exchange as it is kept for reports.
    fn keep(&mut self, exchange: &Arc<Exchange>) -> Arc<Exchange> {
        if let Some(last) = self.last_kept.as_ref().filter(|last| last.number == exchange.number) {
            return Arc::clone(last);
        }
        self.kept += 1;
        let kept = exchange.light(if self.kept > IN_FULL { LESS } else { MOST_BODY });
        self.last_kept = Some(Arc::clone(&kept));
        kept
    }
}

impl Record {
    /// Adds a finding, where not too many like it are there.
    fn add(&mut self, finding: Finding) {
        let alike =
            self.findings.iter().filter(|other| other.requirement.id == finding.requirement.id).count();
        if alike < MOST_OF_ONE && self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        } else {
            self.more_findings += 1;
        }
    }
}

impl Observer for Recorder {
    fn saw(&self, exchange: &Arc<Exchange>) {
        let found = {
            let mut state = self.state.borrow_mut();
            if state.at_once {
                state.checker.forget();
            }
            state.checker.observe(exchange)
        };
        self.record(exchange, found);
        self.write_down(exchange);
    }

    fn doubts(&self, exchange: &Arc<Exchange>, may_lag: &dyn Fn(&str) -> bool) -> Option<String> {
        let (found, in_doubt) = self.state.borrow_mut().checker.observe_unless_in_doubt(exchange, may_lag);
        self.record(exchange, found);
        if in_doubt.is_none() {
            self.write_down(exchange);
        }
        in_doubt
    }
}

impl Recorder {
    fn write_down(&self, exchange: &Exchange) {
        if let Some(transcript) = &mut self.state.borrow_mut().transcript {
            transcript.note(exchange);
        }
    }

    fn record(&self, exchange: &Arc<Exchange>, found: Vec<Raised>) {
        let mut state = self.state.borrow_mut();
        state.trail.note(exchange);
        let writes = exchange.request.method.writes();
        let kept = (!found.is_empty() || writes).then(|| state.keep(exchange));
        let State { at, record, recent, keeper, .. } = &mut *state;
        record.gone |= matches!(exchange.answer, Answer::Failed(TransportError::Connect(_)));
        record.broken |=
            matches!(exchange.answer, Answer::Failed(TransportError::Broken(_) | TransportError::Timeout(_)));
        if writes && exchange.status() >= 400 && found.iter().any(|raised| raised.requirement.explains()) {
            record.refused.get_or_insert(exchange.number);
        }
        if let Some(kept) = kept.as_ref().filter(|_| writes) {
            if recent.len() == MOST_RECENT {
                recent.pop_first();
            }
            recent.insert(kept.number, Arc::clone(kept));
        }
        for raised in found {
            record.add(Finding {
                requirement: raised.requirement,
                key: raised.key,
                message: self.naming.read_all(&raised.message),
                exchange: Arc::clone(kept.as_ref().unwrap_or(exchange)),
                culprit: raised.culprit.and_then(|number| {
                    kept.as_ref()
                        .filter(|kept| kept.number == number)
                        .or_else(|| recent.get(&number))
                        .cloned()
                }),
                sign: raised.sign,
                at: self.point(*at),
                part: None,
            });
        }
        if let Some(keeper) = keeper {
            keeper.saw(exchange);
        }
        record.exchanges.push(ExchangeLine {
            method: exchange.request.method.as_str(),
            path: exchange.request.short_target(MOST_PATH),
            status: exchange.status(),
            took: exchange.took,
            left: exchange.left(),
            intercepted: exchange.intercepted(),
        });
        if let Some(kept) = kept.filter(|_| writes) {
            let writes = &mut state.writes;
            if writes.len() == MOST_WRITES {
                writes.pop_front();
            }
            writes.push_back(kept);
        }
    }
}
