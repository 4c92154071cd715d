//! The words of the table.

use super::Ask;
use crate::support::Reply;

/// Answers a request, mostly as the endpoint behind does.
pub(crate) type Act = fn(&Ask<'_>) -> Reply;

/// What a run says of a fault today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A cause of this requirement names the request that did it.
    By(&'static str),
    /// It is noticed, and blamed on these requirements, of which none is about it, or not all are: an outcome that changed, a
    /// literal request, or what follows from it.
    BlamedAs(&'static [&'static str]),
    /// It shows, and nothing is said. Whoever adds the rule changes the row.
    Unseen,
    /// No run sends what makes it show. Whoever adds such a scenario changes the row.
    Unmet,
}

/// Something that an endpoint does wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// In a sentence.
    pub(crate) says: &'static str,
    pub(crate) act: Act,
    /// The request that does it: a method and a kind of path, such as `PATCH /Users/{id}`. Several are separated by `, `.
    pub(crate) culprit: &'static str,
    pub(crate) seen: Seen,
    /// Whether the cause is a `should`, with which a run exits with 0.
    pub(crate) is_should: bool,
    /// Whether the pack `ready` shows it too.
    pub(crate) in_ready: bool,
    /// Requirements of causes that may stand beside it.
    pub(crate) beside: &'static [&'static str],
}

impl Fault {
    /// One that nobody sees yet.
    pub(crate) const fn new(name: &'static str, says: &'static str, culprit: &'static str, act: Act) -> Self {
        Self { name, says, act, culprit, seen: Seen::Unseen, is_should: false, in_ready: false, beside: &[] }
    }

    /// Told by a cause of this requirement.
    pub(crate) const fn by(mut self, requirement: &'static str) -> Self {
        self.seen = Seen::By(requirement);
        self
    }

    /// Blamed on these requirements.
    pub(crate) const fn blamed(mut self, requirements: &'static [&'static str]) -> Self {
        self.seen = Seen::BlamedAs(requirements);
        self
    }

    /// Of which no run notices anything, since none sends what makes it show.
    pub(crate) const fn unmet(mut self) -> Self {
        self.seen = Seen::Unmet;
        self
    }

    /// The cause does not fail a run.
    pub(crate) const fn should(mut self) -> Self {
        self.is_should = true;
        self
    }

    /// The pack `ready` shows it too.
    pub(crate) const fn ready(mut self) -> Self {
        self.in_ready = true;
        self
    }

    /// These requirements may be broken by the same fault.
    pub(crate) const fn beside(mut self, requirements: &'static [&'static str]) -> Self {
        self.beside = requirements;
        self
    }
}

/// An endpoint that is right in an unusual way: nothing may be said of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Awkward {
    pub(crate) name: &'static str,
    pub(crate) says: &'static str,
    pub(crate) act: Act,
    /// How much is played: a pack, and further words of the command.
    pub(crate) pack: &'static str,
    pub(crate) flags: &'static [&'static str],
    /// Requirements that are broken today, though nothing is wrong.
    pub(crate) false_alarms: &'static [&'static str],
}

impl Awkward {
    /// One of which nothing is said in all scenarios.
    pub(crate) const fn new(name: &'static str, says: &'static str, act: Act) -> Self {
        Self { name, says, act, pack: "full", flags: &["--read-lag", "0"], false_alarms: &[] }
    }

    /// Played in this pack, with these words.
    pub(crate) const fn played(mut self, pack: &'static str, flags: &'static [&'static str]) -> Self {
        self.pack = pack;
        self.flags = flags;
        self
    }

    /// Causes of these requirements are told today.
    pub(crate) const fn false_alarms(mut self, requirements: &'static [&'static str]) -> Self {
        self.false_alarms = requirements;
        self
    }
}
