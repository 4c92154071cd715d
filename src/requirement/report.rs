//! Where rules put what they find, each thing once.

use std::collections::BTreeSet;

use super::model::Requirement;

/// What one checker has raised so far, and what the present exchange adds.
#[derive(Debug, Default)]
pub(crate) struct Report {
    raised: BTreeSet<(&'static str, String)>,
    fresh: Vec<(&'static Requirement, String)>,
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
        if self.raised.insert((requirement.id, cause.into())) {
            self.fresh.push((requirement, message));
        }
    }

    /// What was raised since the last call.
    pub(crate) fn take(&mut self) -> Vec<(&'static Requirement, String)> {
        std::mem::take(&mut self.fresh)
    }
}
