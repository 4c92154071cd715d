//! The flags of `scimsnap serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The arguments of `serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8420")]
    pub listen: SocketAddr,
    /// Whose service provider to be: jsm-customers (default), atlassian-employees or rfc
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Turn a knob (repeatable)
    #[arg(long = "knob", value_name = "K=V")]
    pub knobs: Vec<String>,
    /// Switch a deliberate bug on (repeatable)
    #[arg(long = "defect", value_name = "NAME")]
    pub defects: Vec<String>,
    /// Take the API key from this environment variable instead of making one
    #[arg(long, value_name = "VAR")]
    pub token_env: Option<String>,
    /// The id of the directory, the last part of the SCIM base URL
    #[arg(long, value_name = "ID")]
    pub directory: Option<String>,
    /// The name of the site
    #[arg(long, value_name = "NAME", default_value = "reference")]
    pub site: String,
    /// Make the same ids and keys in every run
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Keep everything in this file: read at the start, written at the end, and changes are on the disk within half a second
    /// (in a journal beside it). The REST token is another one after each start
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Also answer requests that name this host (repeatable); IP addresses and localhost always are
    #[arg(long = "allow-host", value_name = "NAME")]
    pub allowed_hosts: Vec<String>,
    /// Print one line of JSON when ready, and nothing else
    #[arg(long)]
    pub ready_json: bool,
    /// List the knobs and stop
    #[arg(long)]
    pub list_knobs: bool,
    /// List the defects and stop
    #[arg(long)]
    pub list_defects: bool,
}
