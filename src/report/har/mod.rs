//! `--har`: every exchange of the run as an HTTP Archive (HAR 1.2), which a browser's network panel opens. Scenario, client and
//! step are the page.
//!
//! Exchanges are written as their pairs end, so that a long run needs little memory.
//!
//! May use, of `report`: `gist`, `mod`.

mod entry;

use std::io::{self, Write as _};

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::json;

use crate::event::{Event, Exchanges, Header};
use crate::files::Output;
use crate::foreign::json as visible;

use super::Reporter;
use entry::{Entry, moment};

/// Writes the archive.
#[derive(Debug)]
pub struct Har {
    out: Output,
    header: Option<Header>,
    /// The pages by their titles, each with when it began.
    pages: IndexMap<String, Timestamp>,
    first: bool,
}

impl Har {
    /// An archive to a file or a stream.
    pub fn new(out: Output) -> Self {
        Self { out, header: None, pages: IndexMap::new(), first: true }
    }

    fn begin(&mut self, header: &Header) -> io::Result<()> {
        let log = visible(&json!({
            "version": "1.2",
            "creator": {"name": "scimsnap", "version": env!("CARGO_PKG_VERSION")},
            "comment": format!("run {}", header.run),
        }))?;
        self.header = Some(header.clone());
        // The objects stay open for what follows.
        write!(self.out, "{{\"log\":{},\"entries\":[", &log[..log.len() - 1])
    }

    fn add(&mut self, exchanges: &Exchanges) -> io::Result<()> {
        let Self { out, header: Some(header), pages, first } = self else { return Ok(()) };
        let who = exchanges.client.map_or_else(String::new, |client| format!(" [{client}]"));
        for told in &exchanges.all {
            let title = format!("{}{who} · {}", exchanges.of, told.step);
            let page = pages.entry(title);
            let number = page.index() + 1;
            page.or_insert(told.started);
            let entry = visible(&Entry::of(told, format!("page_{number}"), exchanges, header))?;
            write!(out, "{}{}", if *first { "\n" } else { ",\n" }, header.redactor.text(&entry))?;
            *first = false;
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let Self { out, header: Some(header), pages, .. } = self else { return Ok(()) };
        write!(out, "\n],\"pages\":[")?;
        for (index, (title, started)) in pages.iter().enumerate() {
            let page = visible(&json!({
                "id": format!("page_{}", index + 1),
                "title": title,
                "startedDateTime": moment(*started),
                "pageTimings": {},
            }))?;
            write!(out, "{}{}", if index == 0 { "\n" } else { ",\n" }, header.redactor.text(&page))?;
        }
        writeln!(out, "\n]}}}}")?;
        out.finish()
    }
}

impl Reporter for Har {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started(header) => self.begin(header),
            Event::Exchanged(exchanges) => self.add(exchanges),
            Event::Progressed(_) | Event::Finished(_) => Ok(()),
            Event::Ended(_) => self.end(),
        }
    }
}
