//! The accepted outcomes that an endpoint may still show, where a scenario has several.

use crate::outcome::{Outcome, View};
use crate::snapshot::{Candidate, Comparison};

/// The candidates, and which of them every checkpoint so far has fitted.
#[derive(Debug)]
pub(super) struct Contenders<'a> {
    candidates: &'a [Candidate],
    open: Vec<bool>,
    view: View,
}

impl<'a> Contenders<'a> {
    /// All of them.
    pub(super) fn new(candidates: &'a [Candidate], view: View) -> Self {
        Self { candidates, open: vec![true; candidates.len()], view }
    }

    /// Whether one of these alternatives can still be the endpoint's.
    pub(super) fn are_within(&self, alternatives: &[String]) -> bool {
        self.candidates.iter().zip(&self.open).any(|(candidate, open)| {
            *open && candidate.name.alternative.as_ref().is_some_and(|name| alternatives.contains(name))
        })
    }

    /// How an outcome compares with each candidate.
    /// What the endpoint has no place for is taken as accepted.
    pub(super) fn compare(&self, checkpoint: &str, outcome: &Outcome, no_place: &[&str]) -> Vec<Comparison> {
        let compare = |each: &Candidate| {
            let accepted = each.accepted.as_ref().and_then(|accepted| accepted.get(checkpoint));
            match accepted.filter(|_| !no_place.is_empty()) {
                None => each.compare(checkpoint, outcome, self.view),
                Some(accepted) => {
                    let mut completed = outcome.clone();
                    completed.take_over(no_place, accepted);
                    each.compare(checkpoint, &completed, self.view)
                }
            }
        };
        self.candidates.iter().map(compare).collect()
    }

    /// Leaves out those that do not fit.
    pub(super) fn settle(&mut self, compared: &[Comparison]) {
        for (open, comparison) in self.open.iter_mut().zip(compared) {
            *open &= !matches!(comparison, Comparison::Changed(_));
        }
    }

    /// The kinds of differences from the nearest candidate that may still be the endpoint's; nothing where one fits.
    pub(super) fn doubt(&self, compared: &[Comparison]) -> Option<String> {
        let may_be = |index: usize| self.open[index] || !self.open.contains(&true);
        let mut kinds = Vec::new();
        for (_, comparison) in compared.iter().enumerate().filter(|(index, _)| may_be(*index)) {
            match comparison {
                Comparison::Changed(difference) => kinds.push(difference.kinds.join(" ")),
                Comparison::Same | Comparison::Unseen => return None,
            }
        }
        kinds.into_iter().min_by_key(String::len)
    }
}
