//! Holds an endpoint against another one, or against its release before, three ways with the snapshots (`--against`).

use std::collections::{BTreeMap, BTreeSet};

use crate::idp::ClientName;
use crate::outcome::{Outcome, View};
use crate::requirement::Finding;
use crate::snapshot::Outcomes;
use crate::snapshot::diff::{Difference, diff};

use crate::event::{CheckpointKind, CheckpointReport, CheckpointStatus, PairReport, Status};

/// What the other endpoint came to.
#[derive(Debug, Default)]
pub struct Other {
    name: String,
    pairs: BTreeMap<(String, ClientName), Came>,
}

#[derive(Debug)]
struct Came {
    status: Status,
    outcomes: Outcomes,
    compared: BTreeMap<String, CheckpointStatus>,
    findings: BTreeSet<&'static str>,
}

/// How a pair differs from the other endpoint's.
#[derive(Debug, Default)]
pub struct Against {
    /// The checkpoints that differ.
    pub checkpoints: Vec<CheckpointReport>,
    /// Remarks.
    pub notes: Vec<String>,
}

impl Other {
    /// Nothing of an endpoint yet, which is known by that name.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), pairs: BTreeMap::new() }
    }

    /// Takes in what a pair came to there.
    pub fn add(&mut self, report: &PairReport) {
        let came = Came {
            status: report.status,
            outcomes: report.outcomes.clone().unwrap_or_default(),
            compared: compared(&report.checkpoints),
            findings: ids(&report.findings),
        };
        self.pairs.insert((report.id.clone(), report.client), came);
    }

    /// How a pair differs from the other endpoint's.
    pub fn compare(
        &self,
        (scenario, client): (&str, ClientName),
        checkpoints: &[CheckpointReport],
        findings: &[Finding],
        outcomes: &Outcomes,
        view: View,
    ) -> Against {
        let mut against = Against::default();
        let Some(came) = self.pairs.get(&(scenario.to_owned(), client)) else { return against };
        let other = &self.name;
        if matches!(came.status, Status::Skipped | Status::Errored) {
            let how = came.status.as_str();
            against.notes.push(format!("not compared with {other}: {how} there"));
            return against;
        }
        let here = compared(checkpoints);
        for checkpoint in checkpoints {
            let name = &checkpoint.name;
            let (Some(this), Some(that)) = (outcomes.get(name), came.outcomes.get(name)) else { continue };
            if let Some(difference) = difference(that, this, view) {
                let accepted = |compared: &BTreeMap<String, CheckpointStatus>| compared.get(name).copied();
                let says = three_ways(accepted(&here), accepted(&came.compared));
                against.checkpoints.push(CheckpointReport {
                    name: format!("{name}, against {other}"),
                    kind: CheckpointKind::Against,
                    status: CheckpointStatus::Changed,
                    diff: Some(format!("{}\n({says})", difference.text)),
                    at: checkpoint.at.clone(),
                    after: checkpoint.after.clone(),
                });
            }
        }
        let mine = ids(findings);
        for (which, where_) in [
            (mine.difference(&came.findings), "found here but not at"),
            (came.findings.difference(&mine), "not found here, but at"),
        ] {
            let ids: Vec<&str> = which.copied().collect();
            if !ids.is_empty() {
                against.notes.push(format!("{} {where_} {other}", ids.join(", ")));
            }
        }
        against
    }
}

fn compared(checkpoints: &[CheckpointReport]) -> BTreeMap<String, CheckpointStatus> {
    let outcomes = checkpoints.iter().filter(|checkpoint| checkpoint.kind == CheckpointKind::Outcome);
    outcomes.map(|checkpoint| (checkpoint.name.clone(), checkpoint.status)).collect()
}

fn ids(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings.iter().map(|finding| finding.requirement.id).collect()
}

fn difference(that: &Outcome, this: &Outcome, view: View) -> Option<Difference> {
    let (mut that, mut this) = (that.clone(), this.clone());
    for side in [&mut that, &mut this] {
        view.mask(side);
        side.sort();
    }
    diff(&that, &this)
}

/// What the snapshot has to say of two outcomes that differ.
fn three_ways(here: Option<CheckpointStatus>, there: Option<CheckpointStatus>) -> &'static str {
    use CheckpointStatus::{Same, Unseen};
    match (here, there) {
        (Some(Same), Some(Same)) => "both outcomes are accepted alternatives",
        (Some(Same), _) => "the snapshot matches the target",
        (_, Some(Same)) => "the snapshot matches the other endpoint",
        (Some(Unseen) | None, Some(Unseen) | None) => "there is no snapshot yet",
        _ => "the snapshot matches neither",
    }
}
