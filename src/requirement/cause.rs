//! Turns findings into causes: the fault of the endpoint, the write that triggered it, and its consequences.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diag::Diagnostic;
use crate::idp::{ClientName, Family};
use crate::wire::Exchange;

use super::catalogue::OUTCOME;
use super::model::{Finding, Requirement};
use super::settle::Settled;

/// The most consequences that are kept of one cause.
const MOST_CONSEQUENCES: usize = 100;

/// One thing that is wrong with the endpoint.
#[derive(Debug, Clone)]
pub struct Cause {
    /// The requirement that is not met; [`OUTCOME`] where all that is known is that an outcome changed.
    pub requirement: &'static Requirement,
    /// What was done wrong: the same word in every run where the same is wrong. Empty where the requirement says it all.
    pub key: String,
    /// What happened where it was seen first.
    pub message: String,
    /// The request that did it, where that is known: the write, or the read that was answered badly.
    pub culprit: Option<Arc<Exchange>>,
    /// The exchange that shows it; nothing where only an outcome does.
    pub shown_by: Option<Arc<Exchange>>,
    /// The step of the scenario that shows it.
    pub at: Diagnostic,
    /// What follows from it.
    pub consequences: Vec<Consequence>,
    /// How many more consequences there are.
    pub more_consequences: usize,
    /// The providers that it hurts.
    pub families: BTreeSet<Family>,
    /// The pairs in which it was seen, in the order of the run.
    pub seen_in: Vec<SeenIn>,
}

/// A pair of a scenario and a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenIn {
    /// The scenario's id.
    pub scenario: String,
    /// The client.
    pub client: ClientName,
}

/// What follows from a cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consequence {
    /// The outcome at a checkpoint changed.
    Outcome {
        /// The pair.
        seen_in: SeenIn,
        /// The checkpoint.
        checkpoint: String,
    },
    /// Another requirement is not met because of it.
    Finding {
        /// The pair.
        seen_in: SeenIn,
        /// The requirement.
        requirement: &'static Requirement,
        /// What happened.
        message: String,
    },
}

/// A checkpoint whose outcome changed.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Its name.
    pub checkpoint: String,
    /// The kinds of differences, without names: `customer-missing`.
    pub kinds: Vec<String>,
    /// The last write before it.
    pub after: Option<Arc<Exchange>>,
    /// Its place in the scenario.
    pub at: Diagnostic,
}

impl Cause {
    /// Its stable id: the requirement's, and after a slash what was done wrong.
    pub fn id(&self) -> String {
        id(self.requirement, &self.key)
    }

    fn of(finding: &Finding, seen_in: &SeenIn) -> Self {
        Self {
            requirement: finding.requirement,
            key: finding.key.clone(),
            message: finding.message.clone(),
            culprit: finding.culprit.clone(),
            shown_by: Some(Arc::clone(&finding.exchange)),
            at: finding.at.clone(),
            consequences: Vec::new(),
            more_consequences: 0,
            families: BTreeSet::from([seen_in.client.family()]),
            seen_in: vec![seen_in.clone()],
        }
    }

    /// A change of an outcome that nothing explains: a cause by itself, named by what differs.
    fn of_outcome(changed: &Changed, seen_in: &SeenIn) -> Self {
        Self {
            requirement: &OUTCOME,
            key: changed.kinds.join("+"),
            message: format!("the outcome at checkpoint `{}` changed", changed.checkpoint),
            culprit: changed.after.clone(),
            shown_by: None,
            at: changed.at.clone(),
            consequences: Vec::new(),
            more_consequences: 0,
            families: BTreeSet::from([seen_in.client.family()]),
            seen_in: vec![seen_in.clone()],
        }
    }

    fn add(&mut self, consequence: Consequence) {
        if self.consequences.contains(&consequence) {
            return;
        }
        if self.consequences.len() < MOST_CONSEQUENCES {
            self.consequences.push(consequence);
        } else {
            self.more_consequences += 1;
        }
    }
}

fn id(requirement: &Requirement, key: &str) -> String {
    if key.is_empty() { requirement.id.to_owned() } else { format!("{}/{key}", requirement.id) }
}

/// The causes of what is wrong in a pair. A changed outcome follows from every cause of the pair that can explain one,
/// and is a cause by itself where there is none.
pub fn causes(settled: &Settled, changed: &[Changed], seen_in: &SeenIn) -> Vec<Cause> {
    let mut causes = Causes::default();
    for finding in &settled.findings {
        causes.add(Cause::of(finding, seen_in));
    }
    for (finding, of) in &settled.follow {
        let Some(of) = of.and_then(|index| settled.findings.get(index)) else { continue };
        if let Some(cause) = causes.by_id.get_mut(&id(of.requirement, &of.key)) {
            cause.add(Consequence::Finding {
                seen_in: seen_in.clone(),
                requirement: finding.requirement,
                message: finding.message.clone(),
            });
        }
    }
    for changed in changed {
        let mut is_explained = false;
        for cause in causes.by_id.values_mut().filter(|cause| cause.requirement.explains()) {
            if cause.requirement.id != OUTCOME.id {
                let checkpoint = changed.checkpoint.clone();
                cause.add(Consequence::Outcome { seen_in: seen_in.clone(), checkpoint });
                is_explained = true;
            }
        }
        if !is_explained {
            causes.add(Cause::of_outcome(changed, seen_in));
        }
    }
    causes.by_id.into_values().collect()
}

/// The causes of a run, each once.
#[derive(Debug, Clone, Default)]
pub struct Causes {
    by_id: IndexMap<String, Cause>,
}

impl Causes {
    /// Takes a cause in: what is known already is seen in one more pair.
    pub fn add(&mut self, cause: Cause) {
        let Some(known) = self.by_id.get_mut(&cause.id()) else {
            self.by_id.insert(cause.id(), cause);
            return;
        };
        known.families.extend(cause.families);
        for seen_in in cause.seen_in {
            if !known.seen_in.contains(&seen_in) {
                known.seen_in.push(seen_in);
            }
        }
        known.more_consequences += cause.more_consequences;
        cause.consequences.into_iter().for_each(|consequence| known.add(consequence));
    }

    /// All of them, in the order in which they were seen first.
    pub fn iter(&self) -> impl Iterator<Item = &Cause> {
        self.by_id.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }
}
