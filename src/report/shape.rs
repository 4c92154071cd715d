//! What all reports share: the order of the causes, and the flags of the commands that they suggest.

use std::cell::Cell;
use std::rc::Rc;

use crate::event::Summary;
use crate::foreign::Printable;
use crate::requirement::{Cause, Level};

use super::curl::CurlAccess;

/// What the commands need that the report suggests.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// The flags of `scimsnap run` that shaped the run, each with a space before it.
    pub run: Printable,
    /// Those of them that `scimsnap clean` has as well.
    pub clean: Printable,
    /// Those of them that `scimsnap snapshots` has as well.
    pub review: Printable,
    /// Those of them that say where the run is remembered.
    pub work: Printable,
    /// Those of them for a program, by name.
    pub given: Vec<(String, Vec<String>)>,
    /// Whether the run is remembered, so that `--rerun-failed` plays what failed.
    pub remembered: Rc<Cell<bool>>,
    /// How `curl` gets in.
    pub access: CurlAccess,
    /// Whether only some of the clients played, so that no command may play the others.
    pub is_narrowed: bool,
    /// Whether the run removes what it creates, so that no id in a curl line leads anywhere any more.
    pub removes: bool,
}

/// What a report for a service has to know of the run.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Flags for the commands.
    pub flags: Flags,
    /// Whether what should be so fails the run, so that it is shown like what must be so.
    pub strict: bool,
}

/// The causes of a run: what the settings list last, before that by level, by the number of providers that are hurt, and by
/// the number of runs.
pub(super) fn in_order(summary: &Summary) -> Vec<&Cause> {
    let mut causes: Vec<&Cause> =
        summary.causes.iter().filter(|cause| cause.level <= Level::Should).collect();
    causes.sort_by_key(|cause| {
        let weight = (cause.families.len(), cause.seen_in.len());
        (cause.is_known(), cause.level, std::cmp::Reverse(weight))
    });
    causes
}
