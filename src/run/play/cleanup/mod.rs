//! Removes what a run created at a foreign target, and looks again until nothing can be left. `docs/safety.md` has the
//! rules.
//!
//! May use, of `run`: nothing else.

mod remove;
mod sweep;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::wire::{Created, Open, Register, Trace, Wire};

use self::remove::Removal;

pub use self::sweep::sweep;

/// How long and how often things are looked for again.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How long a read may show what was before a write, and a creation may take effect after its answer.
    pub lag: Duration,
    /// How long the last look may take in all.
    pub budget: Duration,
}

/// Removes what a pair created: groups before users. What it cannot find to be gone stays open in the run's register.
pub async fn cleanup(wire: &Wire) {
    let Some(register) = wire.ownership().register().cloned() else { return };
    let mut traces = wire.ownership().traces();
    traces.sort_by_key(|(kind, trace)| (*kind, matches!(trace, Trace::Name(_))));
    let mut sweeper = Sweeper::new(wire, &register);
    for (kind, trace) in traces {
        let Some(open) = register.find_open(kind, &trace) else { continue };
        let done = match &trace {
            Trace::Id(id) => sweeper.id(kind, id).await,
            Trace::Name(name) => sweeper.name_at_once(&open, name).await,
        };
        if done.is_err() {
            return;
        }
    }
    // What it created under a name may have shown itself only now.
    sweeper.settle().await;
}

/// The endpoint does not answer any more, so that there is no use in going on.
#[derive(Debug)]
struct Silent;

/// Looks for what may be left, and removes it.
struct Sweeper<'a> {
    wire: &'a Wire,
    register: &'a Register,
    /// Ids at which nobody was found, by an answer that may be said of anything.
    not_found: Vec<(Created, String)>,
    /// What was deleted or looked for once already.
    tried: BTreeSet<(Created, Trace)>,
    has_listed_customers: bool,
}

impl<'a> Sweeper<'a> {
    fn new(wire: &'a Wire, register: &'a Register) -> Self {
        Self { wire, register, not_found: Vec::new(), tried: BTreeSet::new(), has_listed_customers: false }
    }

    /// Removes what has an id.
    async fn id(&mut self, kind: Created, id: &str) -> Result<(), Silent> {
        let trace = Trace::Id(id.to_owned());
        match self.remove(kind, id).await? {
            Removal::Gone => self.register.close(kind, &trace),
            Removal::NotFound => self.not_found.push((kind, id.to_owned())),
            Removal::Lasts(why) => self.register.leave(kind, id, &why),
            Removal::Left(why) => self.register.explain(kind, &trace, &why),
        }
        Ok(())
    }

    /// Looks for a name right after the scenario.
    async fn name_at_once(&mut self, open: &Open, name: &str) -> Result<(), Silent> {
        let is_gone = self.name(open.kind, name).await?;
        // A creation without a proper answer may still take effect.
        if is_gone && open.is_answered {
            self.register.close(open.kind, &Trace::Name(name.to_owned()));
        }
        Ok(())
    }

    /// Takes "not found" for gone where the endpoint says the same of an id that nobody has, and serves a list right after
    /// that: a maintenance page says it of everything.
    async fn settle(&mut self) {
        let mut not_found = std::mem::take(&mut self.not_found);
        not_found.sort_by_key(|(kind, _)| *kind);
        for ids in not_found.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((kind, _)) = ids.first() else { continue };
            let is_true = self.wire.says_not_found_truly(*kind).await.unwrap_or(false);
            for (kind, id) in ids {
                let trace = Trace::Id(id.clone());
                if is_true {
                    self.register.close(*kind, &trace);
                } else {
                    let why = "the endpoint gives the same answer for any id";
                    self.register.explain(*kind, &trace, why);
                }
            }
        }
    }
}

/// Whether a creation has had the time to take effect.
fn is_due(open: &Open, patience: Patience) -> bool {
    open.is_answered || open.since.elapsed() >= patience.lag
}
