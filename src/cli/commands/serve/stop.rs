//! The signals that stop `serve`.

use tokio::sync::watch::{self, Receiver};

use crate::cli::signals::{Asked, Signals};

/// Whether `serve` was asked to stop: each becomes true once.
#[derive(Clone)]
pub(super) struct Stop {
    /// At the first signal: open requests may still be answered.
    pub(super) asked: Receiver<bool>,
    /// At the second signal, or at one that does not wait: nothing is waited for.
    pub(super) at_once: Receiver<bool>,
}

impl Stop {
    /// Handles the signals from now on.
    pub(super) fn on_signals() -> std::io::Result<Self> {
        let mut signals = Signals::new()?;
        let ((asked, stop), (asked_at_once, at_once)) = (watch::channel(false), watch::channel(false));
        tokio::spawn(async move {
            let first = signals.next().await;
            let _ = asked.send(true);
            if first != Asked::StopAtOnce {
                signals.next().await;
            }
            let _ = asked_at_once.send(true);
        });
        Ok(Self { asked: stop, at_once })
    }
}

/// Waits until it is true.
pub(super) async fn wait(mut signal: Receiver<bool>) {
    // The sender is never dropped before: a runtime that ends takes this with it.
    let _ = signal.wait_for(|asked| *asked).await;
}
