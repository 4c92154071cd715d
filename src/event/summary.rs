//! How a run ended.

use std::collections::BTreeMap;
use std::time::Duration;

use indexmap::IndexMap;

use crate::idp::{ClientName, Family};
use crate::requirement::{Causes, Effects, Level, Taken, contradict};

use super::readiness::{Coverage, Decides, Readiness};
use super::{KnownReport, Leftovers, Status};

/// The end of a run.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Pairs by how they ended.
    pub counts: BTreeMap<Status, usize>,
    /// What could not be compared, since the view does not show it, and in how many runs.
    pub partial: BTreeMap<&'static str, usize>,
    /// Requests that were sent.
    pub requests: usize,
    /// How long it took.
    pub took: Duration,
    /// How long its runs waited because the endpoint asked for it.
    pub waited: Duration,
    /// The verdict on each family that was judged.
    pub readiness: BTreeMap<Family, Readiness>,
    /// How much of what decides about a family was played.
    pub coverage: BTreeMap<Family, Coverage>,
    /// The scenarios that decide about a family and that were played, or that the target has no use for.
    pub decided: BTreeMap<Family, BTreeMap<String, (Decides, bool)>>,
    /// Which alternatives the endpoint showed, by behaviour.
    pub behaviour: BTreeMap<String, String>,
    /// The whole behaviour card: those, and what is read off the exchanges, each way with the first exchange that showed
    /// it.
    pub card: BTreeMap<String, Vec<Shown>>,
    /// Must-level and should-level findings by requirement and family: how many pairs show them.
    pub findings: BTreeMap<(Level, &'static str, Family), usize>,
    /// What is wrong with the endpoint, each cause once, in the order in which it was seen first.
    pub causes: Causes,
    /// Why pairs could not be played to their end, each with where it was seen first.
    pub errors: IndexMap<String, Repeated>,
    /// Remarks on pairs, such as an accepted deviation.
    pub remarks: IndexMap<String, Repeated>,
    /// Why pairs were skipped.
    pub skips: IndexMap<String, Repeated>,
    /// Which requests were taken somewhere in the run: the method, and the first segment of the path.
    pub taken: Taken,
    /// What became of the changes that the writes asked for.
    pub effects: Effects,
    /// What was created and not removed again.
    pub leftovers: Leftovers,
    /// Pairs that failed, errored or are new: `id` and client.
    pub attention: Vec<(Status, String, ClientName)>,
    /// Should-level causes that the settings do not list, over all pairs.
    pub shoulds: usize,
    /// How the known failures did that this run met.
    pub known: Vec<KnownReport>,
    /// Whether what was created was to stay.
    pub kept: bool,
    /// Whether the run was interrupted.
    pub interrupted: bool,
    /// Whether the run ended because the endpoint answered nothing any more.
    pub silent: bool,
    /// Pending files that wait for a review.
    pub pending: usize,
    /// Those of them that causes explain, with the ids of these.
    pub explained: BTreeMap<String, Vec<String>>,
    /// The scenarios that have others, with their names.
    pub reviewable: BTreeMap<String, Vec<String>>,
    /// The words that select those of the scenarios with something wrong whose ids select another one or none.
    pub words: BTreeMap<String, String>,
    /// The folders in which the snapshots of scenarios are reviewed, where that is not the one we are in.
    pub projects: BTreeMap<String, String>,
    /// Why nothing was written where clients disagree, by scenario.
    pub disagreements: BTreeMap<String, String>,
    /// Why snapshots or files that were to wait for a review could not be written.
    pub unwritten: Vec<String>,
}

/// Something that was met in several pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The number of pairs.
    pub pairs: usize,
    /// The scenario that met it first.
    pub scenario: String,
    /// By which client.
    pub client: ClientName,
}

/// A way that the endpoint has, where several are right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The way.
    pub shows: String,
    /// The scenario that showed it.
    pub scenario: String,
    /// By which client.
    pub client: ClientName,
    /// The exchange's number in the pair's transcript; nothing where no request changed anything.
    pub exchange: Option<usize>,
    /// The exchange in short.
    pub request: String,
    /// The alternative that fits, where it comes of one.
    pub alternative: Option<String>,
    /// The other alternatives of that scenario.
    pub rivals: Vec<String>,
}

impl Shown {
    /// Whether an endpoint that has this way and the other one contradicts itself.
    pub fn contradicts(&self, behaviour: &str, other: &Self) -> bool {
        let (Some(one), Some(two)) = (&self.alternative, &other.alternative) else {
            return contradict(behaviour, &self.shows, &other.shows);
        };
        // Scenarios may have different alternatives: only what both could have shown is a contradiction.
        let is_mutual = self.rivals.contains(two) && other.rivals.contains(one);
        self.shows != other.shows && (one == two || is_mutual)
    }
}

impl Summary {
    /// How many pairs ended so.
    pub fn count(&self, status: Status) -> usize {
        self.counts.get(&status).copied().unwrap_or(0)
    }

    /// The behaviours in which the endpoint contradicts itself, each with the two ways.
    pub fn contradictions(&self) -> Vec<(&str, &Shown, &Shown)> {
        let mut found = Vec::new();
        for (behaviour, ways) in &self.card {
            for (index, one) in ways.iter().enumerate() {
                let others = ways.iter().skip(index + 1);
                let others = others.filter(|other| one.contradicts(behaviour, other));
                found.extend(others.map(|other| (behaviour.as_str(), one, other)));
            }
        }
        found
    }

    /// The word that selects a scenario with something wrong on the command line.
    pub fn word<'a>(&'a self, id: &'a str) -> &'a str {
        self.words.get(id).map_or(id, String::as_str)
    }

    /// How many pairs there were.
    pub fn pairs(&self) -> usize {
        self.counts.values().sum()
    }
}
