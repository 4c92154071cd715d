//! From what a pair left to its report: which alternative, same or changed, legal or not.

use std::collections::BTreeSet;

use crate::diag::Diagnostic;
use crate::outcome::{Outcome, View};
use crate::requirement::{ALTERNATIVE, Level, OUTCOME};
use crate::scenario::{Legality, Scenario};
use crate::snapshot::diff::diff;
use crate::snapshot::{Candidate, Comparison, Outcomes, nearest};

use crate::event::{CheckpointKind, CheckpointReport, CheckpointStatus, PairReport, Status};
use crate::run::play::player::Played;

/// The verdict on a pair that was played, written into its report. Returns the candidate that fits best.
pub fn judge<'a>(
    report: &mut PairReport,
    scenario: &Scenario,
    played: &Played,
    candidates: &'a [Candidate],
    view: View,
) -> Option<&'a Candidate> {
    let (index, comparisons) = nearest(candidates, &played.outcomes, view)?;
    let candidate = &candidates[index];
    report.partial = candidate.view(view).partial();
    report.notes.extend(candidate.deviates.map(|deviation| deviation.note().to_owned()));
    for ((name, at, after), comparison) in played.checkpoints.iter().zip(comparisons) {
        let (status, diff) = match comparison {
            Comparison::Same => (CheckpointStatus::Same, None),
            Comparison::Changed(diff) => (CheckpointStatus::Changed, Some(diff)),
            Comparison::Unseen => (CheckpointStatus::Unseen, played.outcomes.get(name).and_then(whole)),
        };
        report.checkpoints.push(CheckpointReport {
            name: name.clone(),
            kind: CheckpointKind::Outcome,
            status,
            diff,
            at: Diagnostic::new(&scenario.source, *at, String::new()),
            after: after.clone(),
        });
    }
    let fitting = fitting(candidates, &played.outcomes, view);
    if fitting.len() > 1 {
        // Which of them it is cannot be seen, so it is neither on the behaviour card nor held against anybody.
        report.notes.push(format!("what can be seen here is the same for `{}`", fitting.join("` and `")));
    } else if !fitting.is_empty() || candidates.len() == 1 {
        report.alternative.clone_from(&candidate.name.alternative);
        report.notes.extend(remark(report, scenario));
    }
    Some(candidate)
}

/// The alternatives that have every checkpoint just so.
fn fitting<'a>(candidates: &'a [Candidate], outcomes: &Outcomes, view: View) -> Vec<&'a str> {
    let fits = |candidate: &&Candidate| {
        outcomes.iter().all(|(name, outcome)| candidate.compare(name, outcome, view) == Comparison::Same)
    };
    candidates.iter().filter(fits).filter_map(|candidate| candidate.name.alternative.as_deref()).collect()
}

/// What is to be said of an alternative that a family does not take as it comes.
fn remark(report: &PairReport, scenario: &Scenario) -> Option<String> {
    let legality = legality(report, scenario)?;
    let name = report.alternative.as_ref()?;
    let says = &scenario.alternatives.iter().find(|alternative| alternative.name == *name)?.says;
    let family = report.client.family();
    match legality {
        Legality::Yes => None,
        Legality::Warn => Some(format!("`{name}` may surprise {family}: {says}")),
        Legality::No => Some(format!("`{name}` is nothing that {family} can work with: {says}")),
    }
}

/// All that is there, where nothing was accepted yet.
fn whole(outcome: &Outcome) -> Option<String> {
    let all = diff(&Outcome::default(), outcome)?;
    let lines = all.lines().map(|line| line.trim_end_matches("<- should not be there").trim_end());
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// How the pair ended, from everything in its report. What is known does not fail it.
pub fn status(report: &PairReport, scenario: &Scenario) -> Status {
    let any =
        |wanted: CheckpointStatus| report.checkpoints.iter().any(|checkpoint| checkpoint.status == wanted);
    let mut broken: BTreeSet<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.level() == Level::Must)
        .map(|finding| finding.requirement.id)
        .collect();
    if any(CheckpointStatus::Changed) {
        broken.insert(OUTCOME.id);
    }
    if legality(report, scenario) == Some(Legality::No) {
        broken.insert(ALTERNATIVE.id);
    }
    let fails = !broken.is_empty();
    broken.retain(|id| !report.knows(id));
    if !broken.is_empty() {
        Status::Failed
    } else if report.error.is_some() {
        Status::Errored
    } else if any(CheckpointStatus::Unseen) {
        Status::New
    } else if fails {
        Status::Known
    } else {
        Status::Passed
    }
}

/// Whether the alternative that the endpoint showed is legal for the client's family.
pub fn legality(report: &PairReport, scenario: &Scenario) -> Option<Legality> {
    let name = report.alternative.as_ref()?;
    let alternative = scenario.alternatives.iter().find(|alternative| alternative.name == *name)?;
    alternative.families.get(&report.client.family()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Customer, Outcome};
    use crate::snapshot::Name;

    fn candidate(alternative: &str, customers: Vec<Customer>) -> Candidate {
        let name = Name {
            scenario: "users/gone".to_owned(),
            alternative: Some(alternative.to_owned()),
            client: None,
        };
        let outcome = Outcome { customers, ..Outcome::default() };
        let accepted = Some(Outcomes::from_iter([("removed".to_owned(), outcome)]));
        Candidate { name, accepted, deviates: None }
    }

    #[test]
    fn alternatives_that_look_alike_are_not_told_apart() {
        // A customer whom only the product still knows cannot be seen over SCIM.
        let stays = Customer { email: Some("ada@example.com".to_owned()), ..Customer::default() };
        let candidates = [candidate("deactivated", vec![stays]), candidate("gone", Vec::new())];
        let outcomes = Outcomes::from_iter([("removed".to_owned(), Outcome::default())]);
        assert_eq!(fitting(&candidates, &outcomes, View::ScimOnly), ["deactivated", "gone"]);
        assert_eq!(fitting(&candidates, &outcomes, View::Product), ["gone"]);
    }
}
