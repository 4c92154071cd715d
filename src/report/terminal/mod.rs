//! The report that people read: a line for each scenario, a block for each failure, and the verdict at the end. Colours
//! are never the only sign of anything.
//!
//! May use, of `report`: `curl`, `foreign_data`, `mod`.

mod failure;
mod out;
mod style;
mod verdict;

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::counted::counted;
use crate::event::{Event, Header, PairReport, Status};
use crate::foreign::Printable;
use crate::idp::ClientName;
use crate::printable;

use self::failure::{Failure, Shown};
use self::out::Out;
use self::style::{Style, paint};

/// Flags for the commands that the report suggests.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// The flags of `scimsnap run` that lead to the same target.
    pub run: Printable,
    /// The flags of `scimsnap snapshots` that lead to the same folders.
    pub review: Printable,
}

/// The report for people. It always has colours; a stream that is not a terminal removes them.
pub struct Terminal<W> {
    out: Out<W>,
    header: Option<Header>,
    /// The finished pairs of the current scenario.
    pending: Vec<PairReport>,
    /// The findings that were explained already: each is explained once.
    shown: Shown,
    flags: Flags,
    quiet: bool,
}

impl<W: Write> Terminal<W> {
    /// A report to a stream.
    pub fn new(out: W, flags: Flags, quiet: bool) -> Self {
        Self { out: Out::new(out), header: None, pending: Vec::new(), shown: Shown::new(), flags, quiet }
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut pairs = std::mem::take(&mut self.pending);
        let told = self.scenario(&pairs);
        // The room for a scenario's pairs is large, and the next one needs it too.
        pairs.clear();
        self.pending = pairs;
        told
    }

    /// A scenario's line, then the remarks and failures of its pairs.
    fn scenario(&mut self, pairs: &[PairReport]) -> io::Result<()> {
        let Some(first) = pairs.first() else { return Ok(()) };
        let order =
            [Status::Failed, Status::Errored, Status::New, Status::Known, Status::Skipped, Status::Passed];
        let worst = order.into_iter().find(|status| pairs.iter().any(|pair| pair.status == *status));
        let Some(worst) = worst else { return Ok(()) };
        if !(self.quiet && matches!(worst, Status::Passed | Status::Skipped | Status::Known)) {
            let took: f64 = pairs.iter().map(|pair| pair.took.as_secs_f64()).sum();
            let took = format!("{took:.2}");
            let mut line = printable!("  {} {:>6}s  {:<52}", word(worst), took, first.id);
            for status in order {
                let clients: Vec<&str> = pairs
                    .iter()
                    .filter(|pair| pair.status == status)
                    .map(|pair| pair.client.as_str())
                    .collect();
                if !clients.is_empty() {
                    let clients = clients.join(" ");
                    let mixed = pairs.iter().any(|pair| pair.status != status);
                    let label = if mixed { format!("{}: ", status.as_str()) } else { String::new() };
                    line += paint(Style::Dim, &format!(" {label}{clients}"));
                }
            }
            if let Some(reason) = pairs.iter().find_map(|pair| pair.skipped_reason.as_ref()) {
                line += paint(Style::Dim, &printable!("  ({})", reason));
            }
            let alternatives: BTreeSet<&str> =
                pairs.iter().filter_map(|pair| pair.alternative.as_deref()).collect();
            if !alternatives.is_empty() {
                let alternatives: Vec<&str> = alternatives.into_iter().collect();
                line += paint(Style::Cyan, &printable!("  {}", alternatives.join(", ")));
            }
            self.line(&line.trim_end())?;
        }
        self.remarks(pairs)?;
        self.failures(pairs)
    }

    fn line(&mut self, line: &Printable) -> io::Result<()> {
        match &self.header {
            Some(header) => self.out.line(&line.masked(|line| header.redactor.text(line))),
            None => self.out.line(line),
        }
    }

    fn remarks(&mut self, pairs: &[PairReport]) -> io::Result<()> {
        let mut remarks: Vec<String> = Vec::new();
        for pair in pairs {
            let waited = pair.waited.as_secs_f64();
            if waited > 0.0 {
                remarks.push(format!("waited {waited:.1} s at the endpoint's request"));
            }
            remarks.extend(pair.known.iter().map(|entry| format!("known    {entry}")));
            remarks.extend(pair.remarks().map(str::to_owned));
            remarks.extend(pair.review.pending.iter().map(|file| format!("stored   {file}")));
        }
        remarks.sort();
        remarks.dedup();
        for remark in remarks {
            self.line(&printable!("                   {}", paint(Style::Dim, &remark)))?;
        }
        Ok(())
    }

    /// A block for each failure; clients that fail in the same way share one.
    fn failures(&mut self, pairs: &[PairReport]) -> io::Result<()> {
        let Some(header) = &self.header else { return Ok(()) };
        let mut groups: Vec<(Failure<'_>, Vec<ClientName>)> = Vec::new();
        let troubled =
            pairs.iter().filter(|pair| matches!(pair.status, Status::Failed | Status::Errored | Status::New));
        for pair in troubled {
            let failure = Failure::of(pair);
            match groups.iter_mut().find(|(other, _)| other.is_alike(&failure)) {
                Some((_, clients)) => clients.push(pair.client),
                None => groups.push((failure, vec![pair.client])),
            }
        }
        for (failure, clients) in groups {
            if let Some(what) = failure.told_before(&self.shown) {
                let names: Vec<&str> = clients.iter().map(|client| client.as_str()).collect();
                let line = printable!("[{}] {}: explained above", names.join(", "), what);
                self.out.line(&printable!("                   {}", paint(Style::Dim, &line)))?;
                continue;
            }
            let text = failure.render(&clients, header, &self.flags, &mut self.shown);
            self.out.line(&printable!("\n{}", text.masked(|text| header.redactor.text(text))))?;
        }
        Ok(())
    }
}

impl<W: Write> super::Reporter for Terminal<W> {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started(header) => {
                let what = if header.embedded { " (embedded reference endpoint)" } else { "" };
                let clients: Vec<&str> = header.clients.iter().map(|client| client.as_str()).collect();
                let target = header.redactor.text(&header.target).into_owned();
                self.out.line(&printable!("target   {}{}", target, what))?;
                self.out.line(&printable!(
                    "suite    {}, {} as {} · run {}\n",
                    counted(header.scenarios, "scenario"),
                    counted(header.pairs, "run"),
                    clients.join(", "),
                    header.run
                ))?;
                self.header = Some((*header).clone());
                Ok(())
            }
            Event::Finished(report) => {
                if self.pending.first().is_some_and(|first| first.id != report.id) {
                    self.flush()?;
                }
                self.pending.push((*report).clone());
                Ok(())
            }
            Event::Ended(summary) => {
                self.flush()?;
                let Some(header) = &self.header else { return Ok(()) };
                let text = verdict::render(summary, header, &self.flags.run);
                self.out.write(&text.masked(|text| header.redactor.text(text)))?;
                self.out.flush()
            }
        }
    }
}

fn word(status: Status) -> Printable {
    match status {
        Status::Passed => paint(Style::Green, "PASS "),
        Status::Failed => paint(Style::Red, "FAIL "),
        Status::Errored => paint(Style::Red, "ERROR"),
        Status::Skipped => paint(Style::Yellow, "SKIP "),
        Status::New => paint(Style::Yellow, "NEW  "),
        Status::Known => paint(Style::Yellow, "KNOWN"),
    }
}
