//! Known failures in a run: what they excuse, and which of them no longer occur.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::event::{KnownReport, KnownState};
use crate::idp::ClientName;
use crate::requirement::Cause;
use crate::scenario::Scenario;
use crate::settings::Known;

use crate::event::{PairReport, Status};

/// What a run knows beforehand.
#[derive(Debug, Clone)]
pub struct KnownFailures {
    /// The entries, each bound to the scenarios that it is about.
    pub entries: Vec<Arc<Known>>,
    /// The clients that play where nothing narrows the run down.
    pub clients: Vec<ClientName>,
    /// The day it is.
    pub today: Date,
}

impl Default for KnownFailures {
    fn default() -> Self {
        Self { entries: Vec::new(), clients: ClientName::ALL.to_vec(), today: Date::default() }
    }
}

impl KnownFailures {
    /// Leaves out scenarios that are never played where nobody selects them by name.
    pub fn narrow(&mut self, ids: &BTreeSet<String>) {
        for entry in &mut self.entries {
            Arc::make_mut(entry).narrow(ids);
        }
    }

    /// Which entries a pair's failures meet: by a cause, or by a requirement of any level in `broken` that it does not meet.
    pub fn of(
        &self,
        scenario: &str,
        client: ClientName,
        causes: &[Cause],
        broken: &BTreeSet<&str>,
    ) -> Vec<Arc<Known>> {
        let is_met = |entry: &Known| {
            causes.iter().any(|cause| entry.covers(cause.requirement.id, &cause.id()))
                || broken.iter().any(|requirement| entry.names(requirement))
        };
        let known = self.entries.iter().filter(|entry| {
            entry.is_about(scenario, client) && !entry.has_expired(self.today) && is_met(entry)
        });
        known.map(Arc::clone).collect()
    }
}

/// Counts which entries are seen while the pairs come through.
#[derive(Debug)]
pub(in crate::run) struct Tally {
    today: Date,
    clients: Vec<ClientName>,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    entry: Arc<Known>,
    met: BTreeSet<String>,
    played: bool,
    seen: bool,
    whole: bool,
}

impl Tally {
    pub(in crate::run) fn new(known: &KnownFailures) -> Self {
        let line = |entry: &Arc<Known>| Line {
            entry: Arc::clone(entry),
            met: BTreeSet::new(),
            played: false,
            seen: false,
            whole: true,
        };
        Self {
            today: known.today,
            clients: known.clients.clone(),
            lines: known.entries.iter().map(line).collect(),
        }
    }

    /// Takes a pair in. `players` are the clients that play its scenario in this run.
    pub(in crate::run) fn add(
        &mut self,
        report: &PairReport,
        scenario: Option<&Scenario>,
        players: &[ClientName],
    ) {
        for line in self.lines.iter_mut().filter(|line| line.entry.is_about(&report.id, report.client)) {
            line.met.insert(report.id.clone());
            line.seen |= report.known.iter().any(|entry| Arc::ptr_eq(entry, &line.entry));
            match report.status {
                // What the target does not let us do cannot be seen there; the entry may be about others too.
                Status::Skipped => {}
                Status::Errored => line.whole = false,
                Status::Passed | Status::Failed | Status::New | Status::Known => line.played = true,
            }
            let all = scenario.map_or(&[][..], |scenario| &scenario.clients);
            line.whole &= all
                .iter()
                .filter(|client| line.entry.sees(**client) && self.clients.contains(client))
                .all(|client| players.contains(client));
        }
    }

    /// How each entry that this run met did. A run that was cut short says of none that nobody sees it.
    pub(in crate::run) fn end(self, cut_short: bool) -> Vec<KnownReport> {
        let today = self.today;
        self.lines
            .into_iter()
            .filter(|line| !line.met.is_empty())
            .map(|line| {
                let whole = line.whole && !cut_short && line.met == *line.entry.ids();
                let state = if line.entry.has_expired(today) {
                    KnownState::Expired
                } else if line.seen {
                    KnownState::Fails
                } else if whole && line.played {
                    KnownState::Passes
                } else {
                    KnownState::Open
                };
                KnownReport { entry: line.entry, state }
            })
            .collect()
    }
}
