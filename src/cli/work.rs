//! The flag that puts the work folder elsewhere.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::context::Context;
use crate::files::work;

/// Where runs leave what later ones need.
#[derive(Debug, Clone, Args)]
pub struct WorkArgs {
    /// Folder for the ledgers of runs and the report of the last one [default: .scimsnap]
    #[arg(long, value_name = "DIR")]
    pub work_dir: Option<PathBuf>,
}

impl WorkArgs {
    /// The folder, which need not exist.
    pub fn folder(&self, context: &Context) -> PathBuf {
        context.cwd.join(self.shown())
    }

    /// The folder as people are shown it.
    pub fn shown(&self) -> &Path {
        self.work_dir.as_deref().unwrap_or(Path::new(work::NAME))
    }
}
