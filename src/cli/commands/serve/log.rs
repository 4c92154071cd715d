//! The lines about requests, on stderr.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::cli::output::note;
use crate::printable;
use crate::reference::Logged;

/// How many lines wait for a reader that is slow; more than that are left out.
const WAITING: usize = 4096;

/// How long the last lines may take.
const PATIENCE: Duration = Duration::from_millis(100);

/// A thread that writes the lines: the endpoint does not wait for a terminal.
pub(super) struct Log {
    pub(super) lines: SyncSender<Logged>,
    written: Receiver<()>,
}

impl Log {
    /// Begins.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub(super) fn start() -> std::io::Result<Self> {
        let (lines, receiver) = sync_channel::<Logged>(WAITING);
        let (done, written) = sync_channel(1);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            for Logged { method, target, status, took } in receiver {
                let ms = format!("{:.1}", took.as_secs_f64() * 1_000.0);
                note(&printable!("{} {} → {}  {} ms", method, target, status, ms));
            }
            let _ = done.send(());
        })?;
        Ok(Self { lines, written })
    }

    /// Writes the last lines, as far as somebody reads them.
    pub(super) fn end(self) {
        drop(self.lines);
        let _ = self.written.recv_timeout(PATIENCE);
    }
}
