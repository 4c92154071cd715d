//! `--junit`: one test case for each scenario and client, for CI services.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::run::{Event, KnownReport, PairReport, Status};
use crate::wire::Redactor;

use super::Reporter;

/// Writes the JUnit report.
#[derive(Debug)]
pub struct Junit {
    path: PathBuf,
    part: PathBuf,
    suite: TestSuite,
    redactor: Redactor,
}

impl Junit {
    /// A report to a file. That it can be written is found out now, before anything is sent.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        std::fs::write(&part, "")?;
        Ok(Self {
            path: path.to_owned(),
            part,
            suite: TestSuite::new("scimsnap"),
            redactor: Redactor::default(),
        })
    }
}

impl Reporter for Junit {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started(header) => {
                self.redactor = header.redactor.clone();
                self.suite.add_property(("target", header.target.as_str()));
                self.suite.add_property(("run", header.run.as_str()));
            }
            Event::Finished(report) => {
                let case = case(report, &self.redactor);
                self.suite.add_test_case(case);
            }
            Event::Ended(summary) => {
                let wrong = summary.known.iter().filter(|known| known.state.is_wrong());
                self.suite.add_test_cases(wrong.map(|known| outdated(known, &self.redactor)));
                let mut report = Report::new("scimsnap");
                report.set_time(summary.took);
                report.add_test_suite(std::mem::replace(&mut self.suite, TestSuite::new("scimsnap")));
                let text = report.to_string().map_err(io::Error::other)?;
                std::fs::write(&self.part, self.redactor.text(&text).as_bytes())?;
                std::fs::rename(&self.part, &self.path)?;
            }
        }
        Ok(())
    }
}

impl Drop for Junit {
    /// A run that broke off leaves no half report.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.part);
    }
}

fn case(report: &PairReport, redactor: &Redactor) -> TestCase {
    let mut case = TestCase::new(format!("{} [{}]", report.id, report.client), status(report, redactor));
    let folder = report.id.rsplit_once('/').map_or("scimsnap", |(folder, _)| folder);
    case.set_classname(folder.replace('/', "."));
    case.set_time(report.took);
    case.add_property(("title", report.title.as_str()));
    if let Some(alternative) = &report.alternative {
        case.add_property(("alternative", alternative.as_str()));
    }
    case
}

/// An entry of the settings that is to be removed or renewed.
fn outdated(known: &KnownReport, redactor: &Redactor) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let name = format!("{} {}", known.entry.scenario, known.entry.requirement);
    status.set_type(format!("known-{}", known.state.as_str()));
    status.set_message(redactor.text(&known.complaint().unwrap_or_default()));
    let mut case = TestCase::new(redactor.text(&name), status);
    case.set_classname("known");
    case
}

fn status(report: &PairReport, redactor: &Redactor) -> TestCaseStatus {
    let non_success = |kind: NonSuccessKind, ty: &str, message: &str, text: String| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(ty).set_message(redactor.text(message)).set_description(redactor.text(&text));
        status
    };
    match report.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(report.skipped_reason.clone().unwrap_or_default());
            status
        }
        Status::Known => {
            let mut status = TestCaseStatus::skipped();
            let reasons: Vec<String> = report.known.iter().map(ToString::to_string).collect();
            let message = format!("known failure: {}", reasons.join("; "));
            status.set_message(redactor.text(&message));
            status.set_description(redactor.text(&details(report)));
            status
        }
        Status::New => {
            let message = "there is no snapshot yet: review the outcome and accept it";
            non_success(NonSuccessKind::Failure, "unseen", message, details(report))
        }
        Status::Failed => {
            let (ty, message) = match report.findings.iter().min_by_key(|finding| finding.level()) {
                Some(finding) if finding.level() == crate::requirement::Level::Must => {
                    (finding.requirement.id, finding.message.clone())
                }
                _ => ("snapshot", "the outcome is not the accepted one".to_owned()),
            };
            non_success(NonSuccessKind::Failure, ty, &message, details(report))
        }
        Status::Errored => {
            let message = report.error.as_ref().map(|trouble| trouble.message.clone()).unwrap_or_default();
            non_success(NonSuccessKind::Error, "errored", &message, details(report))
        }
    }
}

fn details(report: &PairReport) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let _ = writeln!(
            text,
            "{} {}: {} ({})",
            finding.level().as_str(),
            finding.requirement.id,
            finding.message,
            finding.at.place()
        );
    }
    for checkpoint in &report.checkpoints {
        if let Some(diff) = &checkpoint.diff {
            let _ = writeln!(text, "checkpoint `{}` ({})\n{diff}", checkpoint.name, checkpoint.at.place());
        }
    }
    text
}
