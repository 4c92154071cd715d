//! A report that is written at once, when the run has ended.

use std::io::{self, Write as _};

use crate::event::{Event, Header, Summary};
use crate::files::Output;

use super::Reporter;
use super::shape::Shape;

/// Makes the whole text of a report.
pub(super) type Text = fn(&Summary, &Header, &Shape) -> io::Result<String>;

/// Writes a report at the end.
#[derive(Debug)]
pub struct AtEnd {
    out: Output,
    shape: Shape,
    text: Text,
    header: Option<Header>,
}

impl AtEnd {
    pub(super) fn new(out: Output, shape: Shape, text: Text) -> Self {
        Self { out, shape, text, header: None }
    }
}

impl Reporter for AtEnd {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started(header) => self.header = Some((*header).clone()),
            Event::Progressed(_) | Event::Exchanged(_) | Event::Finished(_) => {}
            Event::Ended(summary) => {
                let Some(header) = &self.header else { return Ok(()) };
                self.out.write_all((self.text)(summary, header, &self.shape)?.as_bytes())?;
                self.out.finish()?;
            }
        }
        Ok(())
    }
}
