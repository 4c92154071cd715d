//! `--markdown`: the verdict and the causes, fit for the summary of a CI job or a comment.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use crate::counted::counted;
use crate::event::{Event, Header, Readiness, Status, Summary};
use crate::files::Output;
use crate::foreign::Foreign;
use crate::requirement::{Cause, Level};

use super::Reporter;
use super::cause_text::lines;
use super::shape::{Shape, in_order};

/// The most characters: services cut or refuse longer comments.
const MOST: usize = 65_000;

/// Writes the Markdown report.
#[derive(Debug)]
pub struct Markdown {
    out: Output,
    shape: Shape,
    header: Option<Header>,
}

impl Markdown {
    /// A report to a file or a stream.
    pub fn new(out: Output, shape: Shape) -> Self {
        Self { out, shape, header: None }
    }
}

impl Reporter for Markdown {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started(header) => self.header = Some((*header).clone()),
            Event::Progressed(_) | Event::Exchanged(_) | Event::Finished(_) => {}
            Event::Ended(summary) => {
                let Some(header) = &self.header else { return Ok(()) };
                let page = page(summary, header, &self.shape);
                self.out.write_all(page.as_bytes())?;
                self.out.finish()?;
            }
        }
        Ok(())
    }
}

/// The whole page.
pub(super) fn page(summary: &Summary, header: &Header, shape: &Shape) -> String {
    let causes = in_order(summary);
    let mut text = head(summary, header, &causes);
    let mut left_out = 0;
    for (index, cause) in causes.iter().enumerate() {
        let block = block(index + 1, cause, header, shape);
        let length = text.chars().count() + block.chars().count();
        if left_out > 0 || length + 200 > MOST {
            left_out += 1;
        } else {
            text.push_str(&block);
        }
    }
    if left_out > 0 {
        let _ = writeln!(text, "\n{} left out: the JSON report has all.", counted(left_out, "more cause"));
    }
    header.redactor.text(&text).into_owned()
}

fn head(summary: &Summary, header: &Header, causes: &[&Cause]) -> String {
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
    text
}

fn block(number: usize, cause: &Cause, header: &Header, shape: &Shape) -> String {
    let level = match cause.level {
        Level::Must => "must",
        Level::Should => "should",
        Level::Info => "info",
    };
    let headline = header.redactor.text(&cause.headline()).into_owned();
    let known = if cause.is_known() { " (known)" } else { "" };
    let mut text = format!("### {number}. {level}{known}: {}\n\n", Foreign::new(&headline).markdown());
    text.push_str("| | |\n|---|---|\n");
    for (label, value) in lines(cause, header, shape.flags.run.as_str()) {
        let value = if matches!(label, "curl" | "repeat") { continue } else { value };
        let _ = writeln!(text, "| {label} | {} |", Foreign::new(&value).markdown_cell());
    }
    text.push('\n');
    for (label, value) in lines(cause, header, shape.flags.run.as_str()) {
        if matches!(label, "curl" | "repeat") {
            let _ = writeln!(text, "{label}: {}\n", Foreign::new(&value).markdown());
        }
    }
    text
}
