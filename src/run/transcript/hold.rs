//! Holds a transcript against its snapshot.

use std::io;

use similar::TextDiff;

use crate::idp::ClientName;
use crate::run::event::CheckpointStatus;
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
    let (path, shown) = (shelf.path(&file), shelf.shown(&file));
    let failed = |error: io::Error| SnapshotError::Io { path: shown.clone(), error };
    let accepted = accepted(shelf, &file)?;
    let text = text.trim_end();
    let (status, diff) = match accepted.as_deref().map(str::trim_end) {
        Some(accepted) if accepted == text => {
            return Ok(Held { status: CheckpointStatus::Same, diff: None, pending: None });
        }
        Some(accepted) => (CheckpointStatus::Changed, Some(difference(accepted, text))),
        None => (CheckpointStatus::Unseen, None),
    };
    let mut held = Held { status, diff, pending: None };
    if update == Update::No {
        return Ok(held);
    }
    let meta = file::Meta { source: &scenario.source.path, line: 1, description: &scenario.title };
    let pending = store::pending_path(&path);
    store::write(&pending, &file::pending_text(&meta, text))?;
    let unseen = held.status == CheckpointStatus::Unseen;
    if update == Update::Always || (update == Update::Unseen && unseen) {
        file::accept(&pending, &path).map_err(failed)?;
    } else {
        held.pending = Some(format!("{shown}.new"));
    }
    Ok(held)
}

/// The transcript that was accepted, where one was.
pub fn accepted(shelf: Shelf<'_>, file: &str) -> Result<Option<String>, SnapshotError> {
    let path = shelf.path(file);
    match insta::Snapshot::from_file(&path) {
        Ok(snapshot) => Ok(snapshot.as_text().map(ToString::to_string)),
        Err(_) if !path.exists() => shelf.beneath().map_or(Ok(None), |beneath| accepted(beneath, file)),
        Err(error) => {
            Err(SnapshotError::Io { path: shelf.shown(file), error: io::Error::other(error.to_string()) })
        }
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
