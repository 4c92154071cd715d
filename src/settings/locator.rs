//! Positions in the settings file.

use std::ops::Range;
use std::path::Path;

use crate::diag::{At, Diagnostic, Source};

/// The file that is being read.
#[derive(Debug)]
pub(super) struct Point<'a> {
    pub(super) source: &'a Source,
    /// The folder that paths in it start from.
    pub(super) folder: &'a Path,
}

impl Point<'_> {
    /// Says what is wrong with a range of its text.
    pub(super) fn at(&self, range: Range<usize>, message: &str) -> Diagnostic {
        Diagnostic::new(self.source, At::of_bytes(&self.source.text, range), message)
    }
}
