//! A cause as lines with labels, for formats that hold text.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::counted::counted;
use crate::event::Header;
use crate::foreign::{Printable, shell};
use crate::printable;
use crate::requirement::{Cause, Consequence};
use crate::wire::{Answer, Exchange};

use super::commands;
use super::gist::{answer_gist, request_gist};
use super::shape::Flags;

/// The longest value of a line, in characters.
const LONGEST: usize = 2_000;

/// The most scenarios that a line names.
const MOST_SCENARIOS: usize = 5;

/// A value with its label.
pub(super) type Line = (&'static str, String);

/// What is known of a cause, without its headline. `word` selects the first scenario that shows it. Nothing of it is escaped
/// for a medium yet; secrets are masked.
pub(super) fn lines(cause: &Cause, header: &Header, flags: &Flags, word: &str) -> Vec<Line> {
    let mask = |text: &str| header.redactor.text(text).into_owned();
    let mut lines = vec![("cause", cause.id())];
    let families: Vec<&str> = cause.families.iter().map(|family| family.as_str()).collect();
    lines.push(("hurts", families.join(", ")));
    if let Some(culprit) = &cause.culprit {
        lines.extend(exchange("request", "answer", culprit, header));
    }
    if let Some(shown_by) = &cause.shown_by
        && cause.culprit.as_ref().is_none_or(|culprit| culprit.number != shown_by.number)
    {
        lines.extend(exchange("shown by", "shows", shown_by, header));
    }
    lines.push(("because", cause.requirement.reasoning.to_owned()));
    lines.push(("source", cause.requirement.source.to_owned()));
    lines.push(("seen in", seen_in(cause)));
    lines.extend(explained(cause).map(|explained| ("explains", explained)));
    if let Some(weak) = cause.weak {
        lines.push(("evidence", weak.to_owned()));
    }
    let notice = cause.consequences.iter().find(|one| matches!(one, Consequence::Notice { .. }));
    if let Some(notice) = notice {
        lines.push(("notice", mask(&notice.text())));
    }
    if let Some(known) = &cause.known {
        lines.push(("known", mask(&known_in(known, cause))));
    }
    if let Some(culprit) = cause.culprit.as_ref().or(cause.shown_by.as_ref()) {
        let redactor = header.redactor.for_request(&culprit.request);
        lines.push(("curl", commands::curl(&culprit.request, header, flags, &redactor).as_str().to_owned()));
        if let Some(note) = commands::curl_note(&culprit.request, header, flags, &redactor) {
            lines.push(("note", note));
        }
    }
    if let Some(first) = cause.seen_in.first() {
        lines.push(("repeat", mask(commands::repeat(word, first.client, flags).as_str())));
    }
    if let Some(repro) = repro_command(cause) {
        lines.push(("repro", repro.as_str().to_owned()));
    }
    lines
}

/// Why it is known, and where it is not.
pub(super) fn known_in(known: &str, cause: &Cause) -> String {
    match cause.unknown {
        0 => known.to_owned(),
        unknown => {
            format!("{known} (not listed for {unknown} of its {})", counted(cause.seen_in.len(), "run"))
        }
    }
}

/// The command that writes a script which shows the cause; nothing where no script can.
pub(super) fn repro_command(cause: &Cause) -> Option<Printable> {
    cause.steps.as_ref().ok()?;
    Some(printable!("scimsnap repro {}", shell::word(&cause.id())))
}

fn exchange(request: &'static str, answer: &'static str, exchange: &Exchange, header: &Header) -> [Line; 2] {
    let redactor = &header.redactor.for_request(&exchange.request);
    let Exchange { request: sent, .. } = exchange;
    let gist = request_gist(sent, redactor).brief(LONGEST);
    let line = format!("{} {} {gist}", sent.method.as_str(), redactor.text(&sent.target));
    let answered = match &exchange.answer {
        Answer::Response(response) => {
            format!("{} {}", response.status, answer_gist(response, header, redactor).brief(LONGEST))
        }
        Answer::Failed(error) => format!("none: {}", redactor.text(&error.to_string())),
        Answer::Withheld(reason) => format!("withheld: {reason}"),
    };
    [(request, line.trim_end().to_owned()), (answer, answered.trim_end().to_owned())]
}

/// The place of the step, and the scenarios.
fn seen_in(cause: &Cause) -> String {
    let scenarios: BTreeSet<&str> = cause.seen_in.iter().map(|seen| seen.scenario.as_str()).collect();
    let named: Vec<&str> = scenarios.iter().take(MOST_SCENARIOS).copied().collect();
    let more = match scenarios.len().saturating_sub(MOST_SCENARIOS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{} ({}{more})", cause.at.place(), named.join(", "))
}

/// How much follows from a cause: `11 changed outcomes, 1 finding that follows`. Nothing where nothing does.
pub(super) fn explained(cause: &Cause) -> Option<String> {
    let mut counts: IndexMap<&'static str, usize> = IndexMap::new();
    for consequence in &cause.consequences {
        let what = match consequence {
            Consequence::Outcome { .. } => "changed outcome",
            Consequence::Finding { .. } => "finding that follows",
            Consequence::Alternative { .. } => "unwelcome outcome",
            // What the administrator would see is told by itself.
            Consequence::Notice { .. } => continue,
        };
        *counts.entry(what).or_default() += 1;
    }
    let counted_up: Vec<String> = counts
        .iter()
        .map(|(what, count)| match (*what, *count) {
            ("finding that follows", count) if count != 1 => format!("{count} findings that follow"),
            (what, count) => counted(count, what),
        })
        .collect();
    let at_least = if cause.more_consequences > 0 { "at least " } else { "" };
    (!counted_up.is_empty()).then(|| format!("{at_least}{}", counted_up.join(", ")))
}
