//! How far a run is: a bar on a terminal, and now and then a line where nobody watches.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::counted::counted;
use crate::event::{Event, Progress as Far};
use crate::foreign::Printable;
use crate::printable;

use super::Reporter;

/// How long a line without a terminal holds.
const QUIET: Duration = Duration::from_secs(10);

/// Shows how far a run is on standard error.
#[derive(Debug)]
pub enum Progress<W> {
    /// A bar.
    Bar(ProgressBar),
    /// Lines.
    Lines {
        /// Where they go.
        out: W,
        /// The number of runs.
        pairs: usize,
        /// When the run began.
        started: Instant,
        /// When the last line was written.
        last: Instant,
    },
}

impl<W: Write> Progress<W> {
    /// A bar on standard error, which has to be a terminal.
    pub fn bar() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos} of {len} runs{msg}, {eta} left") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    /// Lines at a low rate.
    pub fn lines(out: W) -> Self {
        let now = Instant::now();
        Self::Lines { out, pairs: 0, started: now, last: now }
    }
}

impl<W: Write> Reporter for Progress<W> {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match (self, event) {
            (Self::Bar(bar), Event::Started(header)) => bar.set_length(header.pairs as u64),
            (Self::Bar(bar), Event::Progressed(far)) => {
                bar.set_position(far.done as u64);
                bar.set_message(said(*far));
            }
            (Self::Bar(bar), Event::Ended(_)) => bar.finish_and_clear(),
            (Self::Lines { pairs, .. }, Event::Started(header)) => *pairs = header.pairs,
            (Self::Lines { out, pairs, started, last }, Event::Progressed(far)) => {
                if last.elapsed() >= QUIET && far.done < *pairs {
                    *last = Instant::now();
                    line(*far, *pairs, started.elapsed()).write_to(out)?;
                }
            }
            (Self::Bar(_) | Self::Lines { .. }, Event::Finished(_))
            | (Self::Lines { .. }, Event::Ended(_)) => {}
        }
        Ok(())
    }
}

fn said(far: Far) -> String {
    let failed = if far.failed > 0 { format!(", {} failed", far.failed) } else { String::new() };
    format!("{failed}, {}", counted(far.requests, "request"))
}

fn line(far: Far, pairs: usize, took: Duration) -> Printable {
    let left = took.mul_f64((pairs - far.done) as f64 / far.done.max(1) as f64);
    printable!("{} of {}{}, about {} s left\n", far.done, counted(pairs, "run"), said(far), left.as_secs())
}
