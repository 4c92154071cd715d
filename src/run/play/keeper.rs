//! Keeps whole exchanges for a report that holds all of them. Long bodies are cut, so that a long pair stays small.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::context::Clock;
use crate::event::Told;
use crate::wire::{Exchange, Observer, Purpose};

/// How much of a body is kept.
pub const MOST_BODY: usize = 64 * 1024;

/// How much all bodies of a pair take before less is kept of each.
const ROOM: usize = 8 * 1024 * 1024;

/// How much of a body is kept then.
const LESS: usize = 1024;

/// Whole exchanges.
#[derive(Debug)]
pub struct Keeper {
    clock: Clock,
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    step: Option<Arc<str>>,
    room: usize,
    all: Vec<Told>,
}

impl Keeper {
    /// Nothing yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, state: RefCell::new(State { step: None, room: ROOM, all: Vec::new() }) }
    }

    /// Says at which step the exchanges that follow are; nothing means none of the scenario's.
    pub fn stand_at(&self, step: Option<&str>) {
        self.state.borrow_mut().step = step.map(Arc::from);
    }

    /// What was kept so far; nothing is kept afterwards.
    pub fn take(&self) -> Vec<Told> {
        std::mem::take(&mut self.state.borrow_mut().all)
    }
}

impl Observer for Keeper {
    fn saw(&self, exchange: &Arc<Exchange>) {
        let took = SignedDuration::try_from(exchange.took).unwrap_or_default();
        let started = self.clock.now().saturating_sub(took).unwrap_or_default();
        let mut state = self.state.borrow_mut();
        let kept = exchange.light(if state.room == 0 { LESS } else { MOST_BODY });
        let sent = kept.request.body.as_ref().map_or(0, |body| body.len());
        let answered = kept.response().map_or(0, |response| response.body.len());
        state.room = state.room.saturating_sub(sent + answered);
        let step = state.step.clone().unwrap_or_else(|| match exchange.request.purpose {
            Purpose::Stage => "given".into(),
            Purpose::Cleanup => "clean-up".into(),
            Purpose::Provider | Purpose::Literal | Purpose::Read | Purpose::Admin => "preparation".into(),
        });
        state.all.push(Told { exchange: kept, step, started });
    }
}
