//! Removes findings that follow from another finding of the same pair.

use crate::idp::ClientName;

use super::catalogue::EXPECTATION;
use super::exchange::shape::described;
use super::model::{Finding, Level, Part};

/// Requirements that are not met where a resource is lost.
const LOST: [&str; 2] = ["inactive-still-found", "lookup-finds"];

/// The requirement that is not met where a provider mistakes one resource for another.
const MISLEADING: &str = "filter-filters";

/// A pair's findings: those that stand for themselves, and those that follow from them.
#[derive(Debug, Default)]
pub struct Settled {
    /// Each root cause, in the order in which it was found.
    pub findings: Vec<Finding>,
    /// What follows, and the index of the finding that it follows from; nothing where that finding says no more than that
    /// a write was refused, as it may be.
    pub follow: Vec<(Finding, Option<usize>)>,
}

/// Settles a pair's findings. From the exchange `refused` on, a write of the scenario had been refused, which was said or
/// is right: what later answers hold follows from that.
pub fn settle(findings: Vec<Finding>, refused: Option<usize>, client: ClientName) -> Settled {
    let facts: Vec<Fact> = findings.iter().map(|finding| Fact::of(finding, client)).collect();
    let explained = |index: usize| facts[index].explanation(&facts, refused);
    let reasons: Vec<Option<Reason>> = (0..facts.len()).map(explained).collect();
    let mut places = vec![None; findings.len()];
    let mut settled = Settled::default();
    let mut following = Vec::new();
    for (index, finding) in findings.into_iter().enumerate() {
        match reasons[index] {
            None => {
                places[index] = Some(settled.findings.len());
                settled.findings.push(finding);
            }
            Some(reason) => following.push((finding, reason)),
        }
    }
    settled.follow = following
        .into_iter()
        .map(|(finding, reason)| {
            let place = match reason {
                Reason::Finding(index) => places[index],
                Reason::Refusal => None,
            };
            (finding, place)
        })
        .collect();
    settled
}

/// Why a finding needs no further explanation.
#[derive(Debug, Clone, Copy)]
enum Reason {
    /// Another finding, by its index.
    Finding(usize),
    /// A write was refused before.
    Refusal,
}

/// What counts of a finding.
struct Fact {
    requirement: &'static super::Requirement,
    part: Option<Part>,
    number: usize,
    /// The number of the write that is to blame.
    culprit: Option<usize>,
    status: u16,
    /// The collection in the path.
    endpoint: Option<String>,
    /// What was asked, in words.
    asked: String,
}

impl Fact {
    fn of(finding: &Finding, client: ClientName) -> Self {
        Self {
            requirement: finding.requirement,
            part: finding.part,
            number: finding.exchange.number,
            culprit: finding.culprit.as_ref().map(|culprit| culprit.number),
            status: finding.exchange.status(),
            endpoint: finding.exchange.request.path().split('/').nth(1).map(str::to_owned),
            asked: described(&finding.exchange, client).0,
        }
    }

    fn is_expectation(&self) -> bool {
        self.requirement.id == EXPECTATION.id
    }

    fn explanation(&self, all: &[Self], refused: Option<usize>) -> Option<Reason> {
        let find = |explains: &dyn Fn(&Self) -> bool| all.iter().position(explains).map(Reason::Finding);
        // Who was found by a filter that finds everybody is somebody else from then on.
        let misled = |other: &Self| {
            other.requirement.id == MISLEADING && other.number < self.number && self.requirement.may_explain()
        };
        find(&|other| self.requirement.follows_from(other.requirement) && self.endpoint == other.endpoint)
            .or_else(|| (self.requirement.id != MISLEADING).then(|| find(&misled)).flatten())
            .or_else(|| self.is_expectation().then(|| self.unmet_because(all, refused)).flatten())
    }

    /// Why a scenario's expectation was not met: a requirement says the same of that answer, or of that request wherever it
    /// is sent, or it follows from a refusal.
    fn unmet_because(&self, all: &[Self], refused: Option<usize>) -> Option<Reason> {
        let find = |explains: &dyn Fn(&Self) -> bool| all.iter().position(explains).map(Reason::Finding);
        let same_answer = |other: &Self| {
            !other.is_expectation() && other.requirement.level == Level::Must && other.number == self.number
        };
        // The form of an error is said once, and not of each error.
        let malformed = |other: &Self| other.requirement.id == "error-body" && other.number <= self.number;
        let same_request = |other: &Self| {
            !other.is_expectation() && other.requirement.explains() && other.asked == self.asked
        };
        // The answer of a write that is to blame shows what it did.
        let same_write = |other: &Self| {
            !other.is_expectation() && other.requirement.explains() && other.culprit == Some(self.number)
        };
        // What was wrong before shows again in what a scenario expects.
        let before = |other: &Self| {
            !other.is_expectation() && other.requirement.level == Level::Must && other.number <= self.number
        };
        let lost = |other: &Self| {
            LOST.contains(&other.requirement.id)
                && other.number < self.number
                && other.endpoint == self.endpoint
        };
        let is_refused = refused.is_some_and(|from| self.number >= from);
        let of_answer = match self.part {
            Some(Part::Form) => find(&same_answer).or_else(|| find(&before)),
            Some(Part::Body) => find(&same_answer)
                .or_else(|| find(&same_write))
                .or_else(|| (self.status >= 400).then(|| find(&malformed)).flatten())
                .or_else(|| is_refused.then_some(Reason::Refusal))
                .or_else(|| find(&before)),
            // Who is lost is not found by anything that follows.
            Some(Part::Status) => (self.status == 404).then(|| find(&lost)).flatten(),
            None => None,
        };
        of_answer.or_else(|| find(&same_request))
    }
}
