//! The seat of a pair at play. There are as many as pairs may play at a time; whoever waits for a read to catch up leaves
//! it to somebody else.

use std::cell::RefCell;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A pair's seat.
#[derive(Debug)]
pub struct Seat {
    all: Arc<Semaphore>,
    taken: RefCell<Option<OwnedSemaphorePermit>>,
    /// Whether it is left while its pair waits.
    is_shared: bool,
}

impl Seat {
    /// Takes one of the seats. Where there is but one, it is kept: whoever asks for one pair at a time gets one at a time.
    pub async fn take(all: &Arc<Semaphore>, is_shared: bool) -> Self {
        let seat = Self { all: Arc::clone(all), taken: RefCell::default(), is_shared };
        seat.come_back().await;
        seat
    }

    /// Leaves it, whatever comes.
    pub fn leave(&self) {
        self.taken.take();
    }

    /// Takes a seat again.
    pub async fn come_back(&self) {
        if self.taken.borrow().is_some() {
            return;
        }
        // The seats are never closed.
        let permit = Arc::clone(&self.all).acquire_owned().await.ok();
        *self.taken.borrow_mut() = permit;
    }

    /// Leaves it for the time of a wait, where others may have it.
    pub(in crate::wire) async fn meanwhile(&self, wait: impl Future<Output = ()>) {
        if !self.is_shared {
            return wait.await;
        }
        self.leave();
        wait.await;
        self.come_back().await;
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn who_waits_leaves_the_seat_to_somebody_else() {
        let all = Arc::new(Semaphore::new(1));
        let first = Seat::take(&all, true).now_or_never().unwrap();
        assert!(Seat::take(&all, true).now_or_never().is_none());
        let mut waiting = Box::pin(first.meanwhile(pending()));
        assert!(waiting.as_mut().now_or_never().is_none());
        let second = Seat::take(&all, true).now_or_never().expect("the seat is free");
        assert!(first.come_back().now_or_never().is_none(), "until it is taken");
        drop(second);
        assert!(first.come_back().now_or_never().is_some());
    }

    #[test]
    fn a_seat_that_is_not_shared_is_kept() {
        let all = Arc::new(Semaphore::new(1));
        let seat = Seat::take(&all, false).now_or_never().unwrap();
        let mut waiting = Box::pin(seat.meanwhile(pending()));
        assert!(waiting.as_mut().now_or_never().is_none());
        assert!(Seat::take(&all, false).now_or_never().is_none());
        drop(waiting);
        assert!(seat.meanwhile(ready(())).now_or_never().is_some());
    }
}
