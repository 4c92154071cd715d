//! Holds a transcript against its snapshot.

use std::io::ErrorKind;

use similar::TextDiff;

use crate::event::CheckpointStatus;
use crate::idp::ClientName;
use crate::scenario::Scenario;
use crate::snapshot::{Shelf, SnapshotError, Update, file as snapshot, store};

/// Lines of a difference that are shown.
const MOST: usize = 60;

/// How a transcript compares.
#[derive(Debug)]
pub struct Held {
    /// How.
    pub status: CheckpointStatus,
    /// The difference, where it changed.
    pub diff: Option<String>,
}

/// Compares a client's transcript with `<id>+<client>.transcript.snap` of the target's own snapshots, else of the
/// project's.
pub fn hold(
    shelf: Shelf<'_>,
    scenario: &Scenario,
    client: ClientName,
    text: &str,
) -> Result<Held, SnapshotError> {
    let accepted = accepted(shelf, &file(scenario, client))?;
    let text = text.trim_end();
    let (status, diff) = match accepted.as_deref().map(str::trim_end) {
        Some(accepted) if accepted == text => (CheckpointStatus::Same, None),
        Some(accepted) => (CheckpointStatus::Changed, Some(difference(accepted, text))),
        None => (CheckpointStatus::Unseen, None),
    };
    Ok(Held { status, diff })
}

/// Writes what may be written of a transcript that is not what was accepted. The file that waits is returned, if one does.
pub fn keep(
    shelf: Shelf<'_>,
    scenario: &Scenario,
    client: ClientName,
    text: &str,
    may: May<'_>,
) -> Result<Option<String>, SnapshotError> {
    let is_plain = may.status == CheckpointStatus::Unseen && may.explained_by.is_empty();
    let directly = may.update == Update::Always || (may.update == Update::Unseen && is_plain);
    let meta = snapshot::Meta {
        source: &scenario.source.path,
        line: 1,
        description: &scenario.title,
        explained_by: may.explained_by,
    };
    let text = snapshot::pending_text(&meta, text.trim_end());
    store::write(shelf, &file(scenario, client), &text, directly)
}

/// What may be written.
#[derive(Debug, Clone, Copy)]
pub struct May<'a> {
    /// What the user allows.
    pub update: Update,
    /// How the transcript compares.
    pub status: CheckpointStatus,
    /// The faults that explain it.
    pub explained_by: &'a [String],
}

fn file(scenario: &Scenario, client: ClientName) -> String {
    format!("{}+{client}.transcript.snap", scenario.id)
}

/// The transcript that was accepted, where one was.
pub fn accepted(shelf: Shelf<'_>, file: &str) -> Result<Option<String>, SnapshotError> {
    match snapshot::load(&shelf.path(file)) {
        Ok(snapshot) => Ok(snapshot.as_text().map(ToString::to_string)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            shelf.beneath().map_or(Ok(None), |beneath| accepted(beneath, file))
        }
        Err(error) => Err(SnapshotError::Io { path: shelf.shown(file), error }),
    }
}

fn difference(accepted: &str, text: &str) -> String {
    let diff = TextDiff::from_lines(accepted, text);
    let unified = diff.unified_diff().context_radius(4).to_string();
    let mut lines: Vec<&str> = unified.lines().take(MOST).collect();
    if unified.lines().count() > MOST {
        lines.push("…");
    }
    lines.join("\n")
}
