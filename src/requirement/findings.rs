//! Where rules put what they find, each thing once.

use std::collections::BTreeSet;

use super::model::Requirement;

/// The longest message, in bytes: it may quote what an endpoint answered.
const LONGEST: usize = 2_000;

/// Findings of one pair.
const MOST: usize = 500;

fn clipped(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
    text
}

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
        if self.raised.len() == MOST {
            return;
        }
        let cause = clipped(cause.into(), LONGEST);
        if self.raised.insert((requirement.id, cause.clone())) {
            self.fresh.push((requirement, cause, clipped(message, LONGEST)));
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
