//! Ending a run early: no further runs start, those in progress are dropped, and cleanup still runs.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;

use crate::wire::Brake;

/// How long a creation under way is waited for while nothing is answered, once the end is asked for.
const PATIENCE_TO_CREATE: Duration = Duration::from_millis(1_500);
/// How long cleaning up goes on while nothing is answered.
const PATIENCE_TO_CLEAN: Duration = Duration::from_secs(2);

/// Why a run ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody asked for it.
    Interrupted,
    /// The endpoint answers nothing any more.
    Silent,
}

impl Why {
    /// What became of what was not begun or not finished.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Silent => "the endpoint no longer answers",
        }
    }
}

/// Whether the run ends early. Clones watch the same switch.
#[derive(Debug, Clone)]
pub struct Cancel {
    sender: watch::Sender<Option<Why>>,
    at_play: Arc<AtomicUsize>,
}

/// A pair at play, until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct AtPlay(Arc<AtomicUsize>);

impl Drop for AtPlay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self { sender: watch::Sender::new(None), at_play: Arc::default() }
    }
}

impl Cancel {
    /// Interrupts.
    pub fn cancel(&self) {
        self.end(Why::Interrupted);
    }

    /// Ends the run. What somebody asks for counts, whatever else there is.
    pub fn end(&self, why: Why) {
        self.sender.send_modify(|now| {
            if why == Why::Interrupted || now.is_none() {
                *now = Some(why);
            }
        });
    }

    /// A pair plays, and has to be cleaned up after.
    pub fn begin_play(&self) -> AtPlay {
        self.at_play.fetch_add(1, Ordering::Relaxed);
        AtPlay(Arc::clone(&self.at_play))
    }

    /// How many pairs play.
    pub fn at_play(&self) -> usize {
        self.at_play.load(Ordering::Relaxed)
    }

    /// Whether it ends, and why.
    pub fn why(&self) -> Option<Why> {
        *self.sender.borrow()
    }

    /// Whether it ends.
    pub fn is_cancelled(&self) -> bool {
        self.why().is_some()
    }

    async fn is_asked(&self) {
        // The sender is in `self`, so waiting cannot fail.
        let _ = self.sender.subscribe().wait_for(Option::is_some).await;
    }

    /// Works until it is done or ended. A creation that is on its way is waited for, so that its id is known and it can be
    /// removed; but not for long where nothing is answered.
    pub async fn guard<T>(&self, work: impl Future<Output = T>, brake: &Brake) -> Option<T> {
        let mut work = pin!(work);
        tokio::select! {
            biased;
            () = self.is_asked() => {}
            done = &mut work => return Some(done),
        }
        brake.press();
        let created = poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if brake.is_creating() => Poll::Pending,
            Poll::Pending => Poll::Ready(None),
        });
        tokio::select! {
            biased;
            done = created => done,
            () = brake.until_silent(PATIENCE_TO_CREATE) => None,
        }
    }

    /// Cleans up to the end; once the run ends early, only as long as anything is answered.
    pub async fn bounded<T>(&self, work: impl Future<Output = T>, brake: &Brake) -> Option<T> {
        let in_vain = async {
            self.is_asked().await;
            brake.until_silent(PATIENCE_TO_CLEAN).await;
        };
        tokio::select! {
            biased;
            done = work => Some(done),
            () = in_vain => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
    }

    #[test]
    fn what_is_never_answered_is_given_up_soon_once_the_end_is_asked_for() {
        let (cancel, brake) = (Cancel::default(), Brake::default());
        let started = Instant::now();
        let done = block_on(async {
            let work = std::future::pending::<()>();
            let asked = async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                cancel.cancel();
                std::future::pending::<Option<()>>().await
            };
            tokio::select! {
                done = cancel.bounded(work, &brake) => done,
                done = asked => done,
            }
        });
        assert_eq!(done, None);
        assert!(
            (PATIENCE_TO_CLEAN..PATIENCE_TO_CLEAN * 10).contains(&started.elapsed()),
            "{:?}",
            started.elapsed()
        );
    }

    #[test]
    fn what_somebody_asks_for_outranks_what_happened() {
        let cancel = Cancel::default();
        assert_eq!(cancel.why(), None);
        cancel.end(Why::Silent);
        assert_eq!(cancel.why(), Some(Why::Silent));
        cancel.cancel();
        cancel.end(Why::Silent);
        assert_eq!(cancel.why(), Some(Why::Interrupted));
    }
}
