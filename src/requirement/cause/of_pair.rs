//! Finds the causes of what is wrong in one pair of a scenario and a client.

use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::requirement::catalogue::OUTCOME;
use crate::requirement::effect::{Effects, Way};
use crate::requirement::model::Level;
use crate::requirement::settle::Settled;
use crate::requirement::trail::Trail;
use crate::wire::Exchange;

use super::consequence::{Consequence, SeenIn};
use super::{Cause, Causes};

/// A checkpoint whose outcome changed.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Its name.
    pub checkpoint: String,
    /// The kinds of differences, without names: `customer-missing`.
    pub kinds: Vec<String>,
    /// The difference by identity.
    pub diff: String,
    /// The last write before it.
    pub after: Option<Arc<Exchange>>,
    /// Its place in the scenario.
    pub at: Diagnostic,
}

/// An outcome that is possible, and that the provider cannot handle or is surprised by.
#[derive(Debug, Clone)]
pub struct Unwelcome {
    /// The alternative's name.
    pub alternative: String,
    /// Whether the provider cannot handle it, or is surprised.
    pub level: Level,
    /// What it means for the provider.
    pub message: String,
    /// The last write before it shows.
    pub after: Option<Arc<Exchange>>,
    /// A place in the scenario.
    pub at: Diagnostic,
}

/// A line that the administrator would see at the provider.
#[derive(Debug, Clone)]
pub struct Complaint<'a> {
    /// The words of the provider.
    pub message: &'a str,
    /// The number of the exchange that it is about.
    pub exchange: usize,
}

/// What is wrong in a pair.
#[derive(Debug)]
pub struct Wrong<'a> {
    /// The findings.
    pub settled: &'a Settled,
    /// What became of the changes that the writes asked for.
    pub effects: &'a Effects,
    /// The checkpoints whose outcome changed.
    pub changed: &'a [Changed],
    /// The outcome that the provider cannot handle.
    pub unwelcome: Option<&'a Unwelcome>,
    /// What the administrator would see at the provider.
    pub complaints: Vec<Complaint<'a>>,
    /// The exchanges of the pair.
    pub trail: &'a Trail,
}

/// The causes of what is wrong in a pair. A changed outcome follows from every cause of the pair that can explain one,
/// and is a cause by itself where there is none.
pub fn causes(wrong: &Wrong<'_>, seen_in: &SeenIn) -> Vec<Cause> {
    let mut causes = Causes::default();
    let settled = wrong.settled;
    for finding in &settled.findings {
        causes.add(Cause::of(finding, seen_in, wrong.trail));
    }
    for (finding, of) in &settled.follow {
        let Some(of) = of.and_then(|index| settled.findings.get(index)) else { continue };
        if let Some(cause) = causes.by_id.get_mut(&of.cause()) {
            cause.add(Consequence::Finding {
                seen_in: seen_in.clone(),
                requirement: finding.requirement,
                message: finding.message.clone(),
            });
        }
    }
    for changed in wrong.changed {
        let consequence =
            Consequence::Outcome { seen_in: seen_in.clone(), checkpoint: changed.checkpoint.clone() };
        if !causes.explain(&consequence, Level::Must) {
            causes.add(Cause::of_outcome(changed, seen_in, wrong.trail));
        }
    }
    if let Some(unwelcome) = wrong.unwelcome {
        let message = unwelcome.message.clone();
        if !causes.explain(&Consequence::Alternative { seen_in: seen_in.clone(), message }, unwelcome.level) {
            causes.add(Cause::of_alternative(unwelcome, seen_in));
        }
    }
    for complaint in &wrong.complaints {
        causes.complain(complaint, seen_in);
    }
    for cause in causes.by_id.values_mut() {
        let Some(culprit) = &cause.culprit else { continue };
        cause.ways = wrong.effects.in_vain(culprit.number);
        // What an outcome differs in may be no attribute that is followed.
        if cause.requirement.id == OUTCOME.id {
            cause.ways.extend(Way::of_exchange(culprit));
        }
    }
    causes.by_id.into_values().collect()
}

impl Causes {
    /// Adds a consequence to each cause that can explain it; whether there is one. What should be stored and is not explains an
    /// outcome where nothing weightier does, and weighs as much as the outcome then.
    fn explain(&mut self, consequence: &Consequence, level: Level) -> bool {
        let is_candidate = |cause: &Cause, least| {
            cause.level == least && cause.requirement.may_explain() && cause.requirement.id != OUTCOME.id
        };
        for least in [Level::Must, Level::Should] {
            let mut is_explained = false;
            for cause in self.by_id.values_mut().filter(|cause| is_candidate(cause, least)) {
                cause.add(consequence.clone());
                cause.level = cause.level.min(level);
                is_explained = true;
            }
            if is_explained {
                return true;
            }
        }
        false
    }

    /// Adds what the administrator would see to the cause that is about the same exchange, or else to the first one.
    fn complain(&mut self, complaint: &Complaint<'_>, seen_in: &SeenIn) {
        let is_about = |exchange: &Option<Arc<Exchange>>| {
            exchange.as_ref().is_some_and(|exchange| exchange.number == complaint.exchange)
        };
        let index = self
            .by_id
            .values()
            .position(|cause| is_about(&cause.shown_by) || is_about(&cause.culprit))
            .or_else(|| self.by_id.values().position(|cause| cause.level == Level::Must));
        if let Some((_, cause)) = index.and_then(|index| self.by_id.get_index_mut(index)) {
            let message = complaint.message.to_owned();
            cause.add(Consequence::Notice { seen_in: seen_in.clone(), message });
        }
    }
}
