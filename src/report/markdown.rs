//! `--markdown`: the verdict and the causes, fit for the summary of a CI job or a comment.

use std::fmt::Write as _;

use crate::counted::counted;
use crate::event::{Header, Readiness, Status, Summary};
use crate::files::Output;
use crate::foreign::Foreign;
use crate::requirement::{Cause, Level};

use super::at_end::AtEnd;
use super::cause_text::{Line, lines};
use super::shape::{Shape, in_order};

/// The most characters: services cut or refuse longer comments.
const MOST: usize = 65_000;

/// Room for what is said of the causes that are left out.
const ASIDE: usize = 200;

/// How long a value may be once it is escaped, in bytes.
const LONGEST: usize = 8_000;

/// The most reasons of a kind, and the most lines of reasons.
const MOST_REASONS: usize = 5;
const MOST_LINES: usize = 20;

/// The Markdown report, to a file or a stream.
pub fn markdown(out: Output, shape: Shape) -> AtEnd {
    AtEnd::new(out, shape, |summary, header, shape| Ok(page(summary, header, shape)))
}

/// The whole page.
pub(super) fn page(summary: &Summary, header: &Header, shape: &Shape) -> String {
    let causes = in_order(summary);
    let mut text = head(summary, header, shape, &causes);
    let rest = rest(summary, header);
    let mut room = MOST.saturating_sub(ASIDE + text.chars().count() + rest.chars().count());
    let mut left_out = 0;
    for (index, cause) in causes.iter().enumerate() {
        let word = cause.seen_in.first().map_or("", |seen| summary.word(&seen.scenario));
        let block = block(index + 1, cause, &lines(cause, header, &shape.flags, word), header);
        let length = block.chars().count();
        if left_out > 0 || length > room {
            left_out += 1;
        } else {
            room -= length;
            text.push_str(&block);
        }
    }
    if left_out > 0 {
        let _ = writeln!(text, "\n{} left out: the JSON report has all.\n", counted(left_out, "more cause"));
    }
    text.push_str(&rest);
    let page = header.redactor.text(&text);
    match page.char_indices().nth(MOST) {
        Some((end, _)) => page[..page[..end].rfind('\n').map_or(end, |line| line + 1)].to_owned(),
        None => page.into_owned(),
    }
}

/// What could not be played, and what is to be done about the settings.
fn rest(summary: &Summary, header: &Header) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    for (label, reasons) in [("errored", &summary.errors), ("skipped", &summary.skips)] {
        let mut sorted: Vec<_> = reasons.iter().collect();
        sorted.sort_by_key(|(_, repeated)| std::cmp::Reverse(repeated.pairs));
        lines.extend(
            sorted
                .iter()
                .take(MOST_REASONS)
                .map(|(reason, repeated)| (label, format!("{}: {reason}", counted(repeated.pairs, "run")))),
        );
    }
    lines.extend(summary.known.iter().filter_map(|known| Some((known.state.as_str(), known.complaint()?))));
    lines.extend(summary.unwritten.iter().take(MOST_REASONS).map(|why| ("not written", why.clone())));
    let contradictions = summary.contradictions().into_iter().filter(|_| !header.embedded);
    lines.extend(contradictions.take(MOST_REASONS).map(|(behaviour, one, other)| {
        ("contradicts", format!("{behaviour} is {}, but also {}", one.shows, other.shows))
    }));
    if summary.interrupted || summary.silent {
        let why = if summary.silent { "the endpoint no longer answers" } else { "it was interrupted" };
        lines.push(("ended early", format!("{why}; runs that had not started count as skipped")));
    }
    if lines.is_empty() {
        return String::new();
    }
    let mut text = String::from("### Besides\n\n| | |\n|---|---|\n");
    for (label, line) in lines.iter().take(MOST_LINES) {
        let _ = writeln!(text, "| {label} | {} |", cell(&header.redactor.text(line)));
    }
    text
}

/// A value in a cell of a table, cut where it is long or where most of it is escaped.
fn cell(value: &str) -> String {
    let whole = Foreign::new(value).markdown_cell();
    if whole.len() <= LONGEST {
        return whole;
    }
    let start: String = value.chars().take(LONGEST / 10).collect();
    Foreign::new(&format!("{start}…")).markdown_cell()
}

fn head(summary: &Summary, header: &Header, shape: &Shape, causes: &[&Cause]) -> String {
    let mut text = String::from("## scimsnap\n\n| provider | verdict | causes |\n|---|---|---|\n");
    for (family, readiness) in &summary.readiness {
        let verdict = match readiness {
            Readiness::Ready => "ready",
            Readiness::Warnings => "ready with warnings",
            Readiness::NotReady => "**not ready**",
            Readiness::NotJudged => "not judged",
        };
        let numbers: Vec<String> = causes
            .iter()
            .enumerate()
            .filter(|(_, cause)| cause.families.contains(family) && !cause.is_known())
            .map(|(index, _)| (index + 1).to_string())
            .collect();
        let _ = writeln!(text, "| {family} | {verdict} | {} |", numbers.join(", "));
    }
    let counts: Vec<String> =
        [Status::Passed, Status::Failed, Status::Errored, Status::New, Status::Known, Status::Skipped]
            .into_iter()
            .filter(|status| summary.count(*status) > 0)
            .map(|status| format!("{} {}", summary.count(status), status.as_str()))
            .collect();
    let target = header.redactor.text(&header.target);
    let target =
        if header.embedded { "the embedded endpoint".to_owned() } else { Foreign::new(&target).markdown() };
    let _ = writeln!(text, "\n{} at {target}: {}\n", counted(summary.pairs(), "run"), counts.join(", "));
    if shape.strict && summary.shoulds > 0 {
        text.push_str("With `--strict`, the causes of level `should` fail the run.\n\n");
    }
    text
}

fn block(number: usize, cause: &Cause, lines: &[Line], header: &Header) -> String {
    let level = match cause.level {
        Level::Must => "must",
        Level::Should => "should",
        Level::Info => "info",
    };
    let headline = header.redactor.text(&cause.headline()).into_owned();
    let known = if cause.is_known() { " (known)" } else { "" };
    let mut text = format!("### {number}. {level}{known}: {}\n\n", Foreign::new(&headline).markdown());
    text.push_str("| | |\n|---|---|\n");
    let is_command = |label: &str| matches!(label, "curl" | "note" | "repeat" | "repro");
    let (commands, rows): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|(label, _)| is_command(label));
    for (label, value) in rows {
        let _ = writeln!(text, "| {label} | {} |", cell(value));
    }
    text.push('\n');
    for (label, value) in commands {
        let command = Foreign::new(value).markdown();
        if command.len() <= LONGEST {
            let _ = writeln!(text, "{label}: {command}\n");
        } else {
            let _ = writeln!(text, "{label}: too long for this page; the JSON report has it\n");
        }
    }
    text
}
