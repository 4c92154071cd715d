//! Who plays: the thread that tells, and for somebody's endpoint a second one beside it. Each has a runtime and connections
//! of its own, and both take from one queue.

use std::future::poll_fn;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::scheduler::{Outcome, Table};
use crate::run::target::endpoint::{Endpoint, Foreign, Ground};
use crate::wire::Seat;

/// Fewer pairs than this are played sooner than a second thread is there.
const WORTH_A_THREAD: usize = 24;

/// So many pairs may wait for reads to catch up beside those that play.
const MOST_WAITING: usize = 64;

/// Plays all that is queued, several pairs at a time, in no order. While a pair waits for reads to catch up, another one
/// has its seat.
pub(in crate::run) fn play<'a>(
    table: &'a Table,
    endpoint: &'a Endpoint,
    jobs: usize,
) -> impl Stream<Item = Outcome> + use<'a> {
    let jobs = jobs.max(1);
    // Whoever wants to stop at the first failure does not want many to have begun.
    let is_shared = table.options.jobs > 1 && table.options.fail_fast.is_none();
    let seats = Arc::new(Semaphore::new(jobs));
    stream::iter(std::iter::from_fn(|| (!table.queue.is_empty()).then_some(())))
        .map(move |()| {
            let seats = Arc::clone(&seats);
            async move {
                let seat = Seat::take(&seats, is_shared).await;
                let pair = table.queue.take()?;
                Some(table.play(endpoint, pair, seat).await)
            }
        })
        .buffer_unordered(if is_shared { jobs + MOST_WAITING } else { jobs })
        .filter_map(std::future::ready)
}

/// A second thread that plays.
pub(in crate::run) struct Second {
    thread: JoinHandle<()>,
    outcomes: UnboundedReceiver<Outcome>,
}

/// How many of the jobs a second thread takes.
pub(in crate::run) fn share(endpoint: &Endpoint, pairs: usize, jobs: usize) -> Option<(Ground, usize)> {
    match endpoint {
        // The embedded endpoint is faster on the thread that plays: nobody has to be woken.
        Endpoint::Embedded(_) => None,
        Endpoint::Foreign(foreign) => {
            (pairs >= WORTH_A_THREAD && jobs > 1).then(|| (foreign.ground.clone(), jobs / 2))
        }
    }
}

impl Second {
    /// Starts it. Nothing is lost where there is no thread to be had: the queue is there for all.
    pub(in crate::run) fn start(table: Arc<Table>, ground: Ground, jobs: usize) -> Option<Self> {
        let (sender, outcomes) = mpsc::unbounded_channel();
        let work = move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                let endpoint = Endpoint::Foreign(Foreign::on(ground));
                let mut results = std::pin::pin!(play(&table, &endpoint, jobs));
                while let Some(outcome) = results.next().await {
                    if sender.send(outcome).is_err() {
                        break;
                    }
                }
            });
        };
        let thread = thread::Builder::new().spawn(work).ok()?;
        Some(Self { thread, outcomes })
    }

    /// What it has played, as it comes.
    pub(in crate::run) fn outcomes(&mut self) -> impl Stream<Item = Outcome> {
        stream::unfold(&mut self.outcomes, |outcomes| async move {
            let outcome = poll_fn(|context| outcomes.poll_recv(context)).await?;
            Some((outcome, outcomes))
        })
    }

    /// Waits for its end. A bug there is a bug here.
    pub(in crate::run) fn end(self) {
        if let Err(bug) = self.thread.join() {
            resume_unwind(bug);
        }
    }
}
