//! The modes of `--update`, named like those of insta's `INSTA_UPDATE`.

use crate::context::Context;

/// What a run may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Update {
    /// Nothing.
    No,
    /// A pending file (`.snap.new`) for whatever is unseen or changed.
    New,
    /// Snapshots for what is unseen, pending files for what changed.
    Unseen,
    /// Snapshots for both.
    Always,
}

impl Update {
    /// Nothing in CI, pending files elsewhere.
    pub fn default_in(context: &Context) -> Self {
        if context.is_ci() { Self::No } else { Self::New }
    }
}
