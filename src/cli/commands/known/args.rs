//! The flags of `scimsnap known`, and the files that they name.

use std::path::{Path, PathBuf};

use super::report::Report;
use crate::cli::last_report::{ReportError, read};
use crate::cli::output::fail;
use crate::cli::work::WorkArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::files::work::last_run;
use crate::settings::FILE_NAME;

/// The arguments of `known`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Add an entry to the settings file for each cause that fails now and is not listed
    #[arg(long)]
    pub write: bool,
    /// JSON report to read [default: the one of the last run]
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Also write entries for what should be so and is not
    #[arg(long, requires = "write")]
    pub strict: bool,
    /// Settings file [default: scimsnap.toml]
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Only the entries of this target; with --write, add them to it
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// Where the last run is.
    #[command(flatten)]
    pub work: WorkArgs,
}

/// The report that `--from` names, or else the last run's, where there is one.
pub(super) fn report(args: &Args, context: &Context) -> Result<Option<Report>, Exit> {
    let shown = args.from.clone().unwrap_or_else(|| last_run(args.work.shown()));
    match read(&context.cwd.join(&shown), &shown) {
        Ok(report) => Ok(Some(report)),
        Err(ReportError::Missing(_)) if args.from.is_none() => Ok(None),
        Err(error) => Err(fail(Exit::Usage, &error, Some("pass a file that `scimsnap run --json` wrote"))),
    }
}

/// The settings file.
pub(super) fn settings_file(args: &Args) -> &Path {
    args.settings.as_deref().unwrap_or(Path::new(FILE_NAME))
}
