//! From what a pair left to its report: which alternative, same or changed, legal or not.

use std::path::Path;

use crate::diag::Diagnostic;
use crate::idp::ClientName;
use crate::outcome::{Outcome, View};
use crate::requirement::Level;
use crate::scenario::{Legality, Scenario};
use crate::snapshot::diff::diff;
use crate::snapshot::{Candidate, Comparison, Name, SnapshotError, nearest};

use super::endpoint::Site;
use super::event::{CheckpointReport, CheckpointStatus, PairReport, Status};
use super::pair::Played;

/// The outcomes that a client may leave: one for each alternative that the site's settings allow, or the only one.
pub fn candidates(
    scenario: &Scenario,
    client: ClientName,
    project: &Path,
    site: Option<&Site>,
) -> Result<Vec<Candidate>, SnapshotError> {
    let own = scenario.differs.contains_key(&client).then(|| client.as_str().to_owned());
    let name = |alternative: Option<&str>| Name {
        scenario: scenario.id.clone(),
        alternative: alternative.map(str::to_owned),
        client: own.clone(),
    };
    if scenario.alternatives.is_empty() {
        return Ok(vec![Candidate::find(project, name(None))?]);
    }
    scenario
        .alternatives
        .iter()
        .filter(|alternative| site.is_none_or(|site| site.has(&alternative.when)))
        .map(|alternative| Candidate::find(project, name(Some(&alternative.name))))
        .collect()
}

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
    report.partial = view.partial();
    if candidate.deviates {
        report.notes.push("the project accepted another outcome than the bundled one".to_owned());
    }
    for ((name, at, after), comparison) in played.checkpoints.iter().zip(comparisons) {
        let (status, diff) = match comparison {
            Comparison::Same => (CheckpointStatus::Same, None),
            Comparison::Changed(diff) => (CheckpointStatus::Changed, Some(diff)),
            Comparison::Unseen => (CheckpointStatus::Unseen, played.outcomes.get(name).and_then(whole)),
        };
        report.checkpoints.push(CheckpointReport {
            name: name.clone(),
            status,
            diff,
            at: Diagnostic::new(&scenario.source, *at, String::new()),
            after: after.clone(),
        });
    }
    let all_same = report.checkpoints.iter().all(|checkpoint| checkpoint.status == CheckpointStatus::Same);
    if all_same || candidates.len() == 1 {
        report.alternative.clone_from(&candidate.name.alternative);
    }
    Some(candidate)
}

/// All that is there, where nothing was accepted yet.
fn whole(outcome: &Outcome) -> Option<String> {
    let all = diff(&Outcome::default(), outcome)?;
    let lines = all.lines().map(|line| line.trim_end_matches("<- should not be there").trim_end());
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// How the pair ended, from everything in its report.
pub fn status(report: &PairReport, scenario: &Scenario) -> Status {
    let any =
        |wanted: CheckpointStatus| report.checkpoints.iter().any(|checkpoint| checkpoint.status == wanted);
    let broken = report.findings.iter().any(|finding| finding.level() == Level::Must);
    if broken || any(CheckpointStatus::Changed) || legality(report, scenario) == Some(Legality::No) {
        Status::Failed
    } else if report.error.is_some() {
        Status::Errored
    } else if any(CheckpointStatus::Unseen) {
        Status::New
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
