//! Manners: how fast and how much a run may send, over all its pairs.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::lock::lock;
use crate::wire::message::request::{Purpose, Request};

/// How fast and how much a run may send.
#[derive(Debug, Default)]
pub struct Pace {
    every: Option<Duration>,
    most: Option<usize>,
    next: Mutex<Option<Instant>>,
    sent: AtomicUsize,
}

impl Pace {
    /// At most `rate` requests a second, and at most `most` in all.
    pub fn new(rate: Option<f64>, most: Option<usize>) -> Self {
        let every = rate.and_then(|rate| Duration::try_from_secs_f64(rate.recip()).ok());
        Self { every, most, ..Self::default() }
    }

    /// Whether nothing more may be sent.
    pub fn is_spent(&self) -> bool {
        self.most.is_some_and(|most| self.sent.load(Ordering::Relaxed) >= most)
    }

    /// Waits until it is the request's turn. What cleans up is always sent: leaving things behind is worse manners.
    pub(in crate::wire) async fn turn(&self, request: &Request) -> Result<(), String> {
        let most = self.most.filter(|_| request.purpose != Purpose::Cleanup).unwrap_or(usize::MAX);
        let counts = |sent| (sent < most).then_some(sent + 1);
        if self.sent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, counts).is_err() {
            return Err(format!("the limit of --max-requests ({most}) is reached"));
        }
        if let Some(every) = self.every {
            tokio::time::sleep_until(self.next_turn(every)).await;
        }
        Ok(())
    }

    /// The turn is taken before waiting, so that those who come meanwhile queue up behind.
    fn next_turn(&self, every: Duration) -> Instant {
        let now = Instant::now();
        let mut next = lock(&self.next);
        let turn = next.map_or(now, |next| next.max(now));
        // A turn that nobody lives to see is never.
        *next = Some(turn.checked_add(every).unwrap_or(turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Method;

    #[test]
    fn a_rate_spreads_requests_out() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let pace = Pace::new(Some(200.0), None);
            let request = Request::new(Method::Get, "/Users");
            let started = Instant::now();
            for _ in 0..5 {
                pace.turn(&request).await.unwrap();
            }
            assert!(started.elapsed() >= Duration::from_millis(20));
        });
    }

    #[test]
    fn cleaning_up_is_never_held_back() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let pace = Pace::new(None, Some(2));
            let request = Request::new(Method::Get, "/Users");
            assert!(pace.turn(&request).await.is_ok() && pace.turn(&request).await.is_ok());
            assert!(pace.is_spent());
            assert_eq!(
                pace.turn(&request).await,
                Err("the limit of --max-requests (2) is reached".to_owned())
            );
            assert!(pace.turn(&request.purpose(Purpose::Cleanup)).await.is_ok());
        });
    }
}
