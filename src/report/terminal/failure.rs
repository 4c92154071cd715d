//! A failure, so that a person understands it: the scenario's line, the request, the answer, the difference by
//! identity, and the commands that go on from there.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::idp::{ClientName, Family};
use crate::report::curl::curl;
use crate::report::theirs::without_theirs;
use crate::requirement::Level;
use crate::run::{
    CheckpointKind, CheckpointReport, CheckpointStatus, FindingReport, Header, PairReport, Status,
};
use crate::wire::{Answer, Exchange, Lost};

use super::Flags;
use super::style::{Style, paint};

/// Findings that are shown in full; the JSON report has all.
const MOST: usize = 4;

/// The longest excerpt of a body.
const EXCERPT: usize = 600;

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
        let weighty: Vec<&FindingReport> = weighty(pair).collect();
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
        flags: &Flags,
        shown: &mut Shown,
    ) -> String {
        let pair = self.pair;
        let names: Vec<&str> = clients.iter().map(|client| client.as_str()).collect();
        let mut text = String::new();
        let title = format!("{} {}  [{}]", super::word(pair.status).trim_end(), pair.id, names.join(", "));
        let _ = writeln!(text, "{}\n     {}", paint(Style::Bold, &title), pair.title);
        let weighty: Vec<&FindingReport> = weighty(pair).collect();
        // What follows from a cause that was explained above is shown without its requests.
        let is_known = |finding: &&FindingReport| shown.contains(&key(pair, finding));
        let brief = !weighty.is_empty() && weighty.iter().all(is_known) && pair.error.is_none();
        let mut told: Vec<&Arc<Exchange>> = Vec::new();
        for finding in weighty.iter().take(MOST) {
            let in_full = shown.insert(key(pair, finding));
            if in_full {
                told.push(&finding.exchange);
            }
            render_finding(&mut text, finding, in_full, header);
        }
        if weighty.len() > MOST {
            let _ = writeln!(text, "\n… and {} more findings (--json has all)", weighty.len() - MOST);
        }
        for checkpoint in &pair.checkpoints {
            render_checkpoint(&mut text, checkpoint, brief, &mut told, header);
        }
        if let Some(trouble) = &pair.error {
            let _ = writeln!(text, "\n{} {}", paint(Style::Red, "errored"), trouble.message);
            if let Some(at) = &trouble.at {
                let _ = writeln!(text, "  --> {}", at.place());
            }
            if let Some(exchange) = &trouble.exchange {
                render_exchange(&mut text, exchange, header);
            }
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for notice in &pair.notices {
            let message = clip(&notice.message);
            if seen.insert(message.clone()) {
                let _ = writeln!(text, "  the administrator would see  {message}");
            }
        }
        text.push('\n');
        let changed = pair.checkpoints.iter().any(|checkpoint| checkpoint.status != CheckpointStatus::Same);
        if changed && pair.error.is_none() && pair.status != Status::Errored {
            let _ = writeln!(
                text,
                "  accept   {}",
                paint(Style::Green, &format!("scimsnap snapshots accept {}{}", pair.id, flags.review))
            );
        }
        let again =
            format!("scimsnap run {} --idp {}{}", pair.id, names.first().unwrap_or(&"okta"), flags.run);
        let _ = writeln!(text, "  repeat   {}", paint(Style::Green, &again));
        text
    }
}

/// The findings that are shown.
fn weighty(pair: &PairReport) -> impl Iterator<Item = &FindingReport> {
    pair.findings.iter().filter(|finding| finding.level() <= Level::Should)
}

fn key(pair: &PairReport, finding: &FindingReport) -> (&'static str, u64, Family) {
    let mut hasher = DefaultHasher::new();
    finding.message.hash(&mut hasher);
    (finding.requirement.id, hasher.finish(), pair.client.family())
}

fn render_finding(text: &mut String, finding: &FindingReport, in_full: bool, header: &Header) {
    let level = match finding.level() {
        Level::Must => paint(Style::Red, "must"),
        Level::Should => paint(Style::Yellow, "should"),
        Level::Info => paint(Style::Dim, "info"),
    };
    let _ = writeln!(text, "\n{level} {}: {}", paint(Style::Cyan, finding.requirement.id), finding.message);
    if !in_full {
        let _ = writeln!(text, "  --> {} (explained above)", finding.at.place());
        return;
    }
    excerpt(text, &finding.at);
    render_exchange(text, &finding.exchange, header);
    let _ = writeln!(text, "   = because   {}", finding.requirement.reasoning);
    let _ = writeln!(text, "   = source    {}", finding.requirement.source);
}

fn render_checkpoint<'c>(
    text: &mut String,
    checkpoint: &'c CheckpointReport,
    brief: bool,
    told: &mut Vec<&'c Arc<Exchange>>,
    header: &Header,
) {
    match checkpoint.status {
        CheckpointStatus::Same => return,
        CheckpointStatus::Changed => {
            let word = paint(Style::Red, "changed");
            let _ = match checkpoint.kind {
                CheckpointKind::Against => {
                    writeln!(text, "\n{word} at checkpoint `{}`: - is there, + is here", checkpoint.name)
                }
                CheckpointKind::Outcome => {
                    writeln!(text, "\n{word} at checkpoint `{}`: - was accepted, + is there", checkpoint.name)
                }
                CheckpointKind::Transcript => {
                    writeln!(text, "\n{word} transcript: - was accepted, + is there")
                }
            };
        }
        CheckpointStatus::Unseen => {
            let word = paint(Style::Yellow, "unseen");
            let _ = writeln!(text, "\n{word} checkpoint `{}` has no accepted outcome yet", checkpoint.name);
        }
    }
    if brief {
        let _ = writeln!(text, "  --> {}", checkpoint.at.place());
    } else {
        excerpt(text, &checkpoint.at);
    }
    if let Some(diff) = &checkpoint.diff {
        for line in diff.lines() {
            let style = match line.trim_start().chars().next() {
                Some('+') => Some(Style::Green),
                Some('-') => Some(Style::Red),
                _ => None,
            };
            let line = style.map_or_else(|| line.to_owned(), |style| paint(style, line));
            let _ = writeln!(text, "  {line}");
        }
        if checkpoint.after.is_empty() || brief {
            return;
        }
        let _ = writeln!(text, "  written before it:");
        for exchange in &checkpoint.after {
            if told.iter().any(|other| other.number == exchange.number) {
                let _ = writeln!(text, "   = exchange {}, above", exchange.number);
                continue;
            }
            render_exchange(text, exchange, header);
            told.push(exchange);
        }
    }
}

/// The scenario's line with carets, without a title of its own.
fn excerpt(text: &mut String, at: &crate::diag::Diagnostic) {
    let rendered = at.clone().render(true);
    for line in rendered.lines().skip(1) {
        let _ = writeln!(text, "{line}");
    }
}

fn render_exchange(text: &mut String, exchange: &Exchange, header: &Header) {
    let request = &exchange.request;
    let redactor = &header.redactor.for_request(request);
    let ms = exchange.took.as_secs_f64() * 1_000.0;
    let _ = writeln!(
        text,
        "   = sent      {} {}  (exchange {}, {ms:.1} ms)",
        request.method, request.target, exchange.number
    );
    if let Answer::Withheld(reason) = &exchange.answer {
        // What it would have written over somebody's resource is theirs, and nothing to repeat.
        let _ = writeln!(text, "   = withheld  {reason}");
        return;
    }
    if let Some(body) = &request.body {
        let _ = writeln!(text, "               {}", clip(&redactor.body(body)));
    }
    match &exchange.answer {
        Answer::Response(response) => {
            let body = response.body.trim();
            let body = if header.embedded { body.into() } else { without_theirs(body, &header.run) };
            let body = clip(&redactor.body(&body));
            let kind = response.header("content-type").unwrap_or("no content type");
            let who = match response.intercepted {
                None => "",
                Some(Lost::Request) => ", staged: the request never arrived",
                Some(Lost::Answer) => ", staged in place of the endpoint's answer",
            };
            let _ = writeln!(text, "   = received  {} {kind}{who}", response.status);
            if !body.is_empty() {
                let _ = writeln!(text, "               {body}");
            }
        }
        Answer::Failed(error) => {
            let _ = writeln!(text, "   = received  nothing: {error}");
        }
        Answer::Withheld(_) => {}
    }
    let base = if header.embedded { "$SCIM" } else { header.target.as_str() };
    let _ = writeln!(text, "   = repeat    {}", curl(request, base, redactor));
}

fn clip(body: &str) -> String {
    let one_line: String = body.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= EXCERPT {
        return one_line;
    }
    let start: String = one_line.chars().take(EXCERPT).collect();
    format!("{start} … ({} bytes)", body.len())
}
