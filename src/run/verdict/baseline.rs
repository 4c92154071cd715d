//! Holds an endpoint against another one, or against its release before, three ways with the snapshots (`--against`).

use std::collections::{BTreeMap, BTreeSet};

use crate::idp::ClientName;
use crate::outcome::{Outcome, View};
use crate::snapshot::Outcomes;
use crate::snapshot::diff::diff;

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
            compared: compared(report),
            findings: findings(report),
        };
        self.pairs.insert((report.id.clone(), report.client), came);
    }

    /// Writes into a pair's report how it differs from the other endpoint's.
    pub fn hold(&self, report: &mut PairReport, outcomes: &Outcomes, view: View) {
        let Some(came) = self.pairs.get(&(report.id.clone(), report.client)) else { return };
        let other = &self.name;
        if matches!(came.status, Status::Skipped | Status::Errored) {
            let how = came.status.as_str();
            report.notes.push(format!("not held against {other}: it was {how} there"));
            return;
        }
        let here = compared(report);
        let mut differences = Vec::new();
        for checkpoint in &report.checkpoints {
            let name = &checkpoint.name;
            let (Some(this), Some(that)) = (outcomes.get(name), came.outcomes.get(name)) else { continue };
            if let Some(difference) = difference(that, this, view) {
                let accepted = |compared: &BTreeMap<String, CheckpointStatus>| compared.get(name).copied();
                let says = three_ways(accepted(&here), accepted(&came.compared));
                differences.push(CheckpointReport {
                    name: format!("{name}, against {other}"),
                    kind: CheckpointKind::Against,
                    status: CheckpointStatus::Changed,
                    diff: Some(format!("{difference}\n({says})")),
                    at: checkpoint.at.clone(),
                    after: checkpoint.after.clone(),
                });
            }
        }
        report.checkpoints.extend(differences);
        let mine = findings(report);
        for (which, where_) in [
            (mine.difference(&came.findings), "here and not at"),
            (came.findings.difference(&mine), "not here, and at"),
        ] {
            let ids: Vec<&str> = which.copied().collect();
            if !ids.is_empty() {
                report.notes.push(format!("`{}` {where_} {other}", ids.join("`, `")));
            }
        }
    }
}

fn compared(report: &PairReport) -> BTreeMap<String, CheckpointStatus> {
    let outcomes = report.checkpoints.iter().filter(|checkpoint| checkpoint.kind == CheckpointKind::Outcome);
    outcomes.map(|checkpoint| (checkpoint.name.clone(), checkpoint.status)).collect()
}

fn findings(report: &PairReport) -> BTreeSet<&'static str> {
    report.findings.iter().map(|finding| finding.requirement.id).collect()
}

fn difference(that: &Outcome, this: &Outcome, view: View) -> Option<String> {
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
        (Some(Same), Some(Same)) => "the snapshot has alternatives, and both are among them",
        (Some(Same), _) => "the snapshot is as it is here",
        (_, Some(Same)) => "the snapshot is as it is there",
        (Some(Unseen) | None, Some(Unseen) | None) => "there is no snapshot yet",
        _ => "the snapshot is like neither",
    }
}
