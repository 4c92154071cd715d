//! An endpoint that takes requests and answers none: noticed over all pairs of a run, so that it does not cost the time-out of
//! every request.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::wire::message::exchange::{Answer, TransportError};

/// How many requests in a row must have had no answer before anybody makes sure.
pub const MOST_UNANSWERED: usize = 3;

/// How long the request may take that makes sure.
pub const LAST_CHANCE: Duration = Duration::from_secs(5);

/// A failure that is quicker than this costs nobody any time.
const SLOW: Duration = Duration::from_secs(1);

/// Whether an endpoint still answers.
#[derive(Debug)]
pub struct Silence {
    unanswered: AtomicUsize,
    over: watch::Sender<bool>,
}

impl Default for Silence {
    fn default() -> Self {
        Self { unanswered: AtomicUsize::new(0), over: watch::Sender::new(false) }
    }
}

impl Silence {
    /// Notes what came of a request. Says whether somebody should make sure that the endpoint is still there.
    pub(in crate::wire) fn note(&self, answer: &Answer, took: Duration) -> bool {
        match answer {
            Answer::Response(_) | Answer::Failed(TransportError::TooLarge(_)) => {
                self.unanswered.store(0, Ordering::Relaxed);
                false
            }
            // What the endpoint was never asked for, or was asked for in vain by the scenario's will.
            Answer::Withheld(_) | Answer::Failed(TransportError::NoToken(_) | TransportError::Lost(_)) => {
                false
            }
            Answer::Failed(_) if took < SLOW => false,
            Answer::Failed(_) => {
                let unanswered = self.unanswered.fetch_add(1, Ordering::Relaxed) + 1;
                unanswered == MOST_UNANSWERED
            }
        }
    }

    /// Takes note that the endpoint is still there, or is not.
    pub(in crate::wire) fn made_sure(&self, is_there: bool) {
        self.unanswered.store(0, Ordering::Relaxed);
        if !is_there {
            self.over.send_replace(true);
        }
    }

    /// Waits until it is known that the endpoint answers nothing any more.
    pub async fn is_certain(&self) {
        // The sender is in `self`, so waiting cannot fail.
        let _ = self.over.subscribe().wait_for(|over| *over).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Response;

    fn timeout() -> Answer {
        Answer::Failed(TransportError::Timeout(Duration::from_mins(1)))
    }

    #[test]
    fn an_answer_in_between_begins_the_count_anew() {
        let silence = Silence::default();
        let answer = Answer::Response(Response::new(500, Vec::new(), String::new()));
        let minute = Duration::from_mins(1);
        assert!(!silence.note(&timeout(), minute) && !silence.note(&timeout(), minute));
        assert!(!silence.note(&answer, Duration::ZERO));
        assert!(!silence.note(&timeout(), minute) && !silence.note(&timeout(), minute));
        assert!(silence.note(&timeout(), minute), "the third in a row");
        assert!(!silence.note(&timeout(), minute), "one makes sure, not each");
    }

    #[test]
    fn what_fails_at_once_and_what_the_scenario_lost_do_not_count() {
        let silence = Silence::default();
        let refused = Answer::Failed(TransportError::Connect("refused".to_owned()));
        let lost = Answer::Failed(TransportError::Lost(crate::wire::Lost::Answer));
        for _ in 0..10 {
            assert!(!silence.note(&refused, Duration::from_millis(1)));
            assert!(!silence.note(&lost, Duration::from_mins(1)));
        }
    }
}
