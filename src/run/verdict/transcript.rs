//! Holds a transcript against its snapshot.

use std::io::ErrorKind;

use similar::TextDiff;

use crate::event::CheckpointStatus;
use crate::idp::ClientName;
use crate::scenario::Scenario;
use crate::snapshot::{Shelf, SnapshotError, Update, file, store};

/// Lines of a difference that are shown.
const MOST: usize = 60;

/// How a transcript compares.
#[derive(Debug)]
pub struct Held {
    /// How.
    pub status: CheckpointStatus,
    /// The difference, where it changed.
    pub diff: Option<String>,
    /// The pending file, where one was written.
    pub pending: Option<String>,
    /// Why nothing could be written.
    pub unwritten: Option<SnapshotError>,
}

/// Compares a client's transcript with `<id>+<client>.transcript.snap` of the target's own snapshots, else of the
/// project's, and writes what may be written.
pub fn hold(
    shelf: Shelf<'_>,
    scenario: &Scenario,
    client: ClientName,
    text: &str,
    update: Update,
) -> Result<Held, SnapshotError> {
    let file = format!("{}+{client}.transcript.snap", scenario.id);
    let accepted = accepted(shelf, &file)?;
    let text = text.trim_end();
    let (status, diff) = match accepted.as_deref().map(str::trim_end) {
        Some(accepted) if accepted == text => (CheckpointStatus::Same, None),
        Some(accepted) => (CheckpointStatus::Changed, Some(difference(accepted, text))),
        None => (CheckpointStatus::Unseen, None),
    };
    let mut held = Held { status, diff, pending: None, unwritten: None };
    if update == Update::No || status == CheckpointStatus::Same {
        return Ok(held);
    }
    let directly =
        update == Update::Always || (update == Update::Unseen && status == CheckpointStatus::Unseen);
    let meta = file::Meta {
        source: &scenario.source.path,
        line: 1,
        description: &scenario.title,
        explained_by: &[],
    };
    match store::write(shelf, &file, &file::pending_text(&meta, text), directly) {
        Ok(pending) => held.pending = pending,
        Err(error) => held.unwritten = Some(error),
    }
    Ok(held)
}

/// The transcript that was accepted, where one was.
pub fn accepted(shelf: Shelf<'_>, file: &str) -> Result<Option<String>, SnapshotError> {
    match file::load(&shelf.path(file)) {
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
