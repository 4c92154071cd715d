//! The block for a failure: the scenario's line, the request, the response, the difference by identity, and the next
//! commands.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::counted::counted;
use crate::event::{CheckpointKind, CheckpointReport, CheckpointStatus, Header, PairReport};
use crate::foreign::Printable;
use crate::idp::{ClientName, Family};
use crate::printable;
use crate::report::commands;
use crate::report::foreign_data::without_theirs;
use crate::report::shape::Flags;
use crate::requirement::{Finding, Level, OUTCOME};
use crate::wire::{Answer, Exchange, Lost};

use super::style::{Style, paint, word};

/// How many findings are shown in full; the JSON report has all.
const MOST: usize = 4;

/// The longest excerpt of a body.
const EXCERPT: usize = 16 * 1024;

/// Findings that were shown in full already: requirement, hash of the message, family.
pub(super) type Shown = BTreeSet<(&'static str, u64, Family)>;

pub(super) struct Failure<'a> {
    pair: &'a PairReport,
}

impl<'a> Failure<'a> {
    pub(super) fn of(pair: &'a PairReport) -> Self {
        Self { pair }
    }

    /// Whether another client failed in the same way.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        let findings = |pair: &PairReport| -> Vec<(&'static str, String)> {
            pair.findings.iter().map(|finding| (finding.requirement.id, finding.message.clone())).collect()
        };
        let diffs = |pair: &PairReport| -> Vec<Option<String>> {
            pair.checkpoints.iter().map(|checkpoint| checkpoint.diff.clone()).collect()
        };
        let error = |pair: &PairReport| pair.error.as_ref().map(|trouble| trouble.message.clone());
        self.pair.status == other.pair.status
            && self.pair.client.family() == other.pair.client.family()
            && findings(self.pair) == findings(other.pair)
            && diffs(self.pair) == diffs(other.pair)
            && error(self.pair) == error(other.pair)
    }

    /// What is broken, where every bit of it was explained above and nothing else is wrong.
    pub(super) fn told_before(&self, shown: &Shown) -> Option<String> {
        let pair = self.pair;
        let changed = pair.checkpoints.iter().any(|checkpoint| checkpoint.status != CheckpointStatus::Same);
        let weighty: Vec<&Finding> = weighty(pair).collect();
        if changed || pair.error.is_some() || weighty.is_empty() {
            return None;
        }
        let mut named = Vec::new();
        for finding in weighty {
            if !shown.contains(&key(pair, finding)) {
                return None;
            }
            named.push(format!("{} {}", finding.level(), finding.requirement.id));
        }
        named.dedup();
        Some(named.join(", "))
    }

    pub(super) fn render(
        &self,
        clients: &[ClientName],
        header: &Header,
        (flags, is_reviewable): (&Flags, bool),
        shown: &mut Shown,
    ) -> Printable {
        let pair = self.pair;
        let names: Vec<&str> = clients.iter().map(|client| client.as_str()).collect();
        let mask = |text: &str| header.redactor.text(text).into_owned();
        let title = printable!("{} {}  [{}]", word(pair.status).trim_end(), pair.id, names.join(", "));
        let mut text = printable!("{}\n     {}\n", paint(Style::Bold, &title), pair.title);
        let weighty: Vec<&Finding> = weighty(pair).collect();
        // What follows from a cause that was explained above is shown without its requests.
        let is_known = |finding: &&Finding| shown.contains(&key(pair, finding));
        let brief = !weighty.is_empty() && weighty.iter().all(is_known) && pair.error.is_none();
        let mut told: Vec<&Arc<Exchange>> = Vec::new();
        for finding in weighty.iter().take(MOST) {
            let in_full = shown.insert(key(pair, finding));
            if in_full {
                told.push(&finding.exchange);
            }
            render_finding(&mut text, finding, in_full, header, flags);
        }
        if weighty.len() > MOST {
            let more = counted(weighty.len() - MOST, "more finding");
            text += printable!("\n… and {} (the JSON report lists all)\n", more);
        }
        for checkpoint in &pair.checkpoints {
            render_checkpoint(&mut text, checkpoint, brief, &mut told, (header, flags));
        }
        if let Some(trouble) = &pair.error {
            text += printable!("\n{} {}\n", paint(Style::Red, "errored"), mask(&trouble.message));
            if let Some(at) = &trouble.at {
                text += printable!("  --> {}\n", at.place());
            }
            if let Some(exchange) = &trouble.exchange {
                render_exchange(&mut text, exchange, header, flags);
            }
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for notice in &pair.notices {
            let message = clip(&mask(&notice.message));
            if seen.insert(message.clone()) {
                text += printable!("  the administrator would see  {}\n", message);
            }
        }
        text += Printable::ours("\n");
        let changed = pair.checkpoints.iter().any(|checkpoint| checkpoint.status != CheckpointStatus::Same);
        let is_explained = pair
            .causes
            .iter()
            .any(|cause| cause.requirement.explains() && cause.requirement.id != OUTCOME.id);
        if changed && is_reviewable && !is_explained {
            let accept = commands::accept_pair(pair, flags);
            text += printable!("  accept   {}\n", paint(Style::Green, &accept));
        }
        let again = commands::repeat(&pair.word, pair.client, flags);
        text += printable!("  repeat   {}\n", paint(Style::Green, &again));
        text
    }
}

/// The findings that are shown.
fn weighty(pair: &PairReport) -> impl Iterator<Item = &Finding> {
    pair.findings.iter().filter(|finding| finding.level() <= Level::Should)
}

fn key(pair: &PairReport, finding: &Finding) -> (&'static str, u64, Family) {
    let mut hasher = DefaultHasher::new();
    finding.message.hash(&mut hasher);
    (finding.requirement.id, hasher.finish(), pair.client.family())
}

fn render_finding(text: &mut Printable, finding: &Finding, in_full: bool, header: &Header, flags: &Flags) {
    let level = match finding.level() {
        Level::Must => paint(Style::Red, "must"),
        Level::Should => paint(Style::Yellow, "should"),
        Level::Info => paint(Style::Dim, "info"),
    };
    let message = header.redactor.text(&finding.message);
    *text += printable!("\n{} {}: {}\n", level, paint(Style::Cyan, finding.requirement.id), message);
    if !in_full {
        *text += printable!("  --> {} (explained above)\n", finding.at.place());
        return;
    }
    excerpt(text, &finding.at);
    render_exchange(text, &finding.exchange, header, flags);
    *text += printable!("   = because   {}\n", finding.requirement.reasoning);
    *text += printable!("   = source    {}\n", finding.requirement.source);
}

fn render_checkpoint<'c>(
    text: &mut Printable,
    checkpoint: &'c CheckpointReport,
    brief: bool,
    told: &mut Vec<&'c Arc<Exchange>>,
    (header, flags): (&Header, &Flags),
) {
    match checkpoint.status {
        CheckpointStatus::Same => return,
        CheckpointStatus::Changed => {
            let word = paint(Style::Red, "changed");
            *text += match checkpoint.kind {
                CheckpointKind::Against => {
                    printable!("\n{} at checkpoint `{}`: - other endpoint, + target\n", word, checkpoint.name)
                }
                CheckpointKind::Outcome => {
                    printable!("\n{} at checkpoint `{}`: - accepted, + observed\n", word, checkpoint.name)
                }
                CheckpointKind::Transcript => {
                    printable!("\n{} transcript: - accepted, + observed\n", word)
                }
            };
        }
        CheckpointStatus::Unseen => {
            let word = paint(Style::Yellow, "unseen");
            *text += printable!("\n{}: no snapshot for checkpoint `{}` yet\n", word, checkpoint.name);
        }
    }
    if brief {
        *text += printable!("  --> {}\n", checkpoint.at.place());
    } else {
        excerpt(text, &checkpoint.at);
    }
    if let Some(diff) = &checkpoint.diff {
        for line in header.redactor.text(diff).lines() {
            let style = match line.trim_start().chars().next() {
                Some('+') => Some(Style::Green),
                Some('-') => Some(Style::Red),
                _ => None,
            };
            let line = style.map_or_else(|| printable!("{}", line), |style| paint(style, line));
            *text += printable!("  {}\n", line);
        }
        if checkpoint.after.is_empty() || brief {
            return;
        }
        *text += Printable::ours("  last writes before it:\n");
        for exchange in &checkpoint.after {
            if told.iter().any(|other| other.number == exchange.number) {
                *text += printable!("   = exchange {} (shown above)\n", exchange.number);
                continue;
            }
            render_exchange(text, exchange, header, flags);
            told.push(exchange);
        }
    }
}

/// The scenario's line with carets, without a title of its own.
fn excerpt(text: &mut Printable, at: &crate::diag::Diagnostic) {
    for line in at.render(true).lines().skip(1) {
        *text += printable!("{}\n", line);
    }
}

fn render_exchange(text: &mut Printable, exchange: &Exchange, header: &Header, flags: &Flags) {
    let request = &exchange.request;
    let redactor = &header.redactor.for_request(request);
    let ms = format!("{:.1}", exchange.took.as_secs_f64() * 1_000.0);
    *text += printable!(
        "   = sent      {} {}  (exchange {}, {} ms)\n",
        request.method,
        redactor.text(&request.target),
        exchange.number,
        ms
    );
    if let Answer::Withheld(reason) = &exchange.answer {
        // What it would have written over somebody's resource is theirs, and nothing to repeat.
        *text += printable!("   = withheld  {}\n", reason);
        return;
    }
    if let Some(body) = &request.body {
        *text += printable!("   |           {}\n", clip(&redactor.body(body)));
    }
    match &exchange.answer {
        Answer::Response(response) => {
            let body = response.body.trim();
            let body = if header.embedded { body.into() } else { without_theirs(body, &header.run) };
            let body = clip(&redactor.body(&body));
            let kind = response.header("content-type").unwrap_or("no content type");
            let who = match response.intercepted {
                None => "",
                Some(Lost::Request) => ", staged: the request never reached the endpoint",
                Some(Lost::Answer) => ", staged instead of the endpoint's response",
            };
            *text += printable!("   = received  {} {}{}\n", response.status, redactor.text(kind), who);
            if !body.is_empty() {
                *text += printable!("   |           {}\n", body);
            }
        }
        Answer::Failed(error) => {
            *text += printable!("   = received  nothing: {}\n", error);
        }
        Answer::Withheld(_) => {}
    }
    *text += printable!("   = curl      {}\n", commands::curl(request, header, flags, redactor));
    if let Some(note) = commands::curl_note(request, header, flags, redactor) {
        *text += printable!("   = note      {}\n", note);
    }
}

fn clip(body: &str) -> String {
    let one_line: String = body.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= EXCERPT {
        return one_line;
    }
    let start: String = one_line.chars().take(EXCERPT).collect();
    format!("{start} … ({} bytes)", body.len())
}
