//! Reads that may lag behind a write: what is in doubt about them, how long they are repeated, and what that says of the
//! endpoint.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Wire;
use crate::wire::message::encode::path_segment;
use crate::wire::message::exchange::Exchange;
use crate::wire::message::request::{Method, Purpose, Surface};
use crate::wire::policy::ordering::Turn;
use crate::wire::policy::read_lag::Lag;
use crate::wire::policy::waits::WaitFor;

impl Wire {
    /// Notes a write that reads have to catch up with.
    pub(super) fn note_write(&self, write: &Exchange) {
        if write.request.method.writes() && write.left() && !is_refused(write) {
            self.written.set(Some(Instant::now()));
            *self.unread.borrow_mut() = shown_at(write);
        }
    }

    /// Waits a little for reads to catch up with the last write. Says no where the doubt about those that have `begun` so
    /// late had its time.
    pub async fn wait_for_reads(&self, doubt: &str, repetition: u32, begun: Instant) -> bool {
        let Some(left) = self.time_to_catch_up(doubt, begun) else { return false };
        let pause = Lag::pause(repetition).min(left);
        let _wait = self.waits.begin(WaitFor::Reads, left);
        let wait = tokio::time::sleep(pause);
        match self.seat.get() {
            Some(seat) => seat.meanwhile(wait).await,
            None => wait.await,
        }
        true
    }

    /// Waits a little before a read is repeated.
    pub(super) async fn wait_before_repeating(&self, read: &Exchange, doubt: &str, repetition: u32) {
        self.wait_for_reads(doubt, repetition, begun(read)).await;
    }

    /// Notes that reads caught up with the last write when they were repeated.
    pub fn caught_up(&self) {
        let (Some(lag), Some(written)) = (&self.lag, self.written.get()) else { return };
        self.lagged.set(self.lagged.get().max(written.elapsed()));
        lag.caught_up();
    }

    /// How much longer reads may show what was before the last write, for the sake of a doubt about those that have `begun`
    /// so late. Where that is no longer, the doubt was in vain.
    fn time_to_catch_up(&self, doubt: &str, begun: Instant) -> Option<Duration> {
        let (lag, written) = (self.lag.as_ref()?, self.written.get()?);
        let after = begun.saturating_duration_since(written);
        let left = lag.patience(doubt).saturating_sub(after);
        if left.is_zero() {
            lag.waited_in_vain(doubt, after);
            return None;
        }
        Some(left)
    }

    /// Whether a read may show what was before the last write, as far as anybody knows.
    fn may_lag(&self) -> bool {
        let budget = self.lag.as_ref().map(|lag| lag.budget());
        budget.zip(self.written.get()).is_some_and(|(budget, written)| written.elapsed() < budget)
    }

    /// Notes that nothing is in doubt about a read.
    fn agrees(&self, read: &Exchange, repetitions: u32) {
        if repetitions > 0 {
            self.caught_up();
        } else if let Some(lag) = &self.lag
            && self.unread.borrow_mut().take_if(|unread| *unread == read.request.target).is_some()
        {
            lag.shown_at_once();
        }
    }

    /// Shows an exchange to whoever watches. Says what is in doubt about it where it is to be repeated.
    pub(super) fn show(&self, exchange: &Arc<Exchange>, turn: Turn<'_>, repetitions: u32) -> Option<String> {
        let observer = self.observer.borrow();
        let observer = observer.as_ref()?;
        let is_read = !exchange.request.method.writes() && exchange.request.purpose != Purpose::Cleanup;
        if is_read && (repetitions > 0 || self.may_lag()) {
            let (begun, in_vain) = (begun(exchange), Cell::new(false));
            let doubt = observer.doubts(exchange, &|doubt| {
                let may_lag = self.time_to_catch_up(doubt, begun).is_some();
                in_vain.set(in_vain.get() || !may_lag);
                may_lag
            });
            if doubt.is_none() && !in_vain.get() {
                self.agrees(exchange, repetitions);
            }
            return doubt;
        }
        for over in turn.ends(exchange) {
            observer.saw(&over);
        }
        None
    }
}

/// When a request began, or earlier: it may have waited for its turn.
fn begun(exchange: &Exchange) -> Instant {
    let now = Instant::now();
    now.checked_sub(exchange.took).unwrap_or(now)
}

/// Whether a write was turned down, so that reads have nothing to catch up with. A failure may have done its work.
fn is_refused(write: &Exchange) -> bool {
    (400..500).contains(&write.status())
}

/// Where what was written shows.
fn shown_at(write: &Exchange) -> Option<String> {
    let path = write.request.path();
    match write.request.method {
        Method::Post => {
            let id = write.json()?.get("id")?.as_str()?;
            Some(format!("{path}/{}", path_segment(id)))
        }
        _ => Some(path.to_owned()),
    }
    .filter(|_| write.is_success() && write.request.surface == Surface::Scim)
}
