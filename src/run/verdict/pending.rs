//! Writes pending files when all clients of a scenario have finished.

use crate::idp::ClientName;
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
        }
    }
}

/// What was written for a scenario.
#[derive(Debug, Default)]
pub struct Written {
    /// The pending files.
    pub pending: Vec<String>,
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
        let meta = file::Meta {
            source: &scenario.source.path,
            line: first_checkpoint(scenario),
            description: &scenario.title,
        };
        let outcomes = united(scenario, &sharers);
        let text = file::pending(&meta, &outcomes);
        let directly = update == Update::Always || (update == Update::Unseen && !changed);
        written.pending.extend(store::write(shelf, &name.path(), &redactor.text(&text), directly)?);
    }
    Ok(written)
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
