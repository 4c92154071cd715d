//! `--sarif`: SARIF 2.1.0 for code scanning services, a result for each cause at the line of the scenario that shows it.

use serde_json::{Value, json};

use crate::event::{Header, KnownReport, Summary};
use crate::files::Output;
use crate::foreign::json as visible;
use crate::requirement::{Cause, Level, Requirement};

use super::at_end::AtEnd;
use super::cause_text::lines;
use super::shape::Shape;

/// The most notifications of what no result says.
const MOST_NOTIFICATIONS: usize = 50;

/// The SARIF report, to a file or a stream.
pub fn sarif(out: Output, shape: Shape) -> AtEnd {
    AtEnd::new(out, shape, |summary, header, shape| {
        let log = visible(&log(summary, header, shape))?;
        Ok(format!("{}\n", header.redactor.text(&log)))
    })
}

fn log(summary: &Summary, header: &Header, shape: &Shape) -> Value {
    let mut rules: Vec<&'static Requirement> = Vec::new();
    let results: Vec<Value> = summary
        .causes
        .iter()
        .map(|cause| {
            let index = rules.iter().position(|rule| rule.id == cause.requirement.id);
            let index = index.unwrap_or_else(|| {
                rules.push(cause.requirement);
                rules.len() - 1
            });
            result(cause, index, (header, summary), shape)
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "scimsnap",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_iter().map(rule).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": format!("scimsnap/{}", header.run)},
            "invocations": [invocation(summary, header)],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// How the run went, with what no result says.
fn invocation(summary: &Summary, header: &Header) -> Value {
    let known = summary.known.iter().filter_map(KnownReport::complaint);
    let errors = summary
        .errors
        .iter()
        .map(|(reason, repeated)| format!("{} [{}]: {reason}", repeated.scenario, repeated.client));
    let notes = errors.chain(known).chain(summary.unwritten.iter().cloned()).take(MOST_NOTIFICATIONS);
    let notes: Vec<Value> = notes
        .map(|text| json!({"level": "error", "message": {"text": header.redactor.text(&text)}}))
        .collect();
    json!({
        "executionSuccessful": summary.errors.is_empty() && !summary.interrupted && !summary.silent,
        "toolExecutionNotifications": notes,
    })
}

fn rule(requirement: &Requirement) -> Value {
    json!({
        "id": requirement.id,
        "shortDescription": {"text": requirement.text},
        "fullDescription": {"text": format!("{} (source: {})", requirement.text, requirement.source)},
        "help": {"text": format!("Otherwise {}. `scimsnap explain {}` has more.", requirement.reasoning, requirement.id)},
        "defaultConfiguration": {"level": level(requirement.level)},
    })
}

fn result(cause: &Cause, rule: usize, (header, summary): (&Header, &Summary), shape: &Shape) -> Value {
    let word = cause.seen_in.first().map_or("", |seen| summary.word(&seen.scenario));
    let text: String = std::iter::once(cause.headline())
        .chain(
            lines(cause, header, &shape.flags, word)
                .into_iter()
                .map(|(label, value)| format!("{label}: {value}")),
        )
        .collect::<Vec<_>>()
        .join("\n");
    let place = cause.at.place();
    let mut parts = place.rsplitn(3, ':');
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<u32>().ok()).unwrap_or(1).max(1);
    let (column, line) = (number(parts.next()), number(parts.next()));
    let mut result = json!({
        "ruleId": cause.requirement.id,
        "ruleIndex": rule,
        "level": if shape.strict && cause.level == Level::Should { "error" } else { level(cause.level) },
        "message": {"text": text},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": parts.next().unwrap_or(&place)},
            "region": {"startLine": line, "startColumn": column},
        }}],
        "partialFingerprints": {"cause/v1": cause.id()},
    });
    if let Some(known) = cause.known.as_ref().filter(|_| cause.is_known()) {
        result["suppressions"] = json!([{"kind": "external", "justification": known}]);
    }
    result
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "error",
        Level::Should => "warning",
        Level::Info => "note",
    }
}
