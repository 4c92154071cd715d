//! Read lag: an endpoint may show a write a moment after it answered it. Reads that could be explained so are repeated,
//! within a budget, before anything is held against anybody.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use crate::lock::lock;

/// Pause before the first repetition; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// The longest pause between repetitions.
const LONGEST_PAUSE: Duration = Duration::from_millis(400);
/// How many writes an endpoint must have shown at once before it is waited for less.
const AT_ONCE: usize = 20;
/// How long an endpoint is waited for that has shown so many, where the same doubt was in vain before.
const SHORT: Duration = Duration::from_millis(150);
/// How many doubts are remembered; any further one is waited for as long as the first.
const MOST_DOUBTS: usize = 10_000;

/// What a run learned of an endpoint's read lag. All pairs share it.
///
/// A doubt is what a read would be held against, and whose: a requirement, a key and a client. It is waited for with the
/// whole budget at least once, so that an endpoint is never told of something that only came late, however much else it
/// shows at once. A second time the wait is short, as long as the endpoint has never lagged.
#[derive(Debug)]
pub struct Lag {
    budget: Duration,
    learned: Mutex<Learned>,
}

#[derive(Debug, Default)]
struct Learned {
    lags: bool,
    at_once: usize,
    in_vain: BTreeSet<String>,
}

impl Lag {
    /// An endpoint of which nothing is known; reads are repeated until that long after the last write.
    pub fn new(budget: Duration) -> Self {
        Self { budget, learned: Mutex::default() }
    }

    /// How long after a write a read may show what was before, whatever is in doubt.
    pub fn budget(&self) -> Duration {
        self.budget
    }

    /// How long after a write a read is repeated for the sake of a doubt.
    pub fn patience(&self, doubt: &str) -> Duration {
        let learned = self.learned();
        if learned.is_prompt() && learned.in_vain.contains(doubt) {
            SHORT.min(self.budget)
        } else {
            self.budget
        }
    }

    /// The pause before a repetition, counted from 0.
    pub fn pause(repetition: u32) -> Duration {
        FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(repetition)).min(LONGEST_PAUSE)
    }

    /// Notes that the first read after a write showed it.
    pub fn shown_at_once(&self) {
        let mut learned = self.learned();
        learned.at_once = learned.at_once.saturating_add(1);
    }

    /// Notes that a read caught up only when it was repeated.
    pub fn caught_up(&self) {
        self.learned().lags = true;
    }

    /// Notes that a read still showed the same so long after the write.
    pub fn waited_in_vain(&self, doubt: &str, after: Duration) {
        let mut learned = self.learned();
        if after >= self.budget && learned.in_vain.len() < MOST_DOUBTS {
            learned.in_vain.insert(doubt.to_owned());
        }
    }

    fn learned(&self) -> MutexGuard<'_, Learned> {
        lock(&self.learned)
    }
}

impl Learned {
    /// Whether the endpoint shows at once what was written, as far as anybody has seen.
    fn is_prompt(&self) -> bool {
        self.at_once >= AT_ONCE && !self.lags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Duration = Duration::from_secs(3);

    fn prompt() -> Lag {
        let lag = Lag::new(BUDGET);
        (0..AT_ONCE).for_each(|_| lag.shown_at_once());
        lag
    }

    #[test]
    fn after_twenty_prompt_writes_the_same_doubt_is_waited_for_shortly() {
        let lag = Lag::new(BUDGET);
        for _ in 0..AT_ONCE {
            lag.waited_in_vain("okta-oin read-back/name", BUDGET);
            assert_eq!(lag.patience("okta-oin read-back/name"), BUDGET);
            lag.shown_at_once();
        }
        assert_eq!(lag.patience("okta-oin read-back/name"), SHORT);
        assert_eq!(lag.patience("entra read-back/name"), BUDGET, "of each client it is made sure once");
    }

    #[test]
    fn what_was_not_waited_for_long_enough_has_not_been_in_vain() {
        let lag = prompt();
        lag.waited_in_vain("doubt", SHORT);
        assert_eq!(lag.patience("doubt"), BUDGET);
    }

    #[test]
    fn one_lag_restores_the_whole_budget() {
        let lag = prompt();
        lag.waited_in_vain("doubt", BUDGET);
        assert_eq!(lag.patience("doubt"), SHORT);
        lag.caught_up();
        (0..AT_ONCE).for_each(|_| lag.shown_at_once());
        lag.waited_in_vain("doubt", BUDGET);
        assert_eq!(lag.patience("doubt"), BUDGET);
    }

    #[test]
    fn a_budget_that_is_shorter_than_short_stays() {
        let lag = Lag::new(Duration::ZERO);
        assert_eq!(lag.patience("doubt"), Duration::ZERO);
        (0..AT_ONCE).for_each(|_| lag.shown_at_once());
        lag.waited_in_vain("doubt", Duration::ZERO);
        assert_eq!(lag.patience("doubt"), Duration::ZERO);
    }

    #[test]
    fn pauses_grow_and_stay_short() {
        let pauses: Vec<u128> = (0..6).map(|repetition| Lag::pause(repetition).as_millis()).collect();
        assert_eq!(pauses, [20, 40, 80, 160, 320, 400]);
        assert_eq!(Lag::pause(u32::MAX), LONGEST_PAUSE);
    }
}
