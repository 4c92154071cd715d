//! Reads from a JSON report what a script needs.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cli::output::fail;
use crate::cli::work::WorkArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::files::{input, work};
use crate::report::json::FORMAT;
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

/// Which shape a report has.
#[derive(Debug, Deserialize)]
struct Shape {
    format: u32,
}

impl Report {
    /// The report in a file, or that of the last run. What is wrong with it was said.
    pub(super) fn read(from: Option<&Path>, folder: &WorkArgs, context: &Context) -> Result<Self, Exit> {
        let shown = from.map_or_else(|| work::last_run(folder.shown()), Path::to_owned);
        let path: PathBuf = context.cwd.join(&shown);
        let shown = shown.display();
        let read = if from.is_some() { input::text_or_stream } else { input::text };
        let text = match read(&path, work::MOST) {
            Ok(text) => text,
            Err(error) if from.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                let error = format!("no run has left a report here (`{shown}`)");
                let help = "run `scimsnap run` first, or name a JSON report with --from";
                return Err(fail(Exit::Usage, &error, Some(help)));
            }
            Err(error) => return Err(fail(Exit::Usage, &format!("cannot read `{shown}` ({error})"), None)),
        };
        let help = Some("`scimsnap run --json FILE` writes one");
        match serde_json::from_str::<Shape>(&text) {
            Ok(shape) if shape.format == FORMAT => {}
            Ok(shape) => {
                let error =
                    format!("`{shown}` is a report of format {}, expected format {FORMAT}", shape.format);
                return Err(fail(Exit::Invalid, &error, help));
            }
            Err(error) => {
                let error = format!("`{shown}` is not a JSON report ({error})");
                return Err(fail(Exit::Invalid, &error, help));
            }
        }
        serde_json::from_str(&text)
            .map_err(|error| fail(Exit::Invalid, &format!("`{shown}` is not a JSON report ({error})"), help))
    }
}
