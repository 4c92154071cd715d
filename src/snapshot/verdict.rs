//! Compares an outcome with its snapshot.

use indexmap::IndexMap;

use crate::outcome::{Outcome, View};

use super::diff::{Difference, diff};
use super::file::Outcomes;
use super::store::{Deviation, Name, Shelf, SnapshotError, find};

/// How a checkpoint compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// As accepted.
    Same,
    /// Otherwise; the difference by identity.
    Changed(Difference),
    /// Nobody has accepted anything for it.
    Unseen,
}

/// A candidate: an alternative (or the only outcome) with its snapshot.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Which outcome.
    pub name: Name,
    /// What was accepted, where something was.
    pub accepted: Option<Outcomes>,
    /// Who accepted something else than what would be compared otherwise.
    pub deviates: Option<Deviation>,
}

impl Candidate {
    /// Looks a candidate up: the client's own snapshot where it differs, else the shared one.
    pub fn find(shelf: Shelf<'_>, name: Name) -> Result<Self, SnapshotError> {
        let found = find(shelf, &name)?;
        let deviates = found.as_ref().and_then(|found| found.deviates);
        Ok(Self { name, accepted: found.map(|found| found.outcomes), deviates })
    }

    /// What can be compared at all: an outcome accepted over SCIM alone leaves open what only the product shows.
    pub fn view(&self, view: View) -> View {
        self.accepted.iter().flat_map(IndexMap::values).map(View::of).fold(view, View::and)
    }

    /// How one checkpoint compares with it, through a view.
    pub fn compare(&self, checkpoint: &str, got: &Outcome, view: View) -> Comparison {
        let Some(expected) = self.accepted.as_ref().and_then(|accepted| accepted.get(checkpoint)) else {
            return Comparison::Unseen;
        };
        // Whatever the view, which is worth knowing before both are copied.
        if expected == got {
            return Comparison::Same;
        }
        let view = self.view(view);
        let (mut expected, mut got) = (expected.clone(), got.clone());
        for side in [&mut expected, &mut got] {
            view.mask(side);
            side.sort();
        }
        match diff(&expected, &got) {
            None => Comparison::Same,
            Some(difference) => Comparison::Changed(difference),
        }
    }
}

/// The index of the candidate that fits best: none changed, most the same; else the one with the fewest lines of difference.
/// For each candidate, `compared` holds how the checkpoints compare with it.
pub fn nearest(compared: &[Vec<&Comparison>]) -> Option<usize> {
    let distance = |comparisons: &[&Comparison]| {
        comparisons.iter().fold((0, 0), |(changed, unseen), comparison| match comparison {
            Comparison::Same => (changed, unseen),
            Comparison::Changed(difference) => (changed + difference.text.lines().count(), unseen),
            Comparison::Unseen => (changed, unseen + 1),
        })
    };
    (0..compared.len()).min_by_key(|index| distance(&compared[*index]))
}
