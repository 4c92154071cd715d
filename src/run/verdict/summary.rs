//! Adds finished pairs up to the summary of a run, in constant memory.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::idp::Family;
use crate::requirement::{Cause, Level, OUTCOME, Observed};

use crate::event::{Claim, Coverage, Decides, PairReport, Readiness, Repeated, Shown, Status, Summary};
use crate::run::verdict::judge::ALIKE;

impl Summary {
    /// Takes a pair in.
    pub fn add(&mut self, report: &PairReport) {
        *self.counts.entry(report.status).or_insert(0) += 1;
        self.requests += report.requests;
        self.waited += report.waited;
        self.pending += report.review.pending.len();
        for file in &report.review.pending {
            if let Some(causes) = report.review.explained.get(file) {
                self.explained.insert(file.clone(), causes.clone());
            } else {
                self.reviewable.entry(report.id.clone()).or_default().push(file.clone());
            }
        }
        if let Some(disagreement) = &report.review.disagreement {
            self.disagreements.insert(report.id.clone(), disagreement.clone());
        }
        self.unwritten.extend(report.review.unwritten.iter().cloned());
        for unseen in &report.partial {
            *self.partial.entry(unseen).or_insert(0) += 1;
        }
        let is_wrong = matches!(report.status, Status::Failed | Status::Errored | Status::New);
        if report.word != report.id && (is_wrong || !report.causes.is_empty()) {
            self.words.entry(report.id.clone()).or_insert_with(|| report.word.clone());
        }
        if let Some(project) = report.project.as_ref().filter(|_| !report.review.pending.is_empty()) {
            self.projects.insert(report.id.clone(), project.clone());
        }
        if is_wrong {
            self.attention.push((report.status, report.id.clone(), report.client));
        }
        let family = report.client.family();
        let mut broken: BTreeSet<(Level, &'static str)> = BTreeSet::new();
        for finding in &report.findings {
            broken.insert((finding.level(), finding.requirement.id));
        }
        let is_should = |cause: &&Cause| cause.level == Level::Should && !cause.is_known();
        self.shoulds += report.causes.iter().filter(is_should).count();
        for (level, id) in &broken {
            *self.findings.entry((*level, id, family)).or_insert(0) += 1;
        }
        if let Some(claim) = &report.claim {
            self.show(&claim.behaviour, &claim.shows);
            self.note(&claim.behaviour, &claim.shows, || claimed(claim, report));
        }
        for observed in &report.observed {
            self.note(observed.behaviour, &observed.shows, || read_off(observed, report));
        }
        for line in report.exchanges.iter().filter(|line| (200..300).contains(&line.status)) {
            let collection = line.path.split(['/', '?']).nth(1).unwrap_or_default();
            if line.intercepted.is_none()
                && !self.taken.iter().any(|(method, other)| *method == line.method && other == collection)
            {
                self.taken.insert((line.method, collection.to_owned()));
            }
        }
        self.effects.add(&report.effects);
        report.causes.iter().for_each(|cause| self.causes.add(cause.clone()));
        if let Some(trouble) = report.error.as_ref().filter(|_| report.status == Status::Errored) {
            repeat(&mut self.errors, &trouble.message, report);
        }
        for note in &report.notes {
            let is_said = |cause: &Cause| {
                cause.message == *note || cause.consequences.iter().any(|one| one.text() == note.as_str())
            };
            if !note.starts_with(ALIKE) && !report.causes.iter().any(is_said) {
                repeat(&mut self.remarks, note, report);
            }
        }
        if let Some(reason) = &report.skipped_reason {
            repeat(&mut self.skips, reason, report);
        }
        if report.decides != Decides::default() {
            let decided = self.decided.entry(family).or_default();
            let (decides, played) = decided.entry(report.id.clone()).or_default();
            decides.in_pack |= report.decides.in_pack;
            decides.names |= report.decides.names;
            *played |= report.status != Status::Skipped;
        }
        if let Some(readiness) = report.readiness.filter(|_| family.is_provider()) {
            self.weigh(family, readiness);
        }
    }

    /// Ends the run: causes that are one fault become one. How many scenarios of the pack `ready` a family plays, and how many
    /// name it where it plays no others unless asked for, decides whether it is judged.
    pub fn conclude(&mut self, in_pack: fn(Family) -> usize, naming: fn(Family) -> Option<usize>) {
        self.cover(in_pack, naming);
        self.causes = std::mem::take(&mut self.causes).folded(&self.taken, &self.effects);
        // Clients disagree where one of them is hurt by a fault, which is said.
        let explains = |cause: &Cause| cause.requirement.explains() && cause.requirement.id != OUTCOME.id;
        for cause in self.causes.iter().filter(|cause| explains(cause)) {
            for seen_in in &cause.seen_in {
                self.disagreements.remove(&seen_in.scenario);
            }
        }
    }

    /// Whoever was played only in part is not judged, unless that was enough to fail: all of the pack `ready` has to be
    /// played, or of whoever plays few scenarios unless asked for, all of these.
    fn cover(&mut self, in_pack: fn(Family) -> usize, naming: fn(Family) -> Option<usize>) {
        let cut_short = self.interrupted || self.silent;
        for (family, readiness) in &mut self.readiness {
            let decided = self.decided.get(family).into_iter().flat_map(BTreeMap::values);
            let decided: Vec<(Decides, bool)> = decided.copied().collect();
            let pack = played_of(in_pack(*family), &decided, |decides| decides.in_pack);
            self.coverage.insert(*family, pack.coverage);
            let is_whole = || {
                pack.is_whole
                    || naming(*family)
                        .is_some_and(|named| played_of(named, &decided, |decides| decides.names).is_whole)
            };
            if *readiness != Readiness::NotReady && (cut_short || !is_whole()) {
                *readiness = Readiness::NotJudged;
            }
        }
    }

    fn weigh(&mut self, family: Family, readiness: Readiness) {
        let verdict = self.readiness.entry(family).or_insert(readiness);
        *verdict = (*verdict).max(readiness);
    }

    /// Notes the first exchange that showed a way.
    fn note(&mut self, behaviour: &str, shows: &str, shown: impl FnOnce() -> Shown) {
        let ways = match self.card.get_mut(behaviour) {
            Some(ways) => ways,
            None => self.card.entry(behaviour.to_owned()).or_default(),
        };
        if ways.iter().all(|way| !way.shows.eq_ignore_ascii_case(shows)) {
            ways.push(shown());
        }
    }

    /// Notes an alternative on the behaviour card. An endpoint that shows several is shown with all of them.
    fn show(&mut self, behaviour: &str, alternative: &str) {
        let shown = self.behaviour.entry(behaviour.to_owned()).or_default();
        if shown.is_empty() {
            alternative.clone_into(shown);
        } else if !shown.split(", ").any(|other| other == alternative) {
            shown.push_str(", ");
            shown.push_str(alternative);
        }
    }
}

struct Played {
    coverage: Coverage,
    is_whole: bool,
}

/// What was played of so many scenarios. What the target has no use for counts as played, as long as it is not the most of
/// it.
fn played_of(pack: usize, decided: &[(Decides, bool)], is_of: impl Fn(Decides) -> bool) -> Played {
    let count =
        |wanted| decided.iter().filter(|(decides, played)| is_of(*decides) && *played == wanted).count();
    let (played, skipped) = (count(true), count(false));
    Played {
        coverage: Coverage { played, pack },
        is_whole: played > 0 && played + skipped >= pack && played >= skipped,
    }
}

/// The line of the behaviour card for what a scenario's alternatives tell apart.
fn claimed(claim: &Claim, report: &PairReport) -> Shown {
    let request = claim.exchange.as_ref().map(|exchange| {
        let request = &exchange.request;
        format!("{} {} → {}", request.method, endpoint(request.path()), exchange.status())
    });
    Shown {
        shows: claim.shows.clone(),
        scenario: report.id.clone(),
        client: report.client,
        exchange: claim.exchange.as_ref().map(|exchange| exchange.number),
        request: request.unwrap_or_default(),
        alternative: Some(claim.alternative.clone()),
        rivals: claim.rivals.clone(),
    }
}

/// The line for what was read off an exchange.
fn read_off(observed: &Observed, report: &PairReport) -> Shown {
    Shown {
        shows: observed.shows.clone(),
        scenario: report.id.clone(),
        client: report.client,
        exchange: Some(observed.exchange),
        request: observed.request.clone(),
        alternative: None,
        rivals: Vec::new(),
    }
}

/// Counts a reason. An endpoint may give a new one each time, so that only so many are kept.
fn repeat(reasons: &mut IndexMap<String, Repeated>, reason: &str, report: &PairReport) {
    const MOST: usize = 200;
    if let Some(known) = reasons.get_mut(reason) {
        known.pairs += 1;
    } else if reasons.len() < MOST {
        let (scenario, client) = (report.id.clone(), report.client);
        reasons.insert(reason.to_owned(), Repeated { pairs: 1, scenario, client });
    }
}

/// A path without the id in it.
fn endpoint(path: &str) -> String {
    let mut segments = path.trim_start_matches('/').split('/');
    let endpoint = segments.next().unwrap_or_default();
    if segments.next().is_some() { format!("/{endpoint}/{{id}}") } else { format!("/{endpoint}") }
}
