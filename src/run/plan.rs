//! Which client plays which scenario, and which pairs the target cannot serve.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use crate::idp::ClientName;
use crate::scenario::catalogue::{Entry, ScenarioError};
use crate::scenario::{Capability, Scenario};
use crate::snapshot::SnapshotError;

use super::check::check;
use super::judge::candidates;
use super::stand_in::stands_in;

/// A pair to be played.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Which scenario.
    pub scenario: Rc<Planned>,
    /// By which client.
    pub client: ClientName,
}

/// How many bytes of scenario files are kept read from the plan to their turn; the others are read again.
const KEPT: usize = 128 * 1024;

/// A scenario in a plan. A plan of thousands stays small: what does not fit is read again when its turn comes.
#[derive(Debug)]
pub struct Planned {
    /// Where it is.
    pub entry: Entry,
    /// The folder below which its snapshots are.
    pub project: Rc<Path>,
    /// The clients that play it.
    pub clients: Rc<[ClientName]>,
    kept: RefCell<Option<Rc<Scenario>>>,
    loaded: RefCell<std::rc::Weak<Scenario>>,
}

impl Planned {
    /// The scenario, read again unless it was kept or another client plays it just now.
    pub fn load(&self) -> Result<Rc<Scenario>, ScenarioError> {
        if let Some(scenario) = self.loaded.borrow().upgrade() {
            return Ok(scenario);
        }
        let scenario = match self.kept.take() {
            Some(scenario) => scenario,
            None => Rc::new(self.entry.load()?),
        };
        *self.loaded.borrow_mut() = Rc::downgrade(&scenario);
        Ok(scenario)
    }

    /// Lets go of the scenario: even a weak reference keeps the room that it took.
    pub fn done(&self) {
        *self.loaded.borrow_mut() = std::rc::Weak::new();
    }
}

/// The pairs of a run, in order.
#[derive(Debug, Default)]
pub struct Plan {
    /// The pairs.
    pub pairs: Vec<Pair>,
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

/// Reads every scenario and its snapshots once, so that an invalid file stops the run before anything is sent.
pub fn plan(entries: Vec<Entry>, clients: Option<&[ClientName]>, cwd: &Path) -> Result<Plan, Vec<PlanError>> {
    let named = clients.unwrap_or_default();
    let mut plan = Plan::default();
    let mut kept = 0;
    let mut errors = Vec::new();
    for entry in entries {
        let project = entry.project(cwd);
        let scenario = match read(&entry, &project) {
            Ok(scenario) => scenario,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let players: Vec<ClientName> = scenario
            .clients
            .iter()
            .copied()
            .filter(|client| clients.is_none_or(|clients| clients.contains(client)))
            .chain(named.iter().copied().filter(|client| stands_in(*client, &scenario)))
            .collect();
        if players.is_empty() {
            continue;
        }
        plan.scenarios += 1;
        plan.needs_groups |= scenario.needs().contains(&Capability::Groups);
        let length = scenario.source.text.len();
        // Neighbours mostly share these.
        let last = plan.pairs.last().map(|pair| Rc::clone(&pair.scenario));
        let same = last.as_ref().filter(|last| *last.project == *project);
        let project = same.map_or_else(|| project.into(), |last| Rc::clone(&last.project));
        let same = last.filter(|last| *last.clients == *players);
        let clients = same.map_or_else(|| players.as_slice().into(), |last| Rc::clone(&last.clients));
        let fits = kept + length <= KEPT;
        kept += if fits { length } else { 0 };
        let planned = Rc::new(Planned {
            entry,
            project,
            clients,
            kept: RefCell::new(fits.then(|| Rc::new(scenario))),
            loaded: RefCell::default(),
        });
        plan.pairs.extend(players.into_iter().map(|client| Pair { scenario: Rc::clone(&planned), client }));
    }
    if errors.is_empty() { Ok(plan) } else { Err(errors) }
}

fn read(entry: &Entry, project: &Path) -> Result<Scenario, PlanError> {
    let scenario = entry.load()?;
    check(&scenario).map_err(ScenarioError::Invalid)?;
    for client in scenario.clients.iter().copied() {
        candidates(&scenario, client, project, None)?;
    }
    Ok(scenario)
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
