//! A scenario with the snapshots that it may be compared with, read once for all its clients.

use std::path::Path;

use crate::idp::ClientName;
use crate::scenario::Scenario;
use crate::scenario::catalogue::{Entry, ScenarioError};
use crate::snapshot::{Candidate, Name, OwnFolder, Shelf};

use super::PlanError;
use super::validate::check;
use crate::run::target::endpoint::Site;

/// Bytes that a step takes when it is read, about; what a line of text says takes little beside it.
const STEP: usize = 512;

/// A scenario and its snapshots.
#[derive(Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// Every outcome that one of its clients may leave, each once.
    snapshots: Vec<Candidate>,
}

impl Loaded {
    /// Reads both, and checks what the file alone cannot say.
    pub fn read(entry: &Entry, cwd: &Path, own: Option<&OwnFolder>) -> Result<Self, PlanError> {
        let scenario = entry.load()?;
        check(&scenario).map_err(ScenarioError::Invalid)?;
        let shelf = Shelf { project: entry.project(cwd), own };
        let mut snapshots: Vec<Candidate> = Vec::new();
        for name in scenario.clients.iter().flat_map(|client| names(&scenario, *client, None)) {
            if snapshots.iter().all(|known| known.name != name) {
                snapshots.push(Candidate::find(shelf, name)?);
            }
        }
        Ok(Self { scenario, snapshots })
    }

    /// The outcomes that a client may leave: one for each alternative that the site's settings allow, or the only one.
    pub fn candidates(&self, client: ClientName, site: Option<&Site>) -> Vec<Candidate> {
        names(&self.scenario, client, site)
            .into_iter()
            .filter_map(|name| self.snapshots.iter().find(|known| known.name == name).cloned())
            .collect()
    }

    /// How much memory it takes, about.
    pub fn weight(&self) -> usize {
        self.scenario.source.text.len() + STEP * self.scenario.steps.len()
    }
}

fn names(scenario: &Scenario, client: ClientName, site: Option<&Site>) -> Vec<Name> {
    let own = scenario.differs.contains_key(&client).then(|| client.as_str().to_owned());
    let name = |alternative: Option<&str>| Name {
        scenario: scenario.id.clone(),
        alternative: alternative.map(str::to_owned),
        client: own.clone(),
    };
    if scenario.alternatives.is_empty() {
        return vec![name(None)];
    }
    scenario
        .alternatives
        .iter()
        .filter(|alternative| site.is_none_or(|site| !alternative.elsewhere && site.has(&alternative.when)))
        .map(|alternative| name(Some(&alternative.name)))
        .collect()
}
