//! Turns findings into causes: the fault of the endpoint, the write that triggered it, and its consequences.
//!
//! May use, of `requirement`: `catalogue`, `effect`, `exchange`, `findings`, `model`, `settle`, `trail`.

mod consequence;
mod difference;
mod fold;
mod joined;
mod of_pair;
mod refusal;
mod way;

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diag::Diagnostic;
use crate::idp::Family;
use crate::wire::Exchange;

use super::catalogue::{ALTERNATIVE, EXPECTATION, OUTCOME};
use super::effect::Way;
use super::findings::key;
use super::model::{Finding, Level, Requirement, cause_id};
use super::trail::{Steps, Trail, Unfit};

pub use consequence::{Consequence, SeenIn};
pub use fold::{Taken, kin};
pub use of_pair::{Changed, Complaint, Unwelcome, Wrong, causes};
pub use refusal::Refusal;

/// The most consequences that are kept of one cause.
const MOST_CONSEQUENCES: usize = 100;

/// The kind of a difference that is one of the transcript.
pub const TRANSCRIPT: &str = "transcript";

/// The kind of a change against another endpoint.
pub const OTHER_ENDPOINT: &str = "other-endpoint";

/// The most causes that are kept.
const MOST: usize = 500;

/// The most causes whose exchanges are kept in full.
const MOST_IN_FULL: usize = 100;

/// The longest body of an exchange that is kept in full, in bytes.
pub const BODY: usize = 8 * 1024;

/// The longest body of the others, in bytes.
const SHORT_BODY: usize = 1024;

/// One thing that is wrong with the endpoint.
#[derive(Debug, Clone)]
pub struct Cause {
    /// The requirement that is not met; [`OUTCOME`] where all that is known is that an outcome changed.
    pub requirement: &'static Requirement,
    /// How much it weighs.
    pub level: Level,
    /// What was done wrong: the same word in every run where the same is wrong. Empty where the requirement says it all.
    pub key: String,
    /// What happened where it was seen first.
    pub message: String,
    /// The request that did it, where that is known: the write, or the read that was answered badly.
    pub culprit: Option<Arc<Exchange>>,
    /// The exchange that shows it; nothing where only an outcome does.
    pub shown_by: Option<Arc<Exchange>>,
    /// The step of the scenario that shows it.
    pub at: Diagnostic,
    /// What a script sends to show it, or why none can.
    pub steps: Result<Arc<Steps>, Unfit>,
    /// How the request was refused, where it was.
    pub refusal: Option<Refusal>,
    /// The ways in which the request asked in vain, wherever it was seen.
    ways: BTreeSet<Way>,
    /// The ids of causes that turned out to be the same.
    pub covers: BTreeSet<String>,
    /// The difference by identity, where all that is known is that an outcome changed.
    pub diff: Option<String>,
    /// Why it weighs less than it would: the scenario rests on one report, or on inference. Nothing where it was also seen in
    /// one that does not.
    pub weak: Option<&'static str>,
    /// Why it is known, where the settings list it.
    pub known: Option<String>,
    /// The number of pairs in which the settings do not list it.
    pub unknown: usize,
    /// What follows from it.
    pub consequences: Vec<Consequence>,
    /// How many more consequences there are.
    pub more_consequences: usize,
    /// The providers that it hurts; `rfc` where only the standard asks for it.
    pub families: BTreeSet<Family>,
    /// The pairs in which it was seen, in the order of the run.
    pub seen_in: Vec<SeenIn>,
}

impl Cause {
    /// Its stable id: the requirement's, and after a slash what was done wrong.
    pub fn id(&self) -> String {
        cause_id(self.requirement, &self.key)
    }

    /// What is wrong, as a sentence's beginning in upper case.
    pub fn headline(&self) -> String {
        let mut letters = self.message.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// Whether the settings list it wherever it was seen.
    pub fn is_known(&self) -> bool {
        self.unknown == 0 && self.known.is_some()
    }

    fn new(requirement: &'static Requirement, message: String, at: Diagnostic, seen_in: &SeenIn) -> Self {
        Self {
            requirement,
            level: requirement.level,
            key: String::new(),
            message,
            culprit: None,
            shown_by: None,
            at,
            steps: Err(Unfit::Unseen),
            refusal: None,
            ways: BTreeSet::new(),
            covers: BTreeSet::new(),
            diff: None,
            weak: None,
            known: None,
            unknown: 1,
            consequences: Vec::new(),
            more_consequences: 0,
            families: BTreeSet::from([hurt(requirement, seen_in.client.family())]),
            seen_in: vec![seen_in.clone()],
        }
    }

    fn of(finding: &Finding, seen_in: &SeenIn, trail: &Trail) -> Self {
        Self {
            key: finding.key.clone(),
            culprit: finding.culprit.clone(),
            shown_by: Some(Arc::clone(&finding.exchange)),
            refusal: Refusal::of(&finding.exchange),
            steps: trail
                .steps(
                    finding.culprit.as_ref().map(|culprit| culprit.number),
                    &finding.exchange,
                    finding.sign.as_ref(),
                )
                .map(Arc::new),
            ..Self::new(finding.requirement, finding.message.clone(), finding.at.clone(), seen_in)
        }
    }

    /// A change of an outcome that nothing explains: a cause by itself, named by what differs.
    fn of_outcome(changed: &Changed, seen_in: &SeenIn, trail: &Trail) -> Self {
        let message = if changed.kinds == [TRANSCRIPT] {
            "the transcript changed".to_owned()
        } else {
            let what =
                difference::in_words(&changed.kinds).unwrap_or_else(|| "the outcome changed".to_owned());
            format!("{what} (checkpoint `{}`)", changed.checkpoint)
        };
        Self {
            key: changed.kinds.join("+").to_ascii_lowercase(),
            culprit: changed.after.clone(),
            diff: Some(changed.diff.clone()),
            steps: trail.outcome(changed.after.as_deref(), &changed.kinds).map(Arc::new),
            ..Self::new(&OUTCOME, message, changed.at.clone(), seen_in)
        }
    }

    /// An outcome that the provider cannot handle, where nothing explains it.
    fn of_alternative(unwelcome: &Unwelcome, seen_in: &SeenIn) -> Self {
        Self {
            level: unwelcome.level,
            key: key(&unwelcome.alternative),
            culprit: unwelcome.after.clone(),
            ..Self::new(&ALTERNATIVE, unwelcome.message.clone(), unwelcome.at.clone(), seen_in)
        }
    }

    /// Makes a warning of an expectation that nobody has documented or seen on the wire. What the standard or the provider is
    /// known to need stays what it is.
    pub fn weaken(&mut self, why: &'static str) {
        const EXPECTED: [&str; 4] = [EXPECTATION.id, OUTCOME.id, ALTERNATIVE.id, "accepted-payload"];
        // A transcript was accepted by somebody, and so was another endpoint.
        let is_own = [TRANSCRIPT, OTHER_ENDPOINT].contains(&self.key.as_str());
        if EXPECTED.contains(&self.requirement.id) && self.level == Level::Must && !is_own {
            self.level = Level::Should;
            self.weak = Some(why);
        }
    }

    /// Takes the sightings, the providers hurt and the consequences of the same cause over.
    fn take_in(&mut self, other: Self) {
        if self.steps.is_err() && other.steps.is_ok() {
            self.steps = other.steps;
        }
        self.families.extend(other.families);
        self.covers.extend(other.covers);
        self.ways.retain(|way| other.ways.contains(way));
        self.level = self.level.min(other.level);
        self.weak = self.weak.and(other.weak);
        self.unknown += other.unknown;
        self.known = self.known.take().or(other.known);
        for seen_in in other.seen_in {
            if !self.seen_in.contains(&seen_in) {
                self.seen_in.push(seen_in);
            }
        }
        self.more_consequences += other.more_consequences;
        other.consequences.into_iter().for_each(|consequence| self.add(consequence));
    }

    /// Cuts the bodies of its exchanges.
    fn lighten(&mut self, most: usize) {
        for exchange in [&mut self.culprit, &mut self.shown_by].into_iter().flatten() {
            *exchange = exchange.light(most);
        }
    }

    fn add(&mut self, consequence: Consequence) {
        if self.consequences.contains(&consequence) {
            return;
        }
        if self.consequences.len() < MOST_CONSEQUENCES {
            self.consequences.push(consequence);
        } else {
            self.more_consequences += 1;
        }
    }
}

/// Whom a breach hurts that a client of a family meets: what the RFC alone asks for is nothing to a provider.
fn hurt(requirement: &Requirement, family: Family) -> Family {
    if requirement.is_of_the_rfc_alone() { Family::Rfc } else { family }
}

/// The causes of a run, each once.
#[derive(Debug, Clone, Default)]
pub struct Causes {
    by_id: IndexMap<String, Cause>,
}

impl Causes {
    /// Takes a cause in: what is known already is seen in one more pair. An endpoint may find ever new ways of being wrong,
    /// so that only so many are kept.
    pub fn add(&mut self, mut cause: Cause) {
        let count = self.by_id.len();
        let Some(known) = self.by_id.get_mut(&cause.id()) else {
            if count < MOST {
                if count >= MOST_IN_FULL && cause.steps.is_ok() {
                    cause.steps = Err(Unfit::TooMany);
                }
                cause.lighten(if count < MOST_IN_FULL { BODY } else { SHORT_BODY });
                self.by_id.insert(cause.id(), cause);
            }
            return;
        };
        known.take_in(cause);
    }

    /// All of them, in the order in which they were seen first.
    pub fn iter(&self) -> impl Iterator<Item = &Cause> {
        self.by_id.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }
}
