//! The commands and their flags, as `--help` shows them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::context::Context;
use crate::idp::ClientName;
use crate::reference::Profile;
use crate::run::plan::narrowing::Shard;
use crate::scenario::Pack;
use crate::scenario::catalogue::select;
use crate::snapshot::Update;

use super::commands::serve::ServeArgs;

/// Plays an identity provider against any SCIM 2.0 endpoint and compares the customers and organizations that come
/// out with reviewed snapshots.
#[derive(Debug, Parser)]
#[command(name = "scimsnap", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes:
  0 all holds · 1 the endpoint fails · 2 bad flags · 3 a file is invalid, nothing was sent
  4 the target cannot be judged · 5 snapshots to review · 6 nothing to judge · 70 a bug · 130 interrupted";

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Replay scenarios and compare what comes out
    Run(Box<RunArgs>),
    /// Start the reference endpoint, which models Jira Service Management customer provisioning
    Serve(ServeArgs),
    /// Look at outcomes that wait for a review, accept or reject them
    Snapshots(SnapshotsArgs),
    /// List scenarios
    List(SelectionArgs),
    /// Check scenario files and their snapshots, and send nothing
    Check(SelectionArgs),
    /// Explain a requirement by its id
    Explain(ExplainArgs),
    /// List the deliberate bugs of the reference endpoint, or prove that the scenarios see them
    Defects(DefectsArgs),
    /// Remove what a run that was killed left at the endpoint
    Clean(CleanArgs),
    /// Look at a target without changing anything: discovery, authentication, capabilities
    Probe(ProbeArgs),
    /// Look at a target and write a settings file for it
    Init(Box<InitArgs>),
    /// Write bundled scenarios with their snapshots to files, to be edited
    Export(ExportArgs),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print completions for a shell
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// Which scenarios.
#[derive(Debug, Args)]
pub struct SelectionArgs {
    /// Ids, beginnings of ids (`conflicts`), files or folders; all bundled scenarios where none is named
    #[arg(value_name = "SELECTION")]
    pub selection: Vec<String>,
}

/// Where the endpoint is and how to get in.
#[derive(Debug, Clone, Args)]
pub struct TargetArgs {
    /// SCIM base URL, to which /Users is appended, or a target's name in the settings file; without it, the embedded
    /// reference endpoint
    #[arg(long, value_name = "URL|NAME", help_heading = "Target")]
    pub target: Option<String>,
    /// Settings file [default: scimsnap.toml, where there is one]
    #[arg(long, value_name = "FILE", help_heading = "Target")]
    pub settings: Option<PathBuf>,
    /// Environment variable that holds the bearer token
    #[arg(long, value_name = "VAR", help_heading = "Target")]
    pub token_env: Option<String>,
    /// File that holds the bearer token
    #[arg(long, value_name = "FILE", help_heading = "Target", conflicts_with = "token_env")]
    pub token_file: Option<PathBuf>,
    /// Base URL of the product's REST API (…/rest/servicedeskapi)
    #[arg(long, value_name = "URL", help_heading = "Target", requires_all = ["rest_user", "rest_token_env"])]
    pub rest: Option<String>,
    /// User for the REST API
    #[arg(long, value_name = "USER", help_heading = "Target", requires = "rest")]
    pub rest_user: Option<String>,
    /// Environment variable that holds the REST API's token
    #[arg(long, value_name = "VAR", help_heading = "Target", requires = "rest")]
    pub rest_token_env: Option<String>,
    /// Service desk whose customers are read
    #[arg(long, value_name = "ID", help_heading = "Target", default_value_t = 1)]
    pub service_desk: u32,
    /// PEM file with certificates to trust, beside those of the system
    #[arg(long, value_name = "FILE", help_heading = "Target")]
    pub ca: Option<PathBuf>,
    /// HTTP proxy; `none` for none [default: from the environment, as curl reads it]
    #[arg(long, value_name = "URL", help_heading = "Target")]
    pub proxy: Option<String>,
    /// Take any certificate, from anybody
    #[arg(long, help_heading = "Target")]
    pub insecure: bool,
    /// Seconds to wait for rate limits in all, for one scenario and client [default: 120]
    #[arg(long, value_name = "S", help_heading = "Target")]
    pub max_wait: Option<u64>,
}

/// The flags of `run`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub struct RunArgs {
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

impl RunArgs {
    /// `--idp` takes several names, so it also takes what was meant as a selection after it: gives that back.
    pub fn return_selection(&mut self, context: &Context) {
        let means_scenarios = |word: &String| {
            ClientName::select(word).is_none() && select(std::slice::from_ref(word), &context.cwd).is_ok()
        };
        let words: Vec<String> = self.idp.extract_if(.., |word| means_scenarios(word)).collect();
        self.selection.selection.extend(words);
    }
}

/// The flags of `snapshots`.
#[derive(Debug, Args)]
pub struct SnapshotsArgs {
    /// Settings file, whose targets may have snapshots of their own [default: scimsnap.toml, where there is one]
    #[arg(long, value_name = "FILE", global = true)]
    pub settings: Option<PathBuf>,
    /// Only what waits in the folder of this target
    #[arg(long, value_name = "NAME", global = true)]
    pub target: Option<String>,
    /// What to do with them.
    #[command(subcommand)]
    pub command: SnapshotsCommand,
}

/// What to do with pending snapshots.
#[derive(Debug, Subcommand)]
pub enum SnapshotsCommand {
    /// List what waits for a review
    List(SelectionArgs),
    /// Show how it differs from what was accepted
    Diff(SelectionArgs),
    /// Accept it
    Accept(AcceptArgs),
    /// Throw it away
    Reject(SelectionArgs),
}

/// The flags of `snapshots accept`.
#[derive(Debug, Args)]
pub struct AcceptArgs {
    /// Which scenarios.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Accept it as this alternative
    #[arg(long = "as", value_name = "NAME")]
    pub alternative: Option<String>,
    /// Accept it for this client only, which the scenario lists under `differs`
    #[arg(long = "for", value_name = "CLIENT")]
    pub client: Option<String>,
}

/// The flags of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The requirement; all of them in short where none is named
    #[arg(value_name = "ID")]
    pub id: Option<String>,
}

/// The flags of `defects`.
#[derive(Debug, Args)]
pub struct DefectsArgs {
    /// Only these, by name
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Play every bundled scenario against each of them and show who sees it
    #[arg(long)]
    pub prove: bool,
    /// Play each only by the scenario that the list names for it
    #[arg(long, requires = "prove")]
    pub quick: bool,
    /// How many of them at a time
    #[arg(long, value_name = "N", default_value_t = 2, requires = "prove")]
    pub jobs: usize,
    /// Write the whole matrix as JSON
    #[arg(long, value_name = "FILE", requires = "prove")]
    pub json: Option<PathBuf>,
}

/// The flags of `probe`.
#[derive(Debug, Args)]
pub struct ProbeArgs {
    /// SCIM base URL, or a target's name in the settings file
    #[arg(value_name = "URL|NAME")]
    pub url: String,
    /// The way there.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// The flags of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// SCIM base URL
    #[arg(value_name = "URL")]
    pub url: String,
    /// What the target is called
    #[arg(long, value_name = "NAME", default_value = "staging")]
    pub name: String,
    /// The way there.
    #[command(flatten)]
    pub target: TargetArgs,
    /// The way in.
    #[command(flatten)]
    pub way: WayArgs,
}

/// Ways in that stand in the settings file: names of variables and files, never a secret itself.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Way in")]
pub struct WayArgs {
    /// Environment variable that holds the whole value of the Authorization header
    #[arg(long, value_name = "VAR", conflicts_with_all = ["token_env", "token_file"])]
    pub authorization_env: Option<String>,
    /// File that holds it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["token_env", "token_file", "authorization_env"])]
    pub authorization_file: Option<PathBuf>,
    /// User for Basic authentication
    #[arg(long, value_name = "USER", requires = "basic_password",
        conflicts_with_all = ["token_env", "token_file", "authorization_env", "authorization_file"])]
    pub basic_user: Option<String>,
    /// Environment variable that holds the user's password
    #[arg(long, value_name = "VAR", group = "basic_password", requires = "basic_user")]
    pub basic_password_env: Option<String>,
    /// File that holds the user's password
    #[arg(long, value_name = "FILE", group = "basic_password", requires = "basic_user")]
    pub basic_password_file: Option<PathBuf>,
    /// Token endpoint of the OAuth 2.0 client credentials grant
    #[arg(long, value_name = "URL", requires_all = ["oauth_client_id", "oauth_client_secret"],
        conflicts_with_all = ["token_env", "token_file", "authorization_env", "authorization_file", "basic_user"])]
    pub oauth_token_url: Option<String>,
    /// The OAuth client's id
    #[arg(long, value_name = "ID", requires = "oauth_token_url")]
    pub oauth_client_id: Option<String>,
    /// Environment variable that holds the OAuth client's secret
    #[arg(long, value_name = "VAR", group = "oauth_client_secret", requires = "oauth_token_url")]
    pub oauth_client_secret_env: Option<String>,
    /// File that holds the OAuth client's secret
    #[arg(long, value_name = "FILE", group = "oauth_client_secret", requires = "oauth_token_url")]
    pub oauth_client_secret_file: Option<PathBuf>,
    /// The scope that is asked for
    #[arg(long, value_name = "SCOPE", requires = "oauth_token_url")]
    pub oauth_scope: Option<String>,
    /// Where the client's secret is sent: basic (a header) or body
    #[arg(long, value_name = "WHERE", requires = "oauth_token_url", value_parser = ["basic", "body"])]
    pub oauth_client_auth: Option<String>,
    /// PEM file with the client's certificate, for mutual TLS
    #[arg(long, value_name = "FILE")]
    pub client_cert: Option<PathBuf>,
    /// PEM file with its key, where that stands in a file of its own
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub client_key: Option<PathBuf>,
}

/// The flags of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Which scenarios.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}

/// A number of requests a second.
fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    if rate > 0.0 && rate.is_finite() { Ok(rate) } else { Err("it must be above 0".to_owned()) }
}

/// The flags of `clean`.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// The run, as its output names it
    #[arg(long, value_name = "ID", required_unless_present_any = ["all", "list"])]
    pub run: Option<String>,
    /// Clean up after every run against the target that may have left something
    #[arg(long, conflicts_with = "run")]
    pub all: bool,
    /// List the runs that may have left something, and send nothing
    #[arg(long, conflicts_with_all = ["run", "all"])]
    pub list: bool,
    /// The target.
    #[command(flatten)]
    pub target: TargetArgs,
}
