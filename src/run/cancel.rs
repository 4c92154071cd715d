//! Interrupting a run: nothing new is begun, what is under way is dropped, and cleaning up still runs.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

use crate::wire::Brake;

/// Whether the run was interrupted. Clones watch the same switch.
#[derive(Debug, Clone)]
pub struct Cancel {
    sender: watch::Sender<bool>,
}

impl Default for Cancel {
    fn default() -> Self {
        Self { sender: watch::Sender::new(false) }
    }
}

impl Cancel {
    /// Interrupts.
    pub fn cancel(&self) {
        self.sender.send_replace(true);
    }

    /// Whether it was.
    pub fn is_cancelled(&self) -> bool {
        *self.sender.borrow()
    }

    /// Works until it is done or interrupted. A creation that is on its way is waited for, so that its id is known
    /// and it can be removed.
    pub async fn guard<T>(&self, work: impl Future<Output = T>, brake: &Brake) -> Option<T> {
        let mut work = pin!(work);
        let mut receiver = self.sender.subscribe();
        tokio::select! {
            biased;
            _ = receiver.wait_for(|cancelled| *cancelled) => {}
            done = &mut work => return Some(done),
        }
        brake.press();
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if brake.is_creating() => Poll::Pending,
            Poll::Pending => Poll::Ready(None),
        })
        .await
    }
}
