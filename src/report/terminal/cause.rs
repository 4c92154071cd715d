//! The block for a cause: what is wrong, for whom, the request that did it, and how to see it again.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::counted::counted;
use crate::event::{Header, Summary};
use crate::foreign::Printable;
use crate::printable;
use crate::report::cause_text::{explained, known_in, repro_command};
use crate::report::commands;
use crate::report::gist::{Gist, answer_gist, request_gist};
use crate::report::shape::Flags;
use crate::requirement::{Cause, Consequence, Level};
use crate::wire::{Answer, Exchange, Redactor};

use super::layout::Detail;
use super::style::{Style, paint};

/// What a value goes on behind on its next line. With the bar, no word of an endpoint begins a line.
const INDENT: &str = "            | ";

/// The most lines of a difference.
const MOST_DIFF: usize = 4;

/// The room for a body on the narrowest terminal, in characters.
const SHORTEST: usize = 20;

/// The most of a body that is looked at for a line, in characters.
const MOST_SAID: usize = 500;

/// What all blocks need.
pub(super) struct Page<'a> {
    pub header: &'a Header,
    pub flags: &'a Flags,
    pub detail: Detail,
    /// Where lines are folded.
    pub width: usize,
    /// Where values are cut.
    pub cut: usize,
    /// What came of it.
    pub summary: &'a Summary,
}

impl Page<'_> {
    /// A line with a label, folded at words.
    fn field(&self, text: &mut Printable, label: &'static str, value: &Printable) {
        let value = value.masked(|value| self.header.redactor.text(value));
        let folded = value.folded(INDENT, self.width);
        *text += printable!("    {:<10}{}\n", label, folded);
    }

    /// The same for a command, which stays on one line, so that it can be copied.
    fn command(&self, text: &mut Printable, label: &'static str, command: &Printable) {
        let command = command.masked(|command| self.header.redactor.text(command));
        *text += printable!("    {:<10}{}\n", label, paint(Style::Green, &command));
    }

    /// The whole block of a cause.
    pub(super) fn block(&self, number: usize, cause: &Cause) -> Printable {
        let mut text = self.title(number, cause);
        self.field(&mut text, "", &about(cause));
        if let Some(culprit) = &cause.culprit {
            self.culprit(&mut text, culprit);
        }
        if let Some(shown_by) = &cause.shown_by
            && cause.culprit.as_ref().is_none_or(|culprit| culprit.number != shown_by.number)
        {
            self.shown_by(&mut text, shown_by);
        }
        if let Some(diff) = &cause.diff {
            self.difference(&mut text, diff);
        }
        self.field(&mut text, "because", &printable!("{}", cause.requirement.reasoning));
        if let Some(weak) = cause.weak {
            self.field(&mut text, "evidence", &printable!("{}", weak));
        }
        // A difference speaks for itself.
        if cause.diff.is_none() || self.detail.is_verbose() {
            self.cut(&mut text, "source", cause.requirement.source);
        }
        self.cut(&mut text, "seen in", &seen_in(cause));
        self.explains(&mut text, cause);
        if let Some(known) = &cause.known {
            self.field(&mut text, "known", &printable!("{}", known_in(known, cause)));
        }
        if let Some(repeat) = commands::repeat_cause(cause, self.summary, self.flags) {
            self.command(&mut text, "repeat", &repeat);
        }
        if let Some(repro) = repro_command(cause) {
            self.command(&mut text, "repro", &repro);
        }
        self.accept(&mut text, cause);
        text + Printable::ours("\n")
    }

    /// How to accept an outcome that nothing else explains, where it waits for a review.
    fn accept(&self, text: &mut Printable, cause: &Cause) {
        for accept in commands::accept(cause, self.summary, self.flags) {
            self.command(text, "accept", &accept);
        }
    }

    /// Headline and numbers of a cause.
    pub(super) fn brief(&self, number: usize, cause: &Cause) -> Printable {
        let mut text = self.title(number, cause);
        self.field(&mut text, "", &about(cause));
        if let Some(known) = &cause.known {
            self.cut(&mut text, "known", &known_in(known, cause));
        }
        text
    }

    /// A cause in a line.
    pub(super) fn title(&self, number: usize, cause: &Cause) -> Printable {
        let level = match cause.level {
            _ if cause.is_known() => paint(Style::Yellow, "known"),
            Level::Must => paint(Style::Red, "must"),
            Level::Should => paint(Style::Yellow, "should"),
            Level::Info => paint(Style::Dim, "info"),
        };
        let word = if cause.is_known() { "known" } else { cause.level.as_str() };
        let headline = printable!("{}", cause.headline());
        let headline = headline.masked(|text| self.header.redactor.text(text)).folded(INDENT, self.width);
        let pad = " ".repeat(10_usize.saturating_sub(word.len()));
        printable!("{:>2}  {}{}{}\n", number, level, pad, paint(Style::Bold, &headline))
    }

    /// The room for a value on one line.
    fn room(&self) -> usize {
        self.cut.saturating_sub(INDENT.len()).max(SHORTEST)
    }

    /// A line with a label, cut at the end of the line unless all is to be shown.
    fn cut(&self, text: &mut Printable, label: &'static str, value: &str) {
        let most = if self.detail.is_verbose() { usize::MAX } else { self.room() };
        let value = if value.chars().count() > most {
            Cow::Owned(value.chars().take(most - 1).chain(['…']).collect())
        } else {
            Cow::Borrowed(value)
        };
        self.field(text, label, &printable!("{}", value));
    }

    /// The request that did it, what was in it, and its answer.
    fn culprit(&self, text: &mut Printable, exchange: &Exchange) {
        let redactor = &self.header.redactor.for_request(&exchange.request);
        let request = &exchange.request;
        let what = format!("{} {}", request.method, redactor.text(&request.target));
        let number = format!("  (exchange {})", exchange.number);
        let answer = self.answer(exchange, redactor);
        // A withheld request would have changed a resource of somebody else's: its body is not shown.
        let is_withheld = matches!(exchange.answer, Answer::Withheld(_));
        let body = if is_withheld { String::new() } else { self.said(&request_gist(request, redactor)) };
        if body.is_empty() && answer.bytes().all(|byte| byte.is_ascii_digit()) {
            self.cut(text, "request", &format!("{what} → {answer}{number}"));
        } else {
            self.cut(text, "request", &(what + &number));
            if !body.is_empty() {
                self.cut(text, "", &body);
            }
            self.cut(text, "answer", &answer);
        }
        if self.detail.is_verbose() && !is_withheld {
            let curl = commands::curl(request, self.header, self.flags, redactor);
            *text += printable!("    {:<10}{}\n", "curl", curl);
            if let Some(note) = commands::curl_note(request, self.header, self.flags, redactor) {
                self.field(text, "", &printable!("{}", note));
            }
        }
    }

    /// A request and its answer on a line.
    fn shown_by(&self, text: &mut Printable, exchange: &Exchange) {
        let redactor = &self.header.redactor.for_request(&exchange.request);
        let target = redactor.text(&exchange.request.target);
        let line = format!("{} {target} → {}", exchange.request.method, self.answer(exchange, redactor));
        self.cut(text, "shown by", &line);
    }

    fn answer(&self, exchange: &Exchange, redactor: &Redactor) -> String {
        match &exchange.answer {
            Answer::Response(response) => {
                let said = self.said(&answer_gist(response, self.header, redactor));
                format!("{} {said}", response.status).trim_end().to_owned()
            }
            Answer::Failed(error) => format!("none: {}", redactor.text(&error.to_string())),
            Answer::Withheld(reason) => format!("withheld: {reason}"),
        }
    }

    fn said(&self, gist: &Gist<'_>) -> String {
        if self.detail.is_verbose() { gist.whole() } else { gist.brief(MOST_SAID) }
    }

    fn difference(&self, text: &mut Printable, diff: &str) {
        let most = if self.detail.is_verbose() { usize::MAX } else { MOST_DIFF };
        let diff = self.header.redactor.text(diff);
        // Of a transcript, what is the same on both sides is shown with -v only.
        let is_left_out =
            |line: &str| diff.starts_with("@@") && !line.starts_with(['-', '+']) && !self.detail.is_verbose();
        let lines: Vec<&str> = diff.lines().filter(|line| !is_left_out(line)).collect();
        let all = lines.len();
        *text += Printable::ours("    changed   - accepted, + observed");
        if all > most {
            *text += printable!(" ({} of {} lines, -v shows all)", most, all);
        }
        *text += Printable::ours("\n");
        for line in lines.into_iter().take(most) {
            let shown = printable!("{}", line);
            let shown = match line.trim_start().chars().next() {
                Some('+') => paint(Style::Green, &shown),
                Some('-') => paint(Style::Red, &shown),
                _ => shown,
            };
            *text += printable!("{}{}\n", INDENT, shown);
        }
    }

    /// What follows from it, by number, and the first thing that the administrator would see.
    fn explains(&self, text: &mut Printable, cause: &Cause) {
        if let Some(explained) = explained(cause) {
            self.field(text, "explains", &printable!("{}", explained));
        }
        let notices: BTreeSet<&str> = cause
            .consequences
            .iter()
            .filter_map(|consequence| match consequence {
                Consequence::Notice { message, .. } => Some(message.as_str()),
                _ => None,
            })
            .collect();
        if let Some(notice) = notices.first() {
            let others = notices.len() - 1;
            let others =
                if others == 0 { String::new() } else { format!(" (and {})", counted(others, "other")) };
            self.cut(text, "notice", &format!("{}{others}", self.header.redactor.text(notice)));
        }
    }
}

/// Its id, the providers that it hurts, and how often it was seen.
fn about(cause: &Cause) -> Printable {
    let families: Vec<&str> = cause.families.iter().map(|family| family.as_str()).collect();
    let scenarios: BTreeSet<&str> = cause.seen_in.iter().map(|seen| seen.scenario.as_str()).collect();
    printable!(
        "{} · {} · {} of {}",
        paint(Style::Cyan, &cause.id()),
        families.join(", "),
        counted(cause.seen_in.len(), "run"),
        counted(scenarios.len(), "scenario")
    )
}

/// The place of the step that shows it first, and how many more scenarios there are.
fn seen_in(cause: &Cause) -> String {
    let scenarios: BTreeSet<&str> = cause.seen_in.iter().map(|seen| seen.scenario.as_str()).collect();
    match scenarios.len() {
        0 | 1 => cause.at.place(),
        many => format!("{} and {}", cause.at.place(), counted(many - 1, "more scenario")),
    }
}
