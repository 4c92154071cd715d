//! Where rules put what they find, each thing once.

use std::collections::BTreeSet;

use super::model::Requirement;

/// What one checker has raised so far, and what the present exchange adds.
#[derive(Debug, Default)]
pub(crate) struct Report {
    raised: BTreeSet<(&'static str, String)>,
    /// With the cause that each was raised for.
    fresh: Vec<(&'static Requirement, String, String)>,
}

impl Report {
    /// Raises a finding, unless the same was said before.
    pub(crate) fn raise(&mut self, requirement: &'static Requirement, message: String) {
        let key = message.clone();
        self.raise_as(requirement, key, message);
    }

    /// Raises a finding, unless one of the same root cause was raised before, whatever it said.
    pub(crate) fn raise_as(
        &mut self,
        requirement: &'static Requirement,
        cause: impl Into<String>,
        message: String,
    ) {
        let cause = cause.into();
        if self.raised.insert((requirement.id, cause.clone())) {
            self.fresh.push((requirement, cause, message));
        }
    }

    /// How much the present exchange raised so far.
    pub(crate) fn len(&self) -> usize {
        self.fresh.len()
    }

    /// Takes back what was raised after that many, as if it had never been.
    pub(crate) fn take_back(&mut self, len: usize) {
        for (requirement, cause, _) in self.fresh.drain(len.min(self.fresh.len())..) {
            self.raised.remove(&(requirement.id, cause));
        }
    }

    /// Whether the present exchange raised it.
    pub(crate) fn says(&self, requirement: &'static Requirement) -> bool {
        self.fresh.iter().any(|(raised, ..)| raised.id == requirement.id)
    }

    /// What was raised since the last call.
    pub(crate) fn take(&mut self) -> Vec<(&'static Requirement, String)> {
        self.fresh.drain(..).map(|(requirement, _, message)| (requirement, message)).collect()
    }
}
