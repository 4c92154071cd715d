//! Proves that the catalogue sees each deliberate bug of the reference endpoint, and nothing where there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use futures_util::StreamExt as _;

use crate::context::Clock;
use crate::idp::Family;
use crate::reference::DefectRow;
use crate::requirement::{ALTERNATIVE, Consequence, Level, OUTCOME};
use crate::scenario::catalogue::Entry;

use crate::event::{CheckpointStatus, Event, PairReport, Status};
use crate::run::{Cancel, Options, plan, run};

/// Where a run of everything against one defect came out red.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sightings {
    /// The scenarios, each with the families as which it failed.
    pub scenarios: BTreeMap<String, BTreeSet<Family>>,
    /// What was broken: requirements, `outcome` for a snapshot that changed, `alternative` for one that is not legal.
    pub reasons: BTreeSet<&'static str>,
    /// What each scenario shows to be broken: its requirements that say must or should.
    pub broken: BTreeMap<String, BTreeSet<&'static str>>,
    /// The warnings, each with the families that were warned of it.
    pub warnings: BTreeMap<&'static str, BTreeSet<Family>>,
    /// Scenarios that could neither pass nor fail.
    pub errored: BTreeSet<String>,
}

impl Sightings {
    /// The families that came to harm.
    pub fn families(&self) -> BTreeSet<Family> {
        self.scenarios.values().flatten().copied().collect()
    }

    fn add(&mut self, report: &PairReport) {
        for finding in report.findings.iter().filter(|finding| finding.level() == Level::Should) {
            self.warnings.entry(finding.requirement.id).or_default().insert(report.client.family());
        }
        let weighty = report.findings.iter().filter(|finding| finding.level() <= Level::Should);
        let mut broken: BTreeSet<&'static str> = weighty.map(|finding| finding.requirement.id).collect();
        // What follows from something else is broken, too.
        for consequence in report.causes.iter().flat_map(|cause| &cause.consequences) {
            if let Consequence::Finding { requirement, .. } = consequence
                && requirement.level <= Level::Should
            {
                broken.insert(requirement.id);
            }
        }
        let changed =
            report.checkpoints.iter().any(|checkpoint| checkpoint.status == CheckpointStatus::Changed);
        broken.extend(changed.then_some(OUTCOME.id));
        if report.status == Status::Failed && broken.is_empty() {
            broken.insert(ALTERNATIVE.id);
        }
        if !broken.is_empty() {
            self.broken.entry(report.id.clone()).or_default().extend(broken);
        }
        match report.status {
            Status::Failed | Status::Known => {}
            Status::Passed => return,
            Status::Errored | Status::Skipped | Status::New => {
                self.errored.insert(report.id.clone());
                return;
            }
        }
        self.scenarios.entry(report.id.clone()).or_default().insert(report.client.family());
        let broken = report.findings.iter().filter(|finding| finding.level() == Level::Must);
        let reasons = self.reasons.len();
        let mut any = false;
        for finding in broken {
            any = true;
            self.reasons.insert(finding.requirement.id);
        }
        if changed {
            self.reasons.insert("outcome");
        } else if !any && self.reasons.len() == reasons {
            self.reasons.insert("alternative");
        }
    }
}

/// A run could not be had.
#[derive(Debug, Clone, thiserror::Error)]
#[error("cannot play the catalogue against `{name}`: {what}")]
pub struct Unproved {
    /// The defect, or `none`.
    pub name: String,
    /// Why.
    pub what: String,
}

/// Plays scenarios against the embedded endpoint with one defect, or with none, on a thread of their own.
async fn sightings(
    defect: Option<&'static DefectRow>,
    entries: Vec<Entry>,
    cwd: PathBuf,
    clock: Clock,
) -> Result<Sightings, Unproved> {
    let name = defect.map_or("none", |row| row.name);
    let unproved = |what: String| Unproved { name: name.to_owned(), what };
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let mut options = Options::embedded(cwd, clock);
        options.defects = defect.map(|row| row.name.to_owned()).into_iter().collect();
        let plan = plan(entries, None, &options.cwd)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        let mut seen = Sightings::default();
        let tell = |event: &Event<'_>| {
            if let Event::Finished(report) = event {
                seen.add(report);
            }
        };
        let played = runtime.block_on(run(plan, &options, &Cancel::default(), tell));
        played.map_err(|error| error.to_string())?;
        Ok(seen)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(seen) => seen.map_err(unproved),
        Err(panicked) => Err(unproved(panicked.to_string())),
    }
}

/// Plays `entries` once for each defect, and once for a sound endpoint (`None`), so many at a time, and tells each as
/// its turn comes.
pub async fn prove(
    defects: &[Option<&'static DefectRow>],
    entries: impl Fn(Option<&'static DefectRow>) -> Vec<Entry>,
    jobs: usize,
    cwd: &std::path::Path,
    clock: &Clock,
    mut tell: impl FnMut(Option<&'static DefectRow>, Result<Sightings, Unproved>),
) {
    let mut results = futures_util::stream::iter(defects.iter().copied())
        .map(|defect| {
            let played = sightings(defect, entries(defect), cwd.to_owned(), clock.clone());
            async move { (defect, played.await) }
        })
        .buffered(jobs.max(1));
    while let Some((defect, seen)) = results.next().await {
        tell(defect, seen);
    }
}
