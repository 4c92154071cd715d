//! Combines what was played with its verdict into a pair's report.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::event::{
    CheckpointKind, CheckpointReport, CheckpointStatus, Decides, ExchangeLine, PairReport, Readiness, Review,
    Status, Trouble,
};
use crate::idp::{ClientName, Family};
use crate::requirement::{
    ALTERNATIVE, Cause, Changed, Complaint, Concern, EXPECTATION, Effects, Level, OTHER_ENDPOINT, OUTCOME,
    Requirement, SeenIn, Settled, TRANSCRIPT, Wrong, causes,
};
use crate::run::play::played::Played;
use crate::scenario::Legality;

use super::baseline::Against;
use super::judge::Verdict;
use super::known_failures::KnownFailures;

/// What a report is about.
#[derive(Debug, Clone)]
pub struct About {
    /// The scenario's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its file.
    pub file: String,
    /// The word that selects it.
    pub word: String,
    /// The folder in which its snapshots are reviewed, where that is not the one we are in.
    pub project: Option<String>,
    /// The behaviour that its alternatives tell apart.
    pub behaviour: Option<String>,
    /// The client.
    pub client: ClientName,
    /// What it decides about the provider.
    pub decides: Decides,
    /// Why what it expects is too little to fail somebody's endpoint, where it is.
    pub weak: Option<&'static str>,
}

/// What playing took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Effort {
    /// How long it took.
    pub took: Duration,
    /// How long of that it waited because the endpoint asked for it.
    pub waited: Duration,
    /// The number of requests.
    pub requests: usize,
}

/// What was compared besides the outcomes.
#[derive(Debug, Default)]
pub struct Compared {
    /// The transcript, where one is kept.
    pub transcript: Option<CheckpointReport>,
    /// The outcomes at another endpoint.
    pub against: Against,
}

/// Whether the scenario itself saw to it that an exchange went wrong.
fn is_staged(played: &Played, number: usize) -> bool {
    let line = number.checked_sub(1).and_then(|index| played.exchanges.get(index));
    line.is_some_and(|line| !line.left || line.intercepted.is_some())
}

/// The report of a pair that was not played.
pub fn not_played(about: About, status: Status) -> PairReport {
    PairReport {
        id: about.id,
        title: about.title,
        file: about.file,
        word: about.word,
        project: about.project,
        client: about.client,
        decides: about.decides,
        status,
        alternative: None,
        behaviour: about.behaviour,
        claim: None,
        partial: Vec::new(),
        took: Duration::ZERO,
        waited: Duration::ZERO,
        requests: 0,
        skipped_reason: None,
        error: None,
        checkpoints: Vec::new(),
        findings: Vec::new(),
        causes: Vec::new(),
        readiness: None,
        known: Vec::new(),
        in_full: None,
        exchanges: Vec::new(),
        observed: Vec::new(),
        effects: Effects::default(),
        notices: Vec::new(),
        notes: Vec::new(),
        review: Review::default(),
        outcomes: None,
    }
}

/// The report of a pair that the target cannot serve, or that was not begun.
pub fn skipped(about: About, reason: String) -> PairReport {
    PairReport { skipped_reason: Some(reason), ..not_played(about, Status::Skipped) }
}

/// The report of a pair that somebody interrupted.
pub fn cut_off(about: About, reason: String, effort: Effort, exchanges: Vec<ExchangeLine>) -> PairReport {
    let Effort { took, waited, requests } = effort;
    let readiness = Some(Readiness::NotJudged);
    PairReport { took, waited, requests, readiness, exchanges, ..skipped(about, reason) }
}

/// The report of a pair whose stage the target would not have set.
pub fn unstaged(about: About, what: &str, effort: Effort, exchanges: Vec<ExchangeLine>) -> PairReport {
    let reason = format!("needs what `given` lists, which the endpoint refuses: {what}");
    PairReport { readiness: None, ..cut_off(about, reason, effort, exchanges) }
}

/// The report of a pair that could not be played at all.
pub fn errored(about: About, message: String) -> PairReport {
    let error = Some(Trouble { message, at: None, exchange: None });
    PairReport { error, readiness: Some(Readiness::NotReady), ..not_played(about, Status::Errored) }
}

/// The report of a pair that was played.
pub fn report(
    about: About,
    played: Played,
    verdict: Verdict,
    compared: Compared,
    effort: Effort,
    known: &KnownFailures,
) -> PairReport {
    let seen_in = SeenIn { scenario: about.id.clone(), client: about.client };
    let besides = compared.transcript.iter().chain(&compared.against.checkpoints);
    let mut changed = verdict.changed;
    changed.extend(besides.filter_map(changed_besides));
    let wrong = Wrong {
        settled: &played.settled,
        effects: &played.effects,
        changed: &changed,
        unwelcome: verdict.unwelcome.as_ref(),
        complaints: played
            .notices
            .iter()
            .filter(|notice| !is_staged(&played, notice.exchange))
            .map(|notice| Complaint { message: &notice.message, exchange: notice.exchange })
            .collect(),
        trail: &played.trail,
    };
    let mut causes = causes(&wrong, &seen_in);
    if let Some(why) = about.weak {
        for cause in &mut causes {
            cause.weaken(why);
        }
    }
    let mut checkpoints = verdict.checkpoints;
    checkpoints.extend(compared.transcript);
    checkpoints.extend(compared.against.checkpoints);
    let broken = broken(&played.settled, &checkpoints, verdict.legality);
    let known = known.of(&about.id, about.client, &causes, &broken);
    for cause in &mut causes {
        if let Some(entry) = known.iter().find(|entry| entry.covers(cause.requirement.id, &cause.id())) {
            cause.known = Some(entry.to_string());
            cause.unknown = 0;
        }
    }
    // What is read off an outcome is as strong as the scenario's evidence.
    let is_outcome = |one: &&CheckpointReport| one.kind == CheckpointKind::Outcome;
    let mut outcomes = checkpoints.iter().filter(is_outcome);
    let is_changed = about.weak.is_none() && outcomes.any(|one| one.status == CheckpointStatus::Changed);
    let status = status(&causes, &checkpoints, played.trouble.is_some());
    let readiness = readiness(
        about.client.family(),
        &causes,
        (verdict.legality, is_changed),
        (status, played.trouble.is_some()),
    );
    PairReport {
        alternative: verdict.alternative,
        claim: verdict.claim,
        partial: verdict.partial,
        took: effort.took,
        waited: effort.waited,
        requests: effort.requests,
        error: played.trouble,
        checkpoints,
        findings: played.settled.findings,
        causes,
        readiness: Some(readiness),
        known,
        in_full: played.in_full,
        exchanges: played.exchanges,
        observed: played.observed,
        effects: played.effects,
        notices: played.notices,
        notes: [verdict.notes, played.notes, compared.against.notes].concat(),
        review: Review::default(),
        ..not_played(about, status)
    }
}

/// What differs besides the outcomes.
fn changed_besides(checkpoint: &CheckpointReport) -> Option<Changed> {
    let kind = match checkpoint.kind {
        CheckpointKind::Outcome => return None,
        CheckpointKind::Transcript => TRANSCRIPT,
        CheckpointKind::Against => OTHER_ENDPOINT,
    };
    (checkpoint.status == CheckpointStatus::Changed).then(|| Changed {
        checkpoint: checkpoint.name.clone(),
        kinds: vec![kind.to_owned()],
        diff: checkpoint.diff.clone().unwrap_or_default(),
        after: checkpoint.after.last().cloned(),
        at: checkpoint.at.clone(),
    })
}

fn has(checkpoints: &[CheckpointReport], status: CheckpointStatus) -> bool {
    checkpoints.iter().any(|checkpoint| checkpoint.status == status)
}

/// The requirements that are not met, but for what is only worth knowing.
fn broken(
    settled: &Settled,
    checkpoints: &[CheckpointReport],
    legality: Option<Legality>,
) -> BTreeSet<&'static str> {
    let follow = settled.follow.iter().map(|(finding, _)| finding);
    let weighty = settled.findings.iter().chain(follow).filter(|finding| finding.level() <= Level::Should);
    let mut broken: BTreeSet<&str> = weighty.map(|finding| finding.requirement.id).collect();
    if has(checkpoints, CheckpointStatus::Changed) {
        broken.insert(OUTCOME.id);
    }
    if legality == Some(Legality::No) {
        broken.insert(ALTERNATIVE.id);
    }
    broken
}

/// How a pair ended. A cause that is known does not fail it, nor does what follows from that.
fn status(causes: &[Cause], checkpoints: &[CheckpointReport], errored: bool) -> Status {
    let mut musts = causes.iter().filter(|cause| cause.level == Level::Must).peekable();
    let fails = musts.peek().is_some();
    if musts.any(|cause| !cause.is_known()) {
        Status::Failed
    } else if errored {
        Status::Errored
    } else if has(checkpoints, CheckpointStatus::Unseen) {
        Status::New
    } else if fails {
        Status::Known
    } else {
        Status::Passed
    }
}

/// What a pair says of its provider.
fn readiness(
    family: Family,
    causes: &[Cause],
    (legality, is_changed): (Option<Legality>, bool),
    (status, errored): (Status, bool),
) -> Readiness {
    // What only the RFC asks for fails the run as any requirement does, and is nothing to any provider.
    let mut weighty = causes.iter().filter(|cause| !cause.requirement.is_of_the_rfc_alone());
    let hurts = |cause: &Cause| cause.level == Level::Must && concerns(cause.requirement, family);
    if weighty.clone().any(hurts) || is_changed || errored {
        Readiness::NotReady
    } else if weighty.any(|cause| cause.level <= Level::Should)
        || legality.is_some_and(|legality| legality != Legality::Yes)
        || status == Status::New
    {
        Readiness::Warnings
    } else {
        Readiness::Ready
    }
}

/// Whether a requirement is that family's own need. What a scenario expects is everybody's.
fn concerns(requirement: &Requirement, family: Family) -> bool {
    let concern = match family {
        Family::Okta => Concern::Okta,
        Family::Entra => Concern::Entra,
        Family::Google => Concern::Google,
        // Nobody has written down what the others need: the RFC stands for it.
        _ => Concern::Rfc,
    };
    let is_expected = [EXPECTATION.id, OUTCOME.id, ALTERNATIVE.id].contains(&requirement.id);
    is_expected || requirement.concerns.contains(&concern)
}
