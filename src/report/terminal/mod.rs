//! The report that people read: the verdict on each provider, a block for each cause, and what to do next; on request also a
//! line for each scenario and a block for each failure. Colours are never the only sign of anything.
//!
//! May use, of `report`: `cause_text`, `commands`, `foreign_data`, `gist`, `mod`, `shape`.

mod cause;
mod failure;
mod layout;
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
use crate::report::shape::{Flags, in_order};
use crate::requirement::{Cause, Level};

use self::cause::Page;
use self::failure::{Failure, Shown};
pub use self::layout::{Detail, Layout};
use self::out::Out;
use self::style::{Style, paint, word};

/// The most causes that are shown with everything there is to see.
const MOST_BLOCKS: usize = 5;

/// The most blocks where there are more causes than that.
const MOST_BLOCKS_OF_MANY: usize = 2;

/// The most causes that are named.
const MOST_NAMED: usize = 15;

/// The report for people. It always has colours; a stream that is not a terminal removes them.
pub struct Terminal<W> {
    out: Out<W>,
    header: Option<Header>,
    /// The finished pairs of the current scenario.
    pending: Vec<PairReport>,
    /// The findings that were explained already: each is explained once.
    shown: Shown,
    flags: Flags,
    layout: Layout,
}

impl<W: Write> Terminal<W> {
    /// A report to a stream.
    pub fn new(out: W, flags: Flags, layout: Layout) -> Self {
        Self { out: Out::new(out), header: None, pending: Vec::new(), shown: Shown::new(), flags, layout }
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
        {
            let took: f64 = pairs.iter().map(|pair| pair.took.as_secs_f64()).sum();
            let took = format!("{took:.2}");
            let mut line = printable!("  {} {:>6}s  {:<52}", word(worst), took, first.id);
            let mut between = " ";
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
                    line += paint(Style::Dim, &format!("{between}{label}{clients}"));
                    between = " · ";
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
        if self.layout.detail == Detail::Everything {
            self.exchanges(pairs)?;
        }
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

    /// Every exchange in a line.
    fn exchanges(&mut self, pairs: &[PairReport]) -> io::Result<()> {
        for pair in pairs {
            self.line(&printable!("    {}", paint(Style::Dim, pair.client.as_str())))?;
            for (index, exchange) in pair.exchanges.iter().enumerate() {
                let ms = format!("{:.1}", exchange.took.as_secs_f64() * 1_000.0);
                let status = match exchange.status {
                    0 => "no answer".to_owned(),
                    status => status.to_string(),
                };
                let line = printable!(
                    "    {:>5}  {} {} → {}  {} ms",
                    index + 1,
                    exchange.method,
                    exchange.path,
                    status,
                    ms
                );
                self.line(&line)?;
            }
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
        let is_reviewable = pairs.iter().any(PairReport::is_acceptable);
        for (failure, clients) in groups {
            if let Some(what) = failure.told_before(&self.shown) {
                let names: Vec<&str> = clients.iter().map(|client| client.as_str()).collect();
                let line = printable!("[{}] {}: explained above", names.join(", "), what);
                self.out.line(&printable!("                   {}", paint(Style::Dim, &line)))?;
                continue;
            }
            let text = failure.render(&clients, header, (&self.flags, is_reviewable), &mut self.shown);
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
                let suite = printable!(
                    "{}, {} as {} · run {}",
                    counted(header.scenarios, "scenario"),
                    counted(header.pairs, "run"),
                    clients.join(", "),
                    header.run
                );
                self.out.line(&printable!("suite    {}\n", suite.folded("         ", self.layout.fold())))?;
                self.header = Some((*header).clone());
                Ok(())
            }
            Event::Progressed(_) | Event::Exchanged(_) => Ok(()),
            Event::Finished(report) => {
                if !self.layout.detail.is_verbose() {
                    return Ok(());
                }
                if self.pending.first().is_some_and(|first| first.id != report.id) {
                    self.flush()?;
                }
                self.pending.push((*report).clone());
                Ok(())
            }
            Event::Ended(summary) => {
                self.flush()?;
                let Some(header) = &self.header else { return Ok(()) };
                let page = Page {
                    header,
                    flags: &self.flags,
                    detail: self.layout.detail,
                    width: self.layout.fold(),
                    cut: self.layout.cut(),
                    summary,
                };
                let causes = in_order(summary);
                let mut text = Printable::default();
                if self.layout.detail.is_verbose() {
                    text += printable!("{}\n\n", "-".repeat(self.layout.cut().min(98)));
                }
                text += verdict::readiness(&page, summary, &causes);
                text += list(&page, &causes, self.layout.strict);
                text += verdict::rest(&page, summary, &causes);
                self.out.write(&text.masked(|text| header.redactor.text(text)))?;
                self.out.flush()
            }
        }
    }
}

/// The causes, the first ones with all there is to see.
fn list(page: &Page<'_>, causes: &[&Cause], strict: bool) -> Printable {
    let mut text = Printable::ours("\n");
    let is_weighty = |cause: &Cause| !cause.is_known() && (strict || cause.level == Level::Must);
    let weighty = causes.iter().filter(|cause| is_weighty(cause)).count();
    let blocks = match page.detail {
        Detail::Quiet => 0,
        Detail::Brief if weighty > MOST_BLOCKS => MOST_BLOCKS_OF_MANY,
        Detail::Brief => MOST_BLOCKS,
        Detail::Verbose | Detail::Everything => usize::MAX,
    };
    let named = if page.detail.is_verbose() { usize::MAX } else { MOST_NAMED };
    for (index, cause) in causes.iter().enumerate().take(named) {
        text += if index < blocks && (is_weighty(cause) || page.detail.is_verbose()) {
            page.block(index + 1, cause)
        } else if page.detail == Detail::Quiet || weighty > MOST_BLOCKS {
            page.title(index + 1, cause)
        } else {
            page.brief(index + 1, cause)
        };
    }
    if causes.len() > named {
        let more = counted(causes.len() - named, "more cause");
        text += printable!("    … and {} (-v shows all)\n", more);
    }
    if causes.is_empty() { text } else { text.trim_end() + Printable::ours("\n\n") }
}
