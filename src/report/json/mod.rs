//! `--json`: the whole result for programs. `schemas/report.schema.json` describes the shape, which is a contract.
//!
//! It is written as a stream, so that a long run needs little memory.
//!
//! May use, of `report`: `cause_text`, `commands`, `gist`, `mod`, `shape`.

mod cause;
mod time;

use std::borrow::Cow;
use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::event::{Event, Header, PairReport, Status, Summary};
use crate::files::Output;
use crate::foreign::json as visible;
use crate::requirement::Cause;
use crate::wire::{Lost, Redactor};

use self::time::millis;
use crate::report::Reporter;
use crate::report::shape::Flags;

/// The version of the shape.
pub const FORMAT: u32 = 2;

/// Writes the JSON report.
#[derive(Debug)]
pub struct Json {
    out: Output,
    redactor: Redactor,
    header: Option<Header>,
    flags: Flags,
    first: bool,
    strict: bool,
    /// Whether the exchanges of what passed are left out.
    is_lean: bool,
}

impl Json {
    /// A report to a file or a stream.
    pub fn new(out: Output, flags: Flags) -> Self {
        let redactor = Redactor::default();
        Self { out, redactor, header: None, flags, first: true, strict: false, is_lean: false }
    }

    /// Says that what should be so fails the run.
    #[must_use]
    pub fn strict(self, strict: bool) -> Self {
        Self { strict, ..self }
    }

    /// A report without the exchanges of what passed.
    pub(super) fn lean(out: Output, flags: Flags) -> Self {
        Self { is_lean: true, ..Self::new(out, flags) }
    }
}

impl Reporter for Json {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started(header) => {
                self.redactor = header.redactor.clone();
                self.header = Some((*header).clone());
                let tool = concat!("scimsnap ", env!("CARGO_PKG_VERSION"));
                let given =
                    self.flags.given.iter().map(|(name, words)| json!({"name": name, "words": words}));
                let mut head = json!({
                    "format": FORMAT,
                    "tool": tool,
                    "run": header.run,
                    "target": header.target,
                    "flags": given.collect::<Vec<_>>(),
                });
                if self.strict {
                    head["strict"] = true.into();
                }
                if let Some(name) = &header.token_env {
                    head["token_env"] = name.as_str().into();
                }
                let head = visible(&head)?;
                let head = self.redactor.text(&head);
                // The object stays open for what follows.
                write!(self.out, "{},\"scenarios\":[", &head[..head.len() - 1])
            }
            Event::Progressed(_) | Event::Exchanged(_) => Ok(()),
            Event::Finished(report) => {
                let separator = if self.first { "\n" } else { ",\n" };
                self.first = false;
                let text = scenario(report, &self.redactor, self.is_lean)?;
                write!(self.out, "{separator}{}", self.redactor.text(&text))
            }
            Event::Ended(summary) => {
                let causes = self.header.as_ref().map(|header| cause::entries(summary, header, &self.flags));
                let causes = visible(&causes.unwrap_or_default())?;
                let is_embedded = self.header.as_ref().is_some_and(|header| header.embedded);
                let tail = visible(&tail(summary, is_embedded))?;
                write!(self.out, "\n],\"causes\":{}", self.redactor.text(&causes))?;
                writeln!(self.out, ",{}", &self.redactor.text(&tail)[1..])?;
                self.out.finish()
            }
        }
    }
}

/// A pair's entry. Typed, because the same as a tree of values costs more than playing a request does.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    idp: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    select: Option<&'a str>,
    status: &'a str,
    partial: &'a [&'static str],
    ms: f64,
    requests: usize,
    causes: Vec<String>,
    checkpoints: Vec<CheckpointEntry<'a>>,
    findings: Vec<FindingEntry<'a>>,
    exchanges: Vec<ExchangeEntry<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<NoticeEntry<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    known: Vec<KnownEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alternative: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct CheckpointEntry<'a> {
    name: &'a str,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<&'a str>,
}

#[derive(Serialize)]
struct FindingEntry<'a> {
    requirement: &'a str,
    level: &'a str,
    message: Cow<'a, str>,
    exchange: usize,
    at: String,
    cause: String,
}

/// What the administrator would see at the provider.
#[derive(Serialize)]
struct NoticeEntry<'a> {
    message: Cow<'a, str>,
    exchange: usize,
}

#[derive(Serialize)]
struct KnownEntry<'a> {
    requirement: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
    reason: &'a str,
    owner: &'a str,
    expires: String,
    at: String,
}

#[derive(Serialize)]
struct ExchangeEntry<'a> {
    method: &'a str,
    path: &'a str,
    status: u16,
    ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    intercepted: Option<&'a str>,
}

fn scenario(report: &PairReport, redactor: &Redactor, is_lean: bool) -> io::Result<String> {
    let checkpoints = report.checkpoints.iter().map(|checkpoint| CheckpointEntry {
        name: &checkpoint.name,
        status: checkpoint.status.as_str(),
        diff: checkpoint.diff.as_deref(),
    });
    let findings = report.findings.iter().map(|finding| FindingEntry {
        requirement: finding.requirement.id,
        level: finding.level().as_str(),
        message: redactor.text(&finding.message),
        exchange: finding.exchange.number,
        at: finding.at.place(),
        cause: finding.cause(),
    });
    let has_passed = is_lean && report.status == Status::Passed;
    let exchanges = report.exchanges.iter().filter(|_| !has_passed).map(|line| ExchangeEntry {
        method: line.method,
        path: &line.path,
        status: line.status,
        ms: millis(line.took),
        intercepted: line.intercepted.map(Lost::as_str),
    });
    let notices = report
        .notices
        .iter()
        .map(|notice| NoticeEntry { message: redactor.text(&notice.message), exchange: notice.exchange });
    let known = report.known.iter().map(|known| KnownEntry {
        requirement: &known.requirement,
        cause: known.cause.as_deref(),
        reason: &known.reason,
        owner: &known.owner,
        expires: known.expires.to_string(),
        at: known.at.place(),
    });
    let entry = Entry {
        id: &report.id,
        idp: report.client.as_str(),
        select: Some(report.word.as_str()).filter(|word| *word != report.id),
        status: report.status.as_str(),
        partial: &report.partial,
        ms: millis(report.took),
        requests: report.requests,
        causes: report.causes.iter().map(Cause::id).collect(),
        checkpoints: checkpoints.collect(),
        findings: findings.collect(),
        exchanges: exchanges.collect(),
        notices: notices.collect(),
        known: known.collect(),
        alternative: report.alternative.as_deref(),
        skipped_reason: report.skipped_reason.as_deref(),
        error: report.error.as_ref().map(|trouble| trouble.message.as_str()),
    };
    Ok(visible(&entry)?)
}

fn tail(summary: &Summary, is_embedded: bool) -> Value {
    let readiness: Map<String, Value> = summary
        .readiness
        .iter()
        .map(|(family, readiness)| (family.to_string(), Value::from(readiness.as_str())))
        .collect();
    let known: Vec<Value> = summary
        .known
        .iter()
        .map(|known| {
            let mut line = json!({
                "scenario": known.entry.scenario,
                "requirement": known.entry.requirement,
                "state": known.state.as_str(),
                "at": known.entry.at.place(),
            });
            if let Some(cause) = &known.entry.cause {
                line["cause"] = cause.as_str().into();
            }
            line
        })
        .collect();
    let card: Vec<Value> = summary
        .card
        .iter()
        .flat_map(|(behaviour, ways)| ways.iter().map(move |way| (behaviour, ways, way)))
        .map(|(behaviour, ways, way)| {
            let mut line = json!({
                "behaviour": behaviour,
                "shows": way.shows,
                "id": way.scenario,
                "idp": way.client.as_str(),
            });
            if let Some(exchange) = way.exchange {
                line["exchange"] = exchange.into();
            }
            // The embedded endpoint is told by each scenario how to behave.
            let others = ways.iter().filter(|other| !is_embedded && way.contradicts(behaviour, other));
            let others: Vec<&str> = others.map(|other| other.shows.as_str()).collect();
            if !others.is_empty() {
                line["contradicted_by"] = others.into();
            }
            line
        })
        .collect();
    json!({
        "card": card,
        "known": known,
        "readiness": readiness,
        "behaviour": summary.behaviour,
        "leftovers": summary.leftovers.iter().collect::<Vec<_>>(),
        "summary": {
            "passed": summary.count(Status::Passed),
            "failed": summary.count(Status::Failed),
            "errored": summary.count(Status::Errored),
            "skipped": summary.count(Status::Skipped),
            "new": summary.count(Status::New),
            "known": summary.count(Status::Known),
            "causes": summary.causes.len(),
            "requests": summary.requests,
            "ms": millis(summary.took),
        },
    })
}
