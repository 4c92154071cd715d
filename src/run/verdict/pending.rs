//! Writes pending files when all clients of a scenario have finished.

use std::collections::{BTreeMap, BTreeSet};

use crate::idp::ClientName;
use crate::outcome::View;
use crate::requirement::{Cause, Consequence, Level, OUTCOME};
use crate::scenario::{Action, Scenario};
use crate::snapshot::{Name, Outcomes, Shelf, SnapshotError, Update, file, store};
use crate::wire::Redactor;

use crate::event::{CheckpointKind, CheckpointReport, CheckpointStatus, PairReport};

/// What a client left, and the snapshot that it should have been.
#[derive(Debug)]
pub struct Left {
    /// The client.
    pub client: ClientName,
    /// The snapshot that fits best.
    pub name: Name,
    /// The outcomes.
    pub outcomes: Outcomes,
    /// Whether a checkpoint has no snapshot yet.
    pub unseen: bool,
    /// Whether a checkpoint changed.
    pub changed: bool,
    /// Whether the view did not show everything.
    pub partial: bool,
    /// The ids of the causes that explain it: a fault that is told, or one that the settings list.
    pub explained_by: BTreeSet<String>,
}

impl Left {
    /// What a pair left, where it is not what was accepted.
    pub fn of(report: &PairReport, name: Name, outcomes: Outcomes) -> Self {
        let is_outcome = |checkpoint: &CheckpointReport| checkpoint.kind == CheckpointKind::Outcome;
        let any = |status| {
            report.checkpoints.iter().any(|checkpoint| is_outcome(checkpoint) && checkpoint.status == status)
        };
        Self {
            client: report.client,
            name,
            outcomes,
            unseen: any(CheckpointStatus::Unseen),
            changed: any(CheckpointStatus::Changed),
            partial: !report.partial.is_empty(),
            explained_by: explained_by(report, any(CheckpointStatus::Unseen)),
        }
    }
}

/// The causes that explain what a pair left. Where nothing was accepted yet, every fault that may change an outcome does.
fn explained_by(report: &PairReport, is_unseen: bool) -> BTreeSet<String> {
    let explains = |cause: &&Cause| {
        let is_outcome = |one: &Consequence| matches!(one, Consequence::Outcome { .. });
        if cause.requirement.id == OUTCOME.id {
            return cause.is_known();
        }
        (cause.level == Level::Must || cause.is_known())
            && (cause.consequences.iter().any(is_outcome) || (is_unseen && cause.requirement.may_explain()))
    };
    report.causes.iter().filter(explains).map(Cause::id).collect()
}

/// The causes that explain requests and answers that are not as accepted: every fault that is told, or that the settings list.
pub(in crate::run) fn faults(report: &PairReport) -> Vec<String> {
    let is_fault =
        |cause: &&Cause| (cause.level == Level::Must || cause.is_known()) && cause.requirement.may_explain();
    report.causes.iter().filter(is_fault).map(Cause::id).collect()
}

/// What was written for a scenario.
#[derive(Debug, Default)]
pub struct Written {
    /// The pending files.
    pub pending: Vec<String>,
    /// Those of them that causes explain, with the ids of these.
    pub explained: BTreeMap<String, Vec<String>>,
    /// Why nothing was written, where clients disagree.
    pub disagreement: Option<String>,
}

/// Writes pending files or snapshots for what is unseen or changed. Clients that share a snapshot and disagree on it
/// leave nothing: no one outcome could be accepted for them.
pub fn write(
    scenario: &Scenario,
    shelf: Shelf<'_>,
    left: &[Left],
    update: Update,
    redactor: &Redactor,
) -> Result<Written, SnapshotError> {
    let mut written = Written::default();
    if update == Update::No {
        return Ok(written);
    }
    let mut names: Vec<&Name> =
        left.iter().filter(|left| left.unseen || left.changed).map(|left| &left.name).collect();
    names.sort();
    names.dedup();
    for name in names {
        let sharers: Vec<&Left> = left.iter().filter(|left| left.name == *name).collect();
        let Some(first) = sharers.first() else { continue };
        if let Some(other) = sharers.iter().find(|other| !agree(&first.outcomes, &other.outcomes)) {
            written.disagreement = Some(format!(
                "{} and {} disagree, so nothing was written for review; list a client under `differs` to give it its own snapshot",
                first.client, other.client
            ));
            continue;
        }
        let changed = sharers.iter().any(|left| left.changed);
        let explained: BTreeSet<&String> = sharers.iter().flat_map(|left| &left.explained_by).collect();
        let explained_by: Vec<String> = explained.into_iter().cloned().collect();
        let meta = file::Meta {
            source: &scenario.source.path,
            line: first_checkpoint(scenario),
            description: &scenario.title,
            explained_by: &explained_by,
        };
        let mut outcomes = united(scenario, &sharers);
        if sharers.iter().all(|left| left.partial)
            && let Some(found) = store::find(shelf, name)?
        {
            complete(&mut outcomes, &found.outcomes);
        }
        let text = file::pending(&meta, &outcomes);
        let is_plain = !changed && explained_by.is_empty();
        let directly = update == Update::Always || (update == Update::Unseen && is_plain);
        let file = store::write(shelf, &name.path(), &redactor.text(&text), directly)?;
        if let Some(file) = file.as_ref().filter(|_| !explained_by.is_empty()) {
            written.explained.insert(file.clone(), explained_by);
        }
        written.pending.extend(file);
    }
    Ok(written)
}

/// Keeps what only the product shows of what was accepted.
fn complete(outcomes: &mut Outcomes, accepted: &Outcomes) {
    for (name, outcome) in outcomes {
        if let Some(accepted) = accepted.get(name).filter(|accepted| View::of(accepted) == View::Product) {
            View::complete(outcome, accepted);
        }
    }
}

/// Whether both saw the same wherever both looked: a checkpoint may be for some clients only.
fn agree(one: &Outcomes, other: &Outcomes) -> bool {
    one.iter().all(|(name, outcome)| other.get(name).is_none_or(|other| other == outcome))
}

/// All checkpoints that somebody reached, in the scenario's order.
fn united(scenario: &Scenario, sharers: &[&Left]) -> Outcomes {
    let mut all = Outcomes::new();
    for step in &scenario.steps {
        let Action::Checkpoint(name) = &step.action else { continue };
        if let Some(outcome) = sharers.iter().find_map(|left| left.outcomes.get(name)) {
            all.insert(name.clone(), outcome.clone());
        }
    }
    all
}

fn first_checkpoint(scenario: &Scenario) -> usize {
    let step = scenario.steps.iter().find(|step| matches!(step.action, Action::Checkpoint(_)));
    step.map_or(1, |step| step.at.line)
}
