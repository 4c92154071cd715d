//! What is known of a defect.

use super::table::Defect;

/// A defect with its story, for a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefectRow {
    /// The switch.
    pub defect: Defect,
    /// The name, as `--defect` takes it.
    pub name: &'static str,
    /// What it is about: `filters`, `memberships`, …
    pub topic: &'static str,
    /// What the provider does wrong, in one sentence.
    pub story: &'static str,
    /// Where it was seen, or which rule it breaks.
    pub source: &'static str,
    /// The families of clients that it hurts; none for a quirk.
    pub hurts: &'static [&'static str],
    /// A scenario that shows it; empty for a quirk, which none may show.
    pub shown_by: &'static str,
}
