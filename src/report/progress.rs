//! How far a run is: a line on a terminal that changes as runs end, and now and then a line where nobody watches.

use std::io::{self, LineWriter, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::counted::counted;
use crate::event::{Event, Progress as Far};
use crate::foreign::{Foreign, Printable};
use crate::printable;
use crate::wire::{WaitFor, Waiting};

use super::Reporter;

/// How long a line without a terminal holds.
const QUIET: Duration = Duration::from_secs(30);

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
        let template = "{bar:16} {pos} of {len} runs{prefix}, {eta} left{wide_msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    /// A stream to the same terminal: the bar makes room for each of its lines.
    pub fn beside<S: Write>(&self, stream: S) -> LineWriter<Beside<S>> {
        let bar = match self {
            Self::Bar(bar) => Some(bar.clone()),
            Self::Lines { .. } => None,
        };
        LineWriter::new(Beside { stream, bar })
    }

    /// Lines at a low rate.
    pub fn lines(out: W) -> Self {
        let now = Instant::now();
        Self::Lines { out, pairs: 0, started: now, last: now }
    }
}

/// A stream to the terminal that a bar is on.
#[derive(Debug)]
pub struct Beside<S> {
    stream: S,
    bar: Option<ProgressBar>,
}

impl<S: Write> Write for Beside<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.bar.as_ref().filter(|bar| !bar.is_finished()) {
            Some(bar) => bar.suspend(|| {
                let written = self.stream.write(bytes)?;
                self.stream.flush()?;
                Ok(written)
            }),
            None => self.stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl<W: Write> Reporter for Progress<W> {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match (self, event) {
            (Self::Bar(bar), Event::Started(header)) => bar.set_length(header.pairs as u64),
            (Self::Bar(bar), Event::Progressed(far)) => {
                bar.set_prefix(said(far));
                bar.set_message(just_now(far));
                bar.set_position(far.done as u64);
            }
            (Self::Bar(bar), Event::Ended(_)) => bar.finish_and_clear(),
            (Self::Lines { pairs, .. }, Event::Started(header)) => *pairs = header.pairs,
            (Self::Lines { out, pairs, started, last }, Event::Progressed(far)) => {
                if last.elapsed() >= QUIET && far.done < *pairs {
                    *last = Instant::now();
                    line(far, *pairs, started.elapsed()).write_to(out)?;
                }
            }
            (Self::Bar(_) | Self::Lines { .. }, Event::Exchanged(_) | Event::Finished(_))
            | (Self::Lines { .. }, Event::Ended(_)) => {}
        }
        Ok(())
    }
}

fn said(far: &Far) -> String {
    let failed = if far.failed > 0 { format!(", {} failed", far.failed) } else { String::new() };
    format!("{failed}, {}", counted(far.requests, "request"))
}

/// What is waited for, or else what ended last.
fn just_now(far: &Far) -> String {
    match (&far.waiting, &far.last) {
        (Some(waiting), _) => format!(" · {}", waited_for(waiting)),
        (None, Some((id, client, status))) => {
            // The id of a scenario comes from a file.
            let id = Foreign::new(id);
            format!(" · {} as {client}: {}", id.brief(), status.as_str())
        }
        (None, None) => String::new(),
    }
}

fn waited_for(waiting: &Waiting) -> String {
    let Waiting { what, pairs, left } = waiting;
    // A wait that is nearly over is one still.
    let seconds = left.as_millis().div_ceil(1_000);
    match what {
        WaitFor::Status(status) => format!("waiting {seconds} s: the endpoint said {status}"),
        WaitFor::Reads => {
            let runs = if *pairs == 1 { "a run waits".to_owned() } else { format!("{pairs} runs wait") };
            format!("{runs} up to {seconds} s: reads may lag behind writes (--read-lag)")
        }
    }
}

fn line(far: &Far, pairs: usize, took: Duration) -> Printable {
    let waiting = far.waiting.as_ref().map(waited_for).map(|what| format!("; {what}")).unwrap_or_default();
    let left = if far.done == 0 {
        String::new()
    } else {
        let count = |pairs| u32::try_from(pairs).unwrap_or(u32::MAX);
        let left = took.saturating_mul(count(pairs - far.done)) / count(far.done);
        format!(", about {} s left", left.as_secs())
    };
    printable!("{} of {}{}{}{}\n", far.done, counted(pairs, "run"), said(far), left, waiting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Header, Status};
    use crate::idp::ClientName;

    fn far(done: usize) -> Far {
        let last = Some(("users/rename".to_owned(), ClientName::Entra, Status::Failed));
        Far { done, failed: 1, requests: 12, last, waiting: None }
    }

    fn waiting(what: WaitFor, pairs: usize) -> Waiting {
        Waiting { what, pairs, left: Duration::from_millis(11_500) }
    }

    #[test]
    fn waits_are_told_by_their_names() {
        let of = |waiting| just_now(&Far { waiting, ..far(3) });
        assert_eq!(of(None), " · users/rename as entra: failed");
        assert_eq!(of(Some(waiting(WaitFor::Status(429), 2))), " · waiting 12 s: the endpoint said 429");
        assert_eq!(
            of(Some(waiting(WaitFor::Reads, 2))),
            " · 2 runs wait up to 12 s: reads may lag behind writes (--read-lag)"
        );
    }

    #[test]
    fn lines_come_at_a_low_rate_and_say_what_is_waited_for() {
        let header = Header {
            run: "k1234".to_owned(),
            target: "http://a".to_owned(),
            embedded: false,
            scenarios: 4,
            pairs: 10,
            clients: Vec::new(),
            token_env: None,
            redactor: crate::wire::Redactor::default(),
        };
        let mut lines = Progress::lines(Vec::new());
        lines.tell(&Event::Started(&header)).unwrap();
        let text = |lines: &Progress<Vec<u8>>| match lines {
            Progress::Lines { out, .. } => String::from_utf8(out.clone()).unwrap(),
            Progress::Bar(_) => unreachable!(),
        };
        lines.tell(&Event::Progressed(&far(1))).unwrap();
        assert_eq!(text(&lines), "", "a short run needs none");
        let Some(before) = Instant::now().checked_sub(QUIET) else { return };
        if let Progress::Lines { last, started, .. } = &mut lines {
            (*last, *started) = (before, before);
        }
        let waits = Far { waiting: Some(waiting(WaitFor::Status(503), 1)), ..far(5) };
        for _ in 0..3 {
            lines.tell(&Event::Progressed(&waits)).unwrap();
        }
        let said =
            "5 of 10 runs, 1 failed, 12 requests, about 30 s left; waiting 12 s: the endpoint said 503\n";
        assert_eq!(text(&lines), said, "once in so many seconds");
    }

    #[test]
    fn nothing_is_foretold_before_anything_is_through() {
        let mut said = Vec::new();
        line(&Far::default(), 10, QUIET).write_to(&mut said).unwrap();
        assert_eq!(said, b"0 of 10 runs, 0 requests\n");
    }
}
