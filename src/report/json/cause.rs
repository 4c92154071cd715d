//! The causes in the JSON report, each with its exchanges in full.

use std::sync::Arc;

use serde::Serialize;

use crate::event::{Header, Summary};
use crate::report::cause_text::repro_command;
use crate::report::commands;
use crate::report::gist::{answer_gist, request_gist};
use crate::report::shape::Flags;
use crate::requirement::{Cause, Clue, Consequence, Steps, created};
use crate::wire::{Answer, Exchange, Key, Lost, Redactor};

use super::time::millis;

/// A cause's entry.
#[derive(Serialize)]
pub(super) struct CauseEntry<'a> {
    id: String,
    covers: Vec<&'a str>,
    requirement: &'a str,
    level: &'a str,
    headline: String,
    providers: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    culprit: Option<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown_by: Option<Shown>,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<&'a str>,
    right: &'a str,
    because: &'a str,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'static str>,
    known: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    curl: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    curl_note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repro: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<ScriptEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_script: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accept: Vec<String>,
    consequences: Vec<ConsequenceEntry<'a>>,
    more_consequences: usize,
    seen_in: Vec<Pair<'a>>,
}

/// What a script sends, and how it tells whether the fault is there.
#[derive(Serialize)]
struct ScriptEntry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    culprit: Option<usize>,
    clues: &'a [Clue],
    whole: bool,
    steps: Vec<StepEntry<'a>>,
}

/// A request of a script.
#[derive(Serialize)]
struct StepEntry<'a> {
    exchange: ExchangeEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    creates: Option<&'a str>,
}

/// An exchange in full.
#[derive(Serialize)]
struct Shown {
    exchange: ExchangeEntry,
}

#[derive(Serialize)]
struct ExchangeEntry {
    number: usize,
    method: &'static str,
    target: String,
    headers: Vec<[String; 2]>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    anonymous: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ResponseEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<String>,
    ms: f64,
}

#[derive(Serialize)]
struct ResponseEntry {
    status: u16,
    headers: Vec<[String; 2]>,
    body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    intercepted: Option<&'static str>,
}

#[derive(Serialize)]
struct ConsequenceEntry<'a> {
    kind: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    requirement: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<&'a str>,
    id: &'a str,
    idp: &'a str,
}

#[derive(Serialize)]
struct Pair<'a> {
    id: &'a str,
    idp: &'a str,
}

/// The entries of a run's causes.
pub(super) fn entries<'a>(summary: &'a Summary, header: &Header, flags: &Flags) -> Vec<CauseEntry<'a>> {
    summary.causes.iter().map(|cause| entry(cause, summary, header, flags)).collect()
}

fn entry<'a>(cause: &'a Cause, summary: &Summary, header: &Header, flags: &Flags) -> CauseEntry<'a> {
    let shown = |exchange| Shown { exchange: exchange_entry(exchange, header) };
    let repeat = commands::repeat_cause(cause, summary, flags);
    let culprit = cause.culprit.as_ref().or(cause.shown_by.as_ref());
    let (mut curl, mut curl_note) = (None, None);
    if let Some(exchange) = culprit {
        let redactor = header.redactor.for_request(&exchange.request);
        curl = Some(commands::curl(&exchange.request, header, flags, &redactor).as_str().to_owned());
        curl_note = commands::curl_note(&exchange.request, header, flags, &redactor);
    }
    let accept = commands::accept(cause, summary, flags);
    let mask = |text: &str| header.redactor.text(text).into_owned();
    CauseEntry {
        id: cause.id(),
        covers: cause.covers.iter().map(String::as_str).collect(),
        requirement: cause.requirement.id,
        level: cause.level.as_str(),
        headline: mask(&cause.headline()),
        providers: cause.families.iter().map(|family| family.as_str()).collect(),
        culprit: cause.culprit.as_deref().map(shown),
        shown_by: cause.shown_by.as_deref().map(shown),
        at: cause.at.place(),
        diff: cause.diff.as_deref(),
        right: cause.requirement.text,
        because: cause.requirement.reasoning,
        source: cause.requirement.source,
        evidence: cause.weak,
        known: cause.known.as_deref().filter(|_| cause.is_known()),
        curl,
        curl_note,
        repeat: repeat.map(|command| command.as_str().to_owned()),
        repro: repro_command(cause).map(|command| command.as_str().to_owned()),
        script: cause.steps.as_deref().ok().map(|steps| script(steps, header)),
        no_script: cause.steps.as_ref().err().map(ToString::to_string),
        accept: accept.iter().map(|command| command.as_str().to_owned()).collect(),
        consequences: cause.consequences.iter().map(|one| consequence(one, &header.redactor)).collect(),
        more_consequences: cause.more_consequences,
        seen_in: cause
            .seen_in
            .iter()
            .map(|seen_in| Pair { id: &seen_in.scenario, idp: seen_in.client.as_str() })
            .collect(),
    }
}

fn script<'a>(steps: &'a Steps, header: &Header) -> ScriptEntry<'a> {
    let entry = |exchange: &'a Arc<Exchange>| StepEntry {
        exchange: exchange_entry(exchange, header),
        creates: created(exchange),
    };
    ScriptEntry {
        token: steps.token.as_deref(),
        culprit: steps.culprit,
        clues: &steps.sign.clues,
        whole: steps.sign.is_whole,
        steps: steps.exchanges.iter().map(entry).collect(),
    }
}

fn consequence<'a>(consequence: &'a Consequence, redactor: &Redactor) -> ConsequenceEntry<'a> {
    let (kind, requirement, checkpoint) = match consequence {
        Consequence::Outcome { checkpoint, .. } => ("outcome", None, Some(checkpoint.as_str())),
        Consequence::Finding { requirement, .. } => ("finding", Some(requirement.id), None),
        Consequence::Alternative { .. } => ("alternative", None, None),
        Consequence::Notice { .. } => ("notice", None, None),
    };
    let seen_in = consequence.seen_in();
    ConsequenceEntry {
        kind,
        text: redactor.text(&consequence.text()).into_owned(),
        requirement,
        checkpoint,
        id: &seen_in.scenario,
        idp: seen_in.client.as_str(),
    }
}

fn exchange_entry(exchange: &Exchange, header: &Header) -> ExchangeEntry {
    let request = &exchange.request;
    let redactor = &header.redactor.for_request(request);
    let shown = |headers: &[(String, String)]| -> Vec<[String; 2]> {
        headers
            .iter()
            .map(|(name, value)| [redactor.text(name).into_owned(), redactor.text(value).into_owned()])
            .collect()
    };
    let (response, failed) = match &exchange.answer {
        Answer::Response(response) => {
            let entry = ResponseEntry {
                status: response.status,
                headers: shown(&response.headers),
                body: answer_gist(response, header, redactor).text(),
                intercepted: response.intercepted.map(Lost::as_str),
            };
            (Some(entry), None)
        }
        Answer::Failed(error) => (None, Some(redactor.text(&error.to_string()).into_owned())),
        Answer::Withheld(reason) => (None, Some(format!("withheld: {reason}"))),
    };
    ExchangeEntry {
        number: exchange.number,
        method: request.method.as_str(),
        target: redactor.text(&request.target).into_owned(),
        headers: shown(&request.headers),
        anonymous: request.key == Key::Absent,
        key: request.key.is_altered().then(|| request.key.as_str()),
        body: request.body.is_some().then(|| request_gist(request, redactor).text()),
        response,
        failed,
        ms: millis(exchange.took),
    }
}
