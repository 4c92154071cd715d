//! `--json`: everything for programs. The shape is a contract; `schemas/report.schema.json` has it.
//!
//! Written as a stream, so that a long run stays small; the file appears whole at the end.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::run::{Event, PairReport, Status, Summary};
use crate::wire::Redactor;

use super::Reporter;

/// The version of the shape.
pub const FORMAT: u32 = 1;

/// Writes the JSON report.
#[derive(Debug)]
pub struct Json {
    path: PathBuf,
    part: PathBuf,
    file: BufWriter<File>,
    redactor: Redactor,
    first: bool,
}

impl Json {
    /// A report to a file.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = BufWriter::new(File::create(&part)?);
        Ok(Self { path: path.to_owned(), part, file, redactor: Redactor::default(), first: true })
    }
}

impl Reporter for Json {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started(header) => {
                self.redactor = header.redactor.clone();
                let tool = concat!("scimsnap ", env!("CARGO_PKG_VERSION"));
                let head =
                    json!({"format": FORMAT, "tool": tool, "run": header.run, "target": header.target});
                let head = head.to_string();
                // The object stays open for what follows.
                write!(self.file, "{},\"scenarios\":[", &head[..head.len() - 1])
            }
            Event::Finished(report) => {
                let separator = if self.first { "\n" } else { ",\n" };
                self.first = false;
                let text = scenario(report, &self.redactor).to_string();
                write!(self.file, "{separator}{}", self.redactor.text(&text))
            }
            Event::Ended(summary) => {
                let tail = tail(summary).to_string();
                writeln!(self.file, "\n],{}", &self.redactor.text(&tail)[1..])?;
                self.file.flush()?;
                std::fs::rename(&self.part, &self.path)
            }
        }
    }
}

impl Drop for Json {
    /// A run that broke off leaves no half report.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.part);
    }
}

fn millis(took: Duration) -> Value {
    // Microseconds are kept: a whole scenario may take less than a millisecond.
    Value::from((took.as_secs_f64() * 1_000_000.0).round() / 1_000.0)
}

fn scenario(report: &PairReport, redactor: &Redactor) -> Value {
    let checkpoints: Vec<Value> = report
        .checkpoints
        .iter()
        .map(|checkpoint| {
            let mut value = json!({"name": checkpoint.name, "status": checkpoint.status.as_str()});
            if let Some(diff) = &checkpoint.diff {
                value["diff"] = Value::from(diff.as_str());
            }
            value
        })
        .collect();
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "requirement": finding.requirement.id,
                "level": finding.level().as_str(),
                "message": redactor.text(&finding.message),
                "exchange": finding.exchange.number,
                "at": finding.at.place(),
            })
        })
        .collect();
    let exchanges: Vec<Value> = report
        .exchanges
        .iter()
        .map(|line| {
            json!({"method": line.method, "path": line.path, "status": line.status, "ms": millis(line.took)})
        })
        .collect();
    let mut value = json!({
        "id": report.id,
        "idp": report.client.as_str(),
        "status": report.status.as_str(),
        "partial": report.partial,
        "ms": millis(report.took),
        "requests": report.requests,
        "checkpoints": checkpoints,
        "findings": findings,
        "exchanges": exchanges,
    });
    let optional = [
        ("alternative", report.alternative.clone()),
        ("skipped_reason", report.skipped_reason.clone()),
        ("error", report.error.as_ref().map(|trouble| trouble.message.clone())),
    ];
    for (key, text) in optional {
        if let Some(text) = text {
            value[key] = Value::from(text);
        }
    }
    value
}

fn tail(summary: &Summary) -> Value {
    let readiness: Map<String, Value> = summary
        .readiness
        .iter()
        .map(|(family, readiness)| (family.to_string(), Value::from(readiness.as_str())))
        .collect();
    json!({
        "readiness": readiness,
        "behaviour": summary.behaviour,
        "leftovers": summary.leftovers.iter().collect::<Vec<_>>(),
        "summary": {
            "passed": summary.count(Status::Passed),
            "failed": summary.count(Status::Failed),
            "errored": summary.count(Status::Errored),
            "skipped": summary.count(Status::Skipped),
            "new": summary.count(Status::New),
            "known": 0,
            "requests": summary.requests,
            "ms": millis(summary.took),
        },
    })
}
