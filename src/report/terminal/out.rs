//! The stream that the report is written to.

use std::io::{self, Write};

use crate::foreign::Printable;

/// A stream that accepts only text that may go to a terminal.
pub(super) struct Out<W>(W);

impl<W: Write> Out<W> {
    pub(super) fn new(stream: W) -> Self {
        Self(stream)
    }

    pub(super) fn write(&mut self, text: &Printable) -> io::Result<()> {
        text.write_to(&mut self.0)
    }

    pub(super) fn line(&mut self, line: &Printable) -> io::Result<()> {
        line.write_to(&mut self.0)?;
        self.0.write_all(b"\n")
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
