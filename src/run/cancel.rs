//! Interrupting a run: nothing new is begun, what is under way is dropped, and cleaning up still runs.

use std::future::Future;

use tokio::sync::watch;

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

    /// Works until it is done or interrupted.
    pub async fn guard<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut receiver = self.sender.subscribe();
        tokio::select! {
            biased;
            _ = receiver.wait_for(|cancelled| *cancelled) => None,
            done = work => Some(done),
        }
    }
}
