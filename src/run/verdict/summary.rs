//! Adds finished pairs up to the summary of a run, in constant memory.

use std::collections::BTreeSet;

use crate::idp::Family;
use crate::requirement::Level;

use crate::event::{PairReport, Readiness, Shown, Status, Summary};

impl Summary {
    /// Takes a pair in.
    pub fn add(&mut self, report: &PairReport) {
        *self.counts.entry(report.status).or_insert(0) += 1;
        self.requests += report.requests;
        self.pending += report.review.pending.len();
        self.unwritten.extend(report.review.unwritten.iter().cloned());
        for unseen in &report.partial {
            *self.partial.entry(unseen).or_insert(0) += 1;
        }
        if matches!(report.status, Status::Failed | Status::Errored | Status::New) {
            self.attention.push((report.status, report.id.clone(), report.client));
        }
        let family = report.client.family();
        let mut broken: BTreeSet<(Level, &'static str)> = BTreeSet::new();
        for finding in &report.findings {
            broken.insert((finding.level(), finding.requirement.id));
        }
        let unknown = |(level, id): &&(Level, &str)| *level == Level::Should && !report.knows(id);
        self.shoulds += broken.iter().filter(unknown).count();
        for (level, id) in &broken {
            *self.findings.entry((*level, id, family)).or_insert(0) += 1;
        }
        if let (Some(behaviour), Some(alternative)) = (&report.behaviour, &report.alternative) {
            self.show(behaviour, alternative);
            let last = report.checkpoints.iter().rev().find_map(|checkpoint| checkpoint.after.last());
            let request = last.map(|last| {
                let request = &last.request;
                format!("{} {} → {}", request.method, endpoint(request.path()), last.status())
            });
            let exchange = last.map(|last| last.number);
            self.note(report, behaviour, alternative, exchange, &request.unwrap_or_default());
        }
        for observed in &report.observed {
            let exchange = Some(observed.exchange);
            self.note(report, observed.behaviour, &observed.shows, exchange, &observed.request);
        }
        report.causes.iter().for_each(|cause| self.causes.add(cause.clone()));
        if let Some(readiness) = report.readiness {
            self.weigh(family, readiness);
        }
    }

    fn weigh(&mut self, family: Family, readiness: Readiness) {
        let verdict = self.readiness.entry(family).or_insert(readiness);
        *verdict = (*verdict).max(readiness);
    }

    /// Notes the first exchange that showed a way.
    fn note(
        &mut self,
        report: &PairReport,
        behaviour: &str,
        shows: &str,
        exchange: Option<usize>,
        request: &str,
    ) {
        let ways = match self.card.get_mut(behaviour) {
            Some(ways) => ways,
            None => self.card.entry(behaviour.to_owned()).or_default(),
        };
        if ways.iter().all(|way| !way.shows.eq_ignore_ascii_case(shows)) {
            ways.push(Shown {
                shows: shows.to_owned(),
                scenario: report.id.clone(),
                client: report.client,
                exchange,
                request: request.to_owned(),
            });
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

/// A path without the id in it.
fn endpoint(path: &str) -> String {
    let mut segments = path.trim_start_matches('/').split('/');
    let endpoint = segments.next().unwrap_or_default();
    if segments.next().is_some() { format!("/{endpoint}/{{id}}") } else { format!("/{endpoint}") }
}
