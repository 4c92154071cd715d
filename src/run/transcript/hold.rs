//! Holds a transcript against its snapshot.

use std::io;
use std::path::Path;

use similar::TextDiff;

use crate::idp::ClientName;
use crate::run::event::CheckpointStatus;
use crate::scenario::Scenario;
use crate::snapshot::{SnapshotError, Update, file, store};

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

/// Compares a client's transcript with `snapshots/<id>+<client>.transcript.snap`, and writes what may be written.
pub fn hold(
    project: &Path,
    scenario: &Scenario,
    client: ClientName,
    text: &str,
    update: Update,
) -> Result<Held, SnapshotError> {
    let shown = format!("snapshots/{}+{client}.transcript.snap", scenario.id);
    let path = project.join(&shown);
    let failed = |error: io::Error| SnapshotError::Io { path: shown.clone(), error };
    let accepted = match insta::Snapshot::from_file(&path) {
        Ok(snapshot) => snapshot.as_text().map(ToString::to_string),
        Err(_) if !path.exists() => None,
        Err(error) => return Err(failed(io::Error::other(error.to_string()))),
    };
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

fn difference(accepted: &str, text: &str) -> String {
    let diff = TextDiff::from_lines(accepted, text);
    let unified = diff.unified_diff().context_radius(4).to_string();
    let mut lines: Vec<&str> = unified.lines().take(MOST).collect();
    if unified.lines().count() > MOST {
        lines.push("…");
    }
    lines.join("\n")
}
