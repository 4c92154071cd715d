//! Annotations for a run of GitHub Actions, and the summary of its step.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::event::{Event, Header, Summary};
use crate::requirement::{Cause, Level};

use super::shape::{Shape, in_order};
use super::{Reporter, markdown};

/// The most annotations of a level: the service shows no more.
const MOST: usize = 10;

/// The most of them that are not about causes.
const MOST_BESIDES: usize = 3;

/// Writes annotations, and adds to the summary of the step.
pub struct Github<W> {
    out: W,
    summary: Option<PathBuf>,
    shape: Shape,
    header: Option<Header>,
}

impl<W: Write> Github<W> {
    /// Annotations to a stream that the service reads, and a page to the file that it names.
    pub fn new(out: W, summary: Option<PathBuf>, shape: Shape) -> Self {
        Self { out, summary, shape, header: None }
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let Some(header) = &self.header else { return Ok(()) };
        let (mut errors, mut warnings) = (0, 0);
        for line in besides(summary) {
            errors += 1;
            if errors <= MOST_BESIDES {
                writeln!(self.out, "{}", header.redactor.text(&line))?;
            }
        }
        errors = errors.min(MOST_BESIDES);
        for cause in in_order(summary).into_iter().filter(|cause| !cause.is_known()) {
            let is_error = cause.level == Level::Must || self.shape.strict;
            let count = if is_error { &mut errors } else { &mut warnings };
            *count += 1;
            if *count <= MOST {
                let line = annotation(cause, if is_error { "error" } else { "warning" });
                writeln!(self.out, "{}", header.redactor.text(&line))?;
            }
        }
        self.out.flush()?;
        if let Some(path) = &self.summary {
            let page = markdown::page(summary, header, &self.shape);
            let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
            file.write_all(page.as_bytes())?;
        }
        Ok(())
    }
}

impl<W: Write> Reporter for Github<W> {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started(header) => {
                self.header = Some((*header).clone());
                Ok(())
            }
            Event::Progressed(_) | Event::Exchanged(_) | Event::Finished(_) => Ok(()),
            Event::Ended(summary) => self.end(summary),
        }
    }
}

fn annotation(cause: &Cause, level: &str) -> String {
    let families: Vec<&str> = cause.families.iter().map(|family| family.as_str()).collect();
    let message = format!("{} [{}; {}]", cause.headline(), cause.id(), families.join(", "));
    at(&cause.at.place(), level, &message)
}

/// What makes the run red besides the causes: entries that are to be removed or renewed, and what could not be played.
fn besides(summary: &Summary) -> Vec<String> {
    let known = summary.known.iter();
    let known = known.filter_map(|known| Some(at(&known.entry.at.place(), "error", &known.complaint()?)));
    let errors = summary.errors.iter().map(|(reason, repeated)| {
        let message = format!("{} [{}]: {reason}", repeated.scenario, repeated.client);
        format!("::error title=scimsnap::{}", message_of(&message))
    });
    known.chain(errors).collect()
}

/// An annotation at a place in a file.
fn at(place: &str, level: &str, message: &str) -> String {
    let mut parts = place.rsplitn(3, ':');
    let (column, line) = (parts.next().unwrap_or("1"), parts.next().unwrap_or("1"));
    let file = property(parts.next().unwrap_or_default());
    format!("::{level} file={file},line={line},col={column},title=scimsnap::{}", message_of(message))
}

/// A message of a workflow command: one line, as the service reads it.
fn message_of(text: &str) -> String {
    crate::foreign::Foreign::new(text).brief().replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    message_of(text).replace(':', "%3A").replace(',', "%2C")
}
