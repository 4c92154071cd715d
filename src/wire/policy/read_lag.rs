//! Read lag: an endpoint may show a write a moment after it answered it. Reads that could be explained so are repeated,
//! within a budget, before anything is held against anybody.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use crate::lock::lock;

/// Pause before the first repetition; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// The longest pause between repetitions.
const LONGEST_PAUSE: Duration = Duration::from_millis(400);
/// How often waiting is in vain before an endpoint counts as one that does not lag.
const IN_VAIN: usize = 3;
/// What an endpoint that does lag is given at least; four times the longest lag is the rule.
const ENOUGH: Duration = Duration::from_millis(500);

/// What a run learned of an endpoint's read lag. All pairs share it, so that an endpoint with a fault that looks like
/// lag is waited for a few times and not in every pair.
#[derive(Debug)]
pub struct Lag {
    budget: Duration,
    learned: Mutex<Learned>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Learned {
    longest: Duration,
    in_vain: usize,
}

impl Lag {
    /// An endpoint of which nothing is known; reads are repeated until that long after the last write.
    pub fn new(budget: Duration) -> Self {
        Self { budget, learned: Mutex::default() }
    }

    /// How long after a write a read may still show what was before.
    pub fn patience(&self) -> Duration {
        let Learned { longest, in_vain } = *self.learned();
        if !longest.is_zero() {
            return longest.saturating_mul(4).max(ENOUGH).min(self.budget);
        }
        if in_vain >= IN_VAIN { Duration::ZERO } else { self.budget }
    }

    /// The pause before a repetition, counted from 0.
    pub fn pause(repetition: u32) -> Duration {
        FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(repetition)).min(LONGEST_PAUSE)
    }

    /// Notes that a read caught up that long after the write.
    pub fn caught_up(&self, after: Duration) {
        let mut learned = self.learned();
        learned.longest = learned.longest.max(after);
    }

    /// Notes that a read never caught up.
    pub fn waited_in_vain(&self) {
        self.learned().in_vain += 1;
    }

    fn learned(&self) -> MutexGuard<'_, Learned> {
        lock(&self.learned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_that_never_catches_up_is_not_waited_for_again() {
        let lag = Lag::new(Duration::from_secs(3));
        for _ in 0..IN_VAIN {
            assert_eq!(lag.patience(), Duration::from_secs(3));
            lag.waited_in_vain();
        }
        assert_eq!(lag.patience(), Duration::ZERO);
        lag.caught_up(Duration::from_millis(300));
        assert_eq!(lag.patience(), Duration::from_millis(1200), "one that did lag is given its time");
        lag.caught_up(Duration::from_secs(2));
        assert_eq!(lag.patience(), Duration::from_secs(3));
    }

    #[test]
    fn pauses_grow_and_stay_short() {
        let pauses: Vec<u128> = (0..6).map(|repetition| Lag::pause(repetition).as_millis()).collect();
        assert_eq!(pauses, [20, 40, 80, 160, 320, 400]);
        assert_eq!(Lag::pause(u32::MAX), LONGEST_PAUSE);
    }
}
