//! Which client plays which scenario, and which pairs the target cannot serve. What is wrong with a selection is found
//! here, before anything is sent.
//!
//! May use, of `run`: `target`.

pub(in crate::run) mod deciding;
pub(crate) mod loaded;
pub mod narrowing;
pub(crate) mod substitutes;
pub mod validate;

use std::collections::BTreeSet;
use std::fmt;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use crate::idp::ClientName;
use crate::lock::lock;
use crate::scenario::catalogue::{Entry, ScenarioError};
use crate::scenario::{Capability, Pack, Scenario};
use crate::snapshot::{OwnFolder, SnapshotError};

use loaded::Loaded;
use substitutes::stands_in;

/// A pair to be played.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Its place among the pairs of the plan.
    pub index: usize,
    /// Its scenario's place among those of the plan.
    pub scenario: usize,
    /// By which client.
    pub client: ClientName,
    /// Whether it is the scenario's last.
    pub is_last: bool,
}

/// How much of what was read for the plan is kept until its turn, in bytes; the rest is read again.
const KEPT: usize = 320 * 1024;

/// How many files are read at a time, or twice as many where these are all: what was read and is not kept is let go of after
/// each batch.
const BATCH: usize = 128;

/// Fewer files than this are read sooner than a second thread is there.
const WORTH_A_THREAD: usize = 24;

/// A scenario in a plan. A plan of thousands stays small: what does not fit is read again when its turn comes.
pub struct Planned {
    /// Where it is.
    pub entry: Entry,
    /// The clients that play it.
    pub clients: Arc<[ClientName]>,
    /// The smallest pack that it is part of.
    pub pack: Pack,
    held: Mutex<Option<Arc<Loaded>>>,
}

impl Planned {
    /// The scenario with its snapshots, read again unless they were kept or another client plays it just now.
    pub fn load(&self, cwd: &Path, own: Option<&OwnFolder>) -> Result<Arc<Loaded>, PlanError> {
        let mut held = lock(&self.held);
        let loaded = match held.take() {
            Some(loaded) => loaded,
            None => Arc::new(Loaded::read(&self.entry, cwd, own)?),
        };
        *held = Some(Arc::clone(&loaded));
        Ok(loaded)
    }

    /// Lets go of the scenario.
    pub fn done(&self) {
        lock(&self.held).take();
    }
}

impl fmt::Debug for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut planned = f.debug_struct("Planned");
        planned.field("entry", &self.entry).field("clients", &self.clients).finish_non_exhaustive()
    }
}

/// Where the next pair of a plan stands.
#[derive(Debug, Default)]
struct Place {
    index: usize,
    scenario: usize,
    client: usize,
}

/// The work that is left of a plan, for all who take of it.
#[derive(Debug)]
pub struct Queue {
    plan: Arc<Plan>,
    next: Mutex<Place>,
}

impl Queue {
    /// All of a plan.
    pub fn new(plan: Arc<Plan>) -> Self {
        Self { plan, next: Mutex::default() }
    }

    /// Takes the next pair.
    pub fn take(&self) -> Option<Pair> {
        self.plan.pairs.at(&mut lock(&self.next))
    }

    /// Whether all were taken.
    pub fn is_empty(&self) -> bool {
        lock(&self.next).index >= self.plan.pairs.len()
    }

    /// The scenario of a pair.
    pub fn scenario(&self, pair: Pair) -> &Planned {
        &self.plan.pairs.planned[pair.scenario]
    }
}

/// The pairs of a run, in order.
#[derive(Debug, Default)]
pub struct Pairs {
    planned: Vec<Planned>,
    count: usize,
}

impl Pairs {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Pair> {
        let mut next = Place::default();
        std::iter::from_fn(move || self.at(&mut next))
    }

    /// The scenarios, in order.
    pub fn scenarios(&self) -> &[Planned] {
        &self.planned
    }

    /// The pair at a place, which moves on to the next one.
    fn at(&self, place: &mut Place) -> Option<Pair> {
        let clients = &self.planned.get(place.scenario)?.clients;
        let is_last = place.client + 1 == clients.len();
        let client = *clients.get(place.client)?;
        let pair = Pair { index: place.index, scenario: place.scenario, client, is_last };
        let (scenario, client) =
            if is_last { (place.scenario + 1, 0) } else { (place.scenario, place.client + 1) };
        *place = Place { index: place.index + 1, scenario, client };
        Some(pair)
    }
}

/// What a run plays.
#[derive(Debug, Default)]
pub struct Plan {
    /// The pairs.
    pub pairs: Pairs,
    /// The number of scenarios that somebody plays.
    pub scenarios: usize,
    /// Whether some scenario needs groups.
    pub needs_groups: bool,
}

/// A file that is invalid.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A scenario.
    #[error("{0}")]
    Scenario(#[from] ScenarioError),
    /// A snapshot.
    #[error("{0}")]
    Snapshot(#[from] SnapshotError),
}

/// What a plan needs of a file.
struct Read {
    players: Vec<ClientName>,
    pack: Pack,
    needs_groups: bool,
    kept: Option<Box<Loaded>>,
}

/// Reads every scenario and its snapshots once, so that an invalid file stops the run before anything is sent.
pub fn plan(entries: Vec<Entry>, clients: Option<&[ClientName]>, cwd: &Path) -> Result<Plan, Vec<PlanError>> {
    plan_with(entries, clients, cwd, None)
}

/// The same for a target that keeps snapshots of its own.
pub fn plan_with(
    entries: Vec<Entry>,
    clients: Option<&[ClientName]>,
    cwd: &Path,
    own: Option<&OwnFolder>,
) -> Result<Plan, Vec<PlanError>> {
    let mut plan = Plan::default();
    plan.pairs.planned.reserve_exact(entries.len());
    let mut errors = Vec::new();
    let mut players: Vec<Arc<[ClientName]>> = Vec::new();
    let reader = Reader { clients, cwd, own, kept: AtomicUsize::new(0) };
    let mut entries = entries.into_iter();
    while entries.len() > 0 {
        let size = if entries.len() <= 2 * BATCH { entries.len() } else { BATCH };
        let batch: Vec<Entry> = entries.by_ref().take(size).collect();
        let read = reader.read_all(&batch);
        for (entry, read) in batch.into_iter().zip(read) {
            match read {
                Ok(read) => plan.add(entry, read, &mut players),
                Err(error) => errors.push(error),
            }
        }
    }
    if errors.is_empty() { Ok(plan) } else { Err(errors) }
}

impl Plan {
    /// Keeps some of the scenarios, each with all its clients.
    pub fn retain(&mut self, keep: impl FnMut(&Planned) -> bool) {
        self.pairs.planned.retain(keep);
        self.pairs.count = self.pairs.planned.iter().map(|planned| planned.clients.len()).sum();
        self.scenarios = self.pairs.planned.len();
    }

    /// Keeps some of the clients of each scenario, and the scenarios that some client is left of.
    pub(in crate::run) fn retain_pairs(&mut self, mut keep: impl FnMut(&Planned, ClientName) -> bool) {
        for planned in &mut self.pairs.planned {
            let kept = planned.clients.iter().copied().filter(|client| keep(planned, *client)).collect();
            planned.clients = kept;
        }
        self.retain(|planned| !planned.clients.is_empty());
    }

    /// Adds a scenario. `players` are the clients of those before: the same few stand in all of them.
    fn add(&mut self, entry: Entry, read: Read, players: &mut Vec<Arc<[ClientName]>>) {
        if read.players.is_empty() {
            return;
        }
        self.scenarios += 1;
        self.needs_groups |= read.needs_groups;
        self.pairs.count += read.players.len();
        let clients = players.iter().find(|known| ***known == *read.players).cloned().unwrap_or_else(|| {
            let fresh: Arc<[ClientName]> = read.players.into();
            players.push(Arc::clone(&fresh));
            fresh
        });
        let held = Mutex::new(read.kept.map(Arc::from));
        self.pairs.planned.push(Planned { entry, clients, pack: read.pack, held });
    }
}

struct Reader<'a> {
    clients: Option<&'a [ClientName]>,
    cwd: &'a Path,
    own: Option<&'a OwnFolder>,
    kept: AtomicUsize,
}

impl Reader<'_> {
    /// Reads a batch, on two threads where that is worth it: nothing else is to be done meanwhile.
    fn read_all(&self, batch: &[Entry]) -> Vec<Result<Read, PlanError>> {
        if batch.len() < WORTH_A_THREAD {
            return batch.iter().map(|entry| self.read(entry)).collect();
        }
        let next = AtomicUsize::new(0);
        let take = || {
            let place = next.fetch_add(1, Ordering::Relaxed);
            batch.get(place).map(|entry| (place, self.read(entry)))
        };
        let read = || -> Vec<_> { std::iter::from_fn(take).collect() };
        // A thread that has just begun may wait behind this one for its core for some milliseconds; who is woken is given one
        // that is idle.
        let begun = Barrier::new(2);
        let mut all = thread::scope(|scope| {
            let beside = thread::Builder::new().spawn_scoped(scope, || {
                begun.wait();
                read()
            });
            // Where there is no second thread to be had, this one reads all.
            let Ok(beside) = beside else { return read() };
            begun.wait();
            let mut all = read();
            all.extend(beside.join().unwrap_or_else(|bug| resume_unwind(bug)));
            all
        });
        all.sort_unstable_by_key(|(place, _)| *place);
        all.into_iter().map(|(_, read)| read).collect()
    }

    fn read(&self, entry: &Entry) -> Result<Read, PlanError> {
        let loaded = Loaded::read(entry, self.cwd, self.own)?;
        let scenario = &loaded.scenario;
        let plays = |client: &ClientName| self.clients.is_none_or(|clients| clients.contains(client));
        let named = self.clients.unwrap_or_default();
        let stand_ins = named.iter().filter(|client| stands_in(**client, scenario));
        let players: Vec<ClientName> =
            scenario.clients.iter().filter(|client| plays(client)).chain(stand_ins).copied().collect();
        let needs_groups = !players.is_empty() && scenario.needs().contains(&Capability::Groups);
        let weight = loaded.weight();
        let fits = !players.is_empty() && self.kept.fetch_add(weight, Ordering::Relaxed) + weight <= KEPT;
        let pack = scenario.pack;
        Ok(Read { players, pack, needs_groups, kept: fits.then(|| Box::new(loaded)) })
    }
}

/// Why a target cannot serve a scenario, where it cannot.
pub fn missing(scenario: &Scenario, has: &BTreeSet<Capability>) -> Option<String> {
    let missing: Vec<&str> = scenario
        .needs()
        .into_iter()
        .filter(|capability| !has.contains(capability))
        .map(Capability::as_str)
        .collect();
    if missing.is_empty() { None } else { Some(format!("needs {}", missing.join(", "))) }
}
