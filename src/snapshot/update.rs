//! The modes of `--update`, named like those of insta's `INSTA_UPDATE`.

use crate::context::Context;

/// Which snapshots a run may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Update {
    /// Nothing.
    No,
    /// A pending file (`.snap.new`) for each new or changed outcome.
    New,
    /// A snapshot for each new outcome, and a pending file for each changed one.
    Unseen,
    /// A snapshot for each new or changed outcome.
    Always,
}

impl Update {
    /// Nothing in CI, pending files elsewhere.
    pub fn default_in(context: &Context) -> Self {
        if context.is_ci() { Self::No } else { Self::New }
    }
}
