//! Reads from a JSON report what a script needs.

use std::path::Path;

use serde::Deserialize;

use crate::cli::last_report::{self, ReportError};
use crate::cli::output::fail;
use crate::cli::work::WorkArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::files::work;
use crate::requirement::Clue;

/// A report of a run.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub run: String,
    pub target: String,
    pub token_env: Option<String>,
    pub causes: Vec<Cause>,
}

/// One thing that is wrong.
#[derive(Debug, Deserialize)]
pub(super) struct Cause {
    pub id: String,
    #[serde(default)]
    pub covers: Vec<String>,
    pub level: String,
    pub headline: String,
    #[serde(default)]
    pub right: String,
    pub because: String,
    pub source: String,
    pub repeat: Option<String>,
    pub script: Option<Script>,
    pub no_script: Option<String>,
}

/// What leads to it, and how it shows.
#[derive(Debug, Deserialize)]
pub(super) struct Script {
    pub token: Option<String>,
    pub culprit: Option<usize>,
    pub clues: Vec<Clue>,
    #[serde(default)]
    pub whole: bool,
    pub steps: Vec<Step>,
}

/// A request.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Step {
    pub exchange: Exchange,
    pub creates: Option<String>,
}

/// What was sent, and what came.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Exchange {
    pub number: usize,
    pub method: String,
    pub target: String,
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    #[serde(default)]
    pub anonymous: bool,
    /// The form of the key, where it is not the usual one.
    pub key: Option<String>,
    pub body: Option<String>,
    pub response: Option<Response>,
}

/// What came.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Response {
    pub status: u16,
    #[serde(default)]
    pub headers: Vec<(String, String)>,
}

impl Step {
    /// The status of the answer, 0 where there was none.
    pub(super) fn status(&self) -> u16 {
        self.exchange.response.as_ref().map_or(0, |response| response.status)
    }

    /// The first segment of the path, with its slash.
    pub(super) fn collection(&self) -> &str {
        let path = self.exchange.target.split('?').next().unwrap_or_default();
        let end = path.char_indices().skip(1).find(|(_, letter)| *letter == '/');
        &path[..end.map_or(path.len(), |(at, _)| at)]
    }

    /// Whether it may change something.
    pub(super) fn writes(&self) -> bool {
        self.exchange.method != "GET"
    }

    /// Whether it creates a resource.
    pub(super) fn is_create(&self) -> bool {
        let path = self.exchange.target.split('?').next().unwrap_or_default();
        self.exchange.method == "POST" && path.trim_end_matches('/') == self.collection()
    }
}

impl Report {
    /// The report in a file, or that of the last run. What is wrong with it was said.
    pub(super) fn read(from: Option<&Path>, folder: &WorkArgs, context: &Context) -> Result<Self, Exit> {
        let shown = from.map_or_else(|| work::last_run(folder.shown()), Path::to_owned);
        last_report::read(&context.cwd.join(&shown), &shown).map_err(|error| match &error {
            ReportError::Missing(name) if from.is_none() => {
                let error = format!("no run has left a report here (`{name}`)");
                let help = "run `scimsnap run` first, or name a JSON report with --from";
                fail(Exit::Usage, &error, Some(help))
            }
            ReportError::Missing(_) | ReportError::Unreadable(..) => fail(Exit::Usage, &error, None),
            ReportError::Other(..) | ReportError::OtherFormat(..) => {
                fail(Exit::Invalid, &error, Some("`scimsnap run --json FILE` writes one"))
            }
        })
    }
}
