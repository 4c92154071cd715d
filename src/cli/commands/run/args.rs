//! The flags of `scimsnap run`.

use std::path::PathBuf;

use crate::cli::given::{REPORTS, SELECTION};
use crate::cli::selection::SelectionArgs;
use crate::cli::target::TargetArgs;
use crate::cli::work::WorkArgs;
use crate::context::Context;
use crate::idp::ClientName;
use crate::reference::Profile;
use crate::report::Detail;
use crate::run::plan::narrowing::Shard;
use crate::scenario::Pack;
use crate::scenario::catalogue::select;
use crate::snapshot::Update;

/// The arguments of `run`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub struct Args {
    /// Which scenarios.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// The target.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Where the run is remembered.
    #[command(flatten)]
    pub work: WorkArgs,
    /// Play again what failed in the last run, with its flags unless they are given anew
    #[arg(long, help_heading = SELECTION, conflicts_with_all = ["selection", "pack"])]
    pub rerun_failed: bool,
    /// Providers to play (okta, entra, google, …), or exact clients such as okta-aiw [default: all]
    #[arg(long, value_name = "NAME", value_delimiter = ',', num_args = 1.., help_heading = SELECTION)]
    pub idp: Vec<String>,
    /// Profile of the embedded endpoint: jsm-customers, atlassian-employees or rfc [default: the scenario's own]
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    pub profile: Option<Profile>,
    /// Number of seconds after a write during which reads may be stale
    #[arg(long, value_name = "S", default_value_t = 3, requires = "target")]
    pub read_lag: u64,
    /// Part of the catalogue to play [default: ready for a target; full otherwise, and for a selection]
    #[arg(long, value_name = "PACK", help_heading = SELECTION)]
    pub pack: Option<Pack>,
    /// Play one of N equal parts, such as 1/4
    #[arg(long, value_name = "I/N", help_heading = SELECTION)]
    pub shard: Option<Shard>,
    /// Show the planned requests without sending anything
    #[arg(long)]
    pub plan: bool,
    /// Maximum number of requests per second
    #[arg(long, value_name = "N", value_parser = rate, requires = "target")]
    pub rate: Option<f64>,
    /// Maximum number of requests, not counting those that clean up
    #[arg(long, value_name = "N", requires = "target")]
    pub max_requests: Option<usize>,
    /// Number of runs to play at the same time [default: 8]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Start no further runs after N failures (1 if N is omitted)
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", require_equals = true)]
    pub fail_fast: Option<usize>,
    /// Also fail on should-level findings
    #[arg(long)]
    pub strict: bool,
    /// Fail if a run is skipped
    #[arg(long)]
    pub require_all: bool,
    /// Keep the created users and groups at the endpoint
    #[arg(long)]
    pub keep: bool,
    /// Also compare the whole transcript of each client with a snapshot of its own
    #[arg(long, help_heading = "Snapshots")]
    pub transcript: bool,
    /// Endpoint to compare the target with, such as the previous release; it is played first
    #[arg(long, value_name = "URL|NAME", help_heading = "Target", requires = "target")]
    pub against: Option<String>,
    /// Environment variable with the bearer token of that endpoint [default: the target's own]
    #[arg(long, value_name = "VAR", help_heading = "Target", requires = "against")]
    pub against_token_env: Option<String>,
    /// Which snapshots to write [default: new; no if CI is set]
    #[arg(long, value_name = "MODE", help_heading = "Snapshots")]
    pub update: Option<Update>,
    /// Write a JSON report to this file, or to standard output for `-`
    #[arg(long, value_name = "FILE", help_heading = REPORTS)]
    pub json: Option<PathBuf>,
    /// Write a JUnit report to this file, or to standard output for `-`
    #[arg(long, value_name = "FILE", help_heading = REPORTS)]
    pub junit: Option<PathBuf>,
    /// Write a SARIF 2.1.0 report to this file, or to standard output for `-`
    #[arg(long, value_name = "FILE", help_heading = REPORTS)]
    pub sarif: Option<PathBuf>,
    /// Write the verdict and the causes as Markdown to this file, or to standard output for `-`
    #[arg(long, value_name = "FILE", help_heading = REPORTS)]
    pub markdown: Option<PathBuf>,
    /// Write every exchange as an HTTP Archive (HAR 1.2) to this file, or to standard output for `-`
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub har: Option<PathBuf>,
    /// Write no annotations and no step summary in GitHub Actions
    #[arg(long, help_heading = REPORTS)]
    pub no_annotations: bool,
    /// Print only the verdict and a line for each cause
    #[arg(short, long, help_heading = REPORTS, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Also print each scenario, its differences and the behaviour card; -vv: every exchange
    #[arg(short, long, help_heading = REPORTS, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Args {
    /// How much the report on the terminal says.
    pub fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (false, 0) => Detail::Brief,
            (false, 1) => Detail::Verbose,
            (false, _) => Detail::Everything,
        }
    }

    /// `--idp` takes several names, and with them a selection that follows it: moves that back to the selection.
    pub fn return_selection(&mut self, context: &Context) {
        let means_scenarios = |word: &String| {
            ClientName::select(word).is_none() && select(std::slice::from_ref(word), &context.cwd).is_ok()
        };
        let words: Vec<String> = self.idp.extract_if(.., |word| means_scenarios(word)).collect();
        self.selection.selection.extend(words);
    }
}

/// Parses a number of requests per second.
fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "it is not a number".to_owned())?;
    if rate > 0.0 && rate.is_finite() { Ok(rate) } else { Err("it must be greater than 0".to_owned()) }
}
