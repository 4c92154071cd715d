//! What all reports share: the order of the causes, and the flags of the commands that they suggest.

use crate::event::Summary;
use crate::foreign::Printable;
use crate::requirement::{Cause, Level};

/// Flags for the commands that the report suggests.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// The flags of `scimsnap run` that lead to the same target.
    pub run: Printable,
    /// The flags of `scimsnap snapshots` that lead to the same folders.
    pub review: Printable,
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
