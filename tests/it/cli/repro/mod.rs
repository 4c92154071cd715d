//! `repro`: the script that shows a cause is red while the fault is there, and green where it is not. It runs by itself, in
//! any POSIX shell, and touches nothing of anybody else's.

mod command;
mod defects;
mod ids;
mod strangers;
mod text;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::{Folder, Outcome, Scimsnap, Served};

/// What a script may call besides `curl`.
const TOOLS: [&str; 19] = [
    "cat", "cp", "curl", "cut", "date", "dash", "grep", "mkdir", "od", "rm", "sed", "sh", "sleep", "sort",
    "tr", "uniq", "wc", "head", "env",
];

/// A folder with every tool but `jq`, for a `PATH` of its own.
fn without_jq() -> &'static Path {
    static BIN: OnceLock<Folder> = OnceLock::new();
    BIN.get_or_init(|| {
        let folder = Folder::new();
        for tool in TOOLS {
            if let Some(path) = found(tool) {
                std::os::unix::fs::symlink(path, folder.path().join(tool)).unwrap();
            }
        }
        folder
    })
    .path()
}

/// Where a tool is.
fn found(tool: &str) -> Option<PathBuf> {
    ["/usr/local/bin", "/usr/bin", "/bin"]
        .iter()
        .map(|folder| Path::new(folder).join(tool))
        .find(|path| path.exists())
}

/// How a script reads JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// By whatever is installed, `jq` first.
    Any,
    /// By `sed`.
    Sed,
}

/// A script that is run by the strictest shell that is there.
fn script(path: &Path, folder: &Folder, reader: Reader) -> Command {
    let mut command = Command::new(found("dash").unwrap_or_else(|| "/bin/sh".into()));
    let tools = match reader {
        Reader::Any => "/usr/local/bin:/usr/bin:/bin".to_owned(),
        Reader::Sed => without_jq().display().to_string(),
    };
    command.arg(path).env_clear().env("PATH", tools).env("TMPDIR", folder.path()).env("READ_LAG", "0");
    command.current_dir(folder.path()).stdin(Stdio::null());
    command
}

/// Runs a script against an endpoint.
fn play(path: &Path, folder: &Folder, served: &Served, reader: Reader) -> Outcome {
    let mut command = script(path, folder, reader);
    command.env("SCIM_URL", &served.scim).env("SCIM_TOKEN", &served.token).output().unwrap().into()
}

/// Plays a scenario against an endpoint; the JSON report is in `out.json`.
fn run(folder: &Folder, served: &Served, scenario: &str) -> Value {
    let words = ["run", scenario, "--update", "no", "--read-lag", "1", "--json", "out.json"];
    let report = || serde_json::from_str(&folder.read("out.json")).unwrap_or_default();
    let outcome = Scimsnap::new(folder.path(), &words).against(served).end();
    match outcome.code {
        // The target is not judged at all, and there is no report.
        4 => return Value::Null,
        // Nothing could be played over SCIM alone.
        6 => drop(Scimsnap::new(folder.path(), &words).with_rest(served).end()),
        _ => {}
    }
    report()
}

/// Writes the script of a cause; nothing where there is none.
fn written(folder: &Folder, cause: &str) -> Option<PathBuf> {
    let words = ["repro", cause, "--from", "out.json", "--out", "scripts"];
    let outcome = Scimsnap::new(folder.path(), &words).end();
    (outcome.code == 0).then(|| folder.path().join(outcome.stdout.trim()))
}

/// The ids of the causes of a level.
fn causes<'a>(report: &'a Value, level: &str) -> Vec<&'a str> {
    let causes = report["causes"].as_array().into_iter().flatten();
    causes.filter(|cause| cause["level"] == level).filter_map(|cause| cause["id"].as_str()).collect()
}
