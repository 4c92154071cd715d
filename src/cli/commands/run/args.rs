//! The flags of `scimsnap run`.

use std::path::PathBuf;

use crate::cli::selection::SelectionArgs;
use crate::cli::target::TargetArgs;
use crate::context::Context;
use crate::idp::ClientName;
use crate::reference::Profile;
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
    /// Play only these: okta, entra, google, or an exact client such as okta-aiw
    #[arg(long, value_name = "NAME", value_delimiter = ',', num_args = 1..)]
    pub idp: Vec<String>,
    /// Make the embedded endpoint this everywhere: jsm-customers, atlassian-employees, rfc [default: as scenarios say]
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    pub profile: Option<Profile>,
    /// Seconds after a write in which a read may still show what was before
    #[arg(long, value_name = "S", default_value_t = 3, requires = "target")]
    pub read_lag: u64,
    /// How much of the catalogue to play [default: ready on a target, full otherwise and for a selection]
    #[arg(long, value_name = "PACK")]
    pub pack: Option<Pack>,
    /// Play one of N equal parts, as in 1/4
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Say what would be sent, and send nothing
    #[arg(long)]
    pub plan: bool,
    /// Requests a second at most
    #[arg(long, value_name = "N", value_parser = rate, requires = "target")]
    pub rate: Option<f64>,
    /// Requests at most; cleaning up goes beyond
    #[arg(long, value_name = "N", requires = "target")]
    pub max_requests: Option<usize>,
    /// How many runs at a time [default: 8]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Stop beginning runs after N failures
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", require_equals = true)]
    pub fail_fast: Option<usize>,
    /// Fail on should-level findings too
    #[arg(long)]
    pub strict: bool,
    /// Fail when something is skipped
    #[arg(long)]
    pub require_all: bool,
    /// Leave what was created at the endpoint
    #[arg(long)]
    pub keep: bool,
    /// Also hold each client's whole transcript against a snapshot of its own
    #[arg(long, help_heading = "Snapshots")]
    pub transcript: bool,
    /// Another endpoint (or the release before) that is played first and held against the target
    #[arg(long, value_name = "URL|NAME", help_heading = "Target", requires = "target")]
    pub against: Option<String>,
    /// Environment variable that holds its bearer token [default: the target's own]
    #[arg(long, value_name = "VAR", help_heading = "Target", requires = "against")]
    pub against_token_env: Option<String>,
    /// What to write to the snapshots folder [default: new, in CI no]
    #[arg(long, value_name = "MODE", help_heading = "Snapshots")]
    pub update: Option<Update>,
    /// Write everything as JSON; `-` is standard output
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub json: Option<PathBuf>,
    /// Write a JUnit report; `-` is standard output
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub junit: Option<PathBuf>,
    /// Print failures and the verdict only
    #[arg(short, long, help_heading = "Reports")]
    pub quiet: bool,
}

impl Args {
    /// `--idp` takes several names, so it also takes what was meant as a selection after it: gives that back.
    pub fn return_selection(&mut self, context: &Context) {
        let means_scenarios = |word: &String| {
            ClientName::select(word).is_none() && select(std::slice::from_ref(word), &context.cwd).is_ok()
        };
        let words: Vec<String> = self.idp.extract_if(.., |word| means_scenarios(word)).collect();
        self.selection.selection.extend(words);
    }
}

/// A number of requests a second.
fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    if rate > 0.0 && rate.is_finite() { Ok(rate) } else { Err("it must be above 0".to_owned()) }
}
