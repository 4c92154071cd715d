//! `--junit`: one test case for each scenario and client, for CI services.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::event::{Event, Header, KnownReport, PairReport, Status};
use crate::files::Output;
use crate::foreign::Foreign;
use crate::requirement::{Cause, Level};
use crate::wire::Redactor;

use super::Reporter;
use super::cause_text::lines;
use super::shape::Shape;

/// The longest description of a case: all cases are held until the end.
const MOST_DETAILS: usize = 16 * 1024;

/// Writes the JUnit report.
#[derive(Debug)]
pub struct Junit {
    out: Output,
    suite: TestSuite,
    shape: Shape,
    redactor: Redactor,
    header: Option<Header>,
}

impl Junit {
    /// A report to a file or a stream.
    pub fn new(out: Output, shape: Shape) -> Self {
        let suite = TestSuite::new("scimsnap");
        Self { out, suite, shape, redactor: Redactor::default(), header: None }
    }
}

impl Reporter for Junit {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started(header) => {
                self.redactor = header.redactor.clone();
                self.header = Some((*header).clone());
                self.suite.add_property(("target", line(&header.target).as_str()));
                self.suite.add_property(("run", header.run.as_str()));
            }
            Event::Progressed(_) | Event::Exchanged(_) => {}
            Event::Finished(report) => {
                if let Some(header) = &self.header {
                    let case = case(report, header, &self.shape);
                    self.suite.add_test_case(case);
                }
            }
            Event::Ended(summary) => {
                let wrong = summary.known.iter().filter(|known| known.state.is_wrong());
                self.suite.add_test_cases(wrong.map(|known| outdated(known, &self.redactor)));
                let mut report = Report::new("scimsnap");
                report.set_time(summary.took);
                report.add_test_suite(std::mem::replace(&mut self.suite, TestSuite::new("scimsnap")));
                let text = report.to_string().map_err(io::Error::other)?;
                self.out.write_all(self.redactor.text(&text).as_bytes())?;
                self.out.finish()?;
            }
        }
        Ok(())
    }
}

/// Text that stands in an attribute. XML carries no escape sequences, and a service that shows the report shows them.
fn line(text: &str) -> String {
    Foreign::new(text).line().into_owned()
}

fn case(report: &PairReport, header: &Header, shape: &Shape) -> TestCase {
    let name = line(&format!("{} [{}]", report.id, report.client));
    let mut case = TestCase::new(name, status(report, header, shape));
    let folder = report.id.rsplit_once('/').map_or("scimsnap", |(folder, _)| folder);
    case.set_classname(line(&folder.replace('/', ".")));
    case.set_time(report.took);
    case.extra.insert("file".into(), line(&report.file).as_str().into());
    case.add_property(("title", line(&report.title).as_str()));
    if let Some(alternative) = &report.alternative {
        case.add_property(("alternative", line(alternative).as_str()));
    }
    case
}

/// An entry of the settings that is to be removed or renewed.
fn outdated(known: &KnownReport, redactor: &Redactor) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let name = format!("{} {}", known.entry.scenario, known.entry.what());
    status.set_type(format!("known-{}", known.state.as_str()));
    status.set_message(line(&redactor.text(&known.complaint().unwrap_or_default())));
    let mut case = TestCase::new(line(&redactor.text(&name)), status);
    case.set_classname("known");
    case.set_time(Duration::ZERO);
    case
}

fn status(report: &PairReport, header: &Header, shape: &Shape) -> TestCaseStatus {
    let redactor = &header.redactor;
    let details = || Foreign::new(&redactor.text(&details(report, header, shape))).xml();
    let non_success = |kind: NonSuccessKind, ty: &str, message: &str| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(ty).set_message(line(&redactor.text(message)));
        status.set_description(details());
        status
    };
    match report.status {
        Status::Passed | Status::Known
            if shape.strict
                && worst(report, Level::Should).is_some_and(|cause| cause.level == Level::Should) =>
        {
            let cause = worst(report, Level::Should);
            let (id, headline) =
                cause.map_or(("strict", String::new()), |cause| (cause.requirement.id, cause.headline()));
            non_success(NonSuccessKind::Failure, id, &headline)
        }
        Status::Passed => TestCaseStatus::success(),
        Status::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(line(report.skipped_reason.as_deref().unwrap_or_default()));
            status
        }
        Status::Known => {
            let mut status = TestCaseStatus::skipped();
            let reasons: Vec<String> = report.known.iter().map(ToString::to_string).collect();
            let message = format!("known failure: {}", reasons.join("; "));
            status.set_message(line(&redactor.text(&message)));
            status.set_description(details());
            status
        }
        Status::New => {
            let message = "no snapshot yet: review and accept the outcome";
            non_success(NonSuccessKind::Failure, "unseen", message)
        }
        Status::Failed => {
            let differs = || ("snapshot", "the outcome differs from the accepted snapshot".to_owned());
            let (ty, message) = worst(report, Level::Must)
                .map_or_else(differs, |cause| (cause.requirement.id, cause.headline()));
            non_success(NonSuccessKind::Failure, ty, &message)
        }
        Status::Errored => {
            let message = report.error.as_ref().map(|trouble| trouble.message.clone()).unwrap_or_default();
            non_success(NonSuccessKind::Error, "errored", &message)
        }
    }
}

/// The weightiest cause of at least that level that the settings do not list.
fn worst(report: &PairReport, least: Level) -> Option<&Cause> {
    let wrong = report.causes.iter().filter(|cause| cause.level <= least && !cause.is_known());
    wrong.min_by_key(|cause| cause.level)
}

/// The causes, then the differences.
fn details(report: &PairReport, header: &Header, shape: &Shape) -> String {
    let mut text = String::new();
    for cause in &report.causes {
        let headline = line(&cause.headline());
        let _ = writeln!(text, "{}: {headline} ({})", cause.level.as_str(), line(&cause.at.place()));
        for (label, value) in lines(cause, header, &shape.flags, &report.word) {
            let _ = writeln!(text, "  {label:<10}{}", line(&value));
        }
    }
    for checkpoint in &report.checkpoints {
        if let Some(diff) = &checkpoint.diff {
            let (name, place) = (line(&checkpoint.name), line(&checkpoint.at.place()));
            let _ = writeln!(text, "checkpoint `{name}` ({place})\n{diff}");
        }
    }
    if text.len() > MOST_DETAILS {
        text.truncate(text.floor_char_boundary(MOST_DETAILS));
        text.push_str("…\n(truncated; the JSON report has the rest)\n");
    }
    text
}
