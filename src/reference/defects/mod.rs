//! Defects: named, deliberate bugs, each seen in a real service provider. The table says what each is; the code that
//! serves everybody asks for them by name.
//!
//! A defect is a switch at the seam of the code that serves everybody, so that what it shows is a bug in that place and
//! not a second implementation. A quirk is the same for what is merely awkward: legal, and no reason for a finding.
//!
//! May use, of `reference`: `nearest`.

mod memory;
mod model;
mod set;
mod table;

pub(crate) use memory::Memory;
pub use model::DefectRow;
pub use set::{DefectError, Defects};
pub use table::Defect;
