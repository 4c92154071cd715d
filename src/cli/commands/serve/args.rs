//! The flags of `scimsnap serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The arguments of `serve`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub struct Args {
    /// Address to listen on; port 0 chooses a free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8420")]
    pub listen: SocketAddr,
    /// Profile: jsm-customers, atlassian-employees or rfc [default: jsm-customers]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Set a knob (repeatable)
    #[arg(long = "knob", value_name = "K=V")]
    pub knobs: Vec<String>,
    /// Switch on a defect (repeatable)
    #[arg(long = "defect", value_name = "NAME")]
    pub defects: Vec<String>,
    /// Environment variable with the API key [default: a generated key]
    #[arg(long, value_name = "VAR")]
    pub token_env: Option<String>,
    /// Id of the directory, which is the last part of the SCIM base URL [default: a generated id]
    #[arg(long, value_name = "ID")]
    pub directory: Option<String>,
    /// Name of the site
    #[arg(long, value_name = "NAME", default_value = "reference")]
    pub site: String,
    /// Seed for generated ids and keys, to make them the same after each start
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// File that keeps the state of the endpoint. It is read at the start and written at the end; changes reach the disk
    /// within half a second, in a journal beside it. The REST token changes with each start
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Also accept requests for this host name (repeatable); IP addresses and localhost are always accepted
    #[arg(long = "allow-host", value_name = "NAME")]
    pub allowed_hosts: Vec<String>,
    /// Print only a line of JSON when ready
    #[arg(long)]
    pub ready_json: bool,
    /// Print no line on standard error for each request
    #[arg(short, long)]
    pub quiet: bool,
    /// List the knobs and exit
    #[arg(long)]
    pub list_knobs: bool,
    /// List the defects and exit
    #[arg(long)]
    pub list_defects: bool,
}
