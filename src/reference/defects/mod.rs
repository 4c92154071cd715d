//! Defects: named, deliberate bugs, each seen in a real service provider. The table says what each is; the code that
//! serves everybody asks for them by name.
//!
//! Most defects are layers around the handler (`http::faults`). Defects of the state itself are switches in the code that
//! serves everybody, gathered by seam (`Seams`), so that each shows a bug in that place and not a second implementation. A
//! quirk is a defect that is merely awkward: legal, and no reason for a finding.
//!
//! A new defect takes a row in the table, and a function in the matching file of `http::faults` or a switch in a seam.
//!
//! May use, of `reference`: nothing else.

mod memory;
mod seams;
mod set;
mod table;

pub(crate) use memory::{Before, Memory};
pub(crate) use seams::Patching;
pub use set::{DefectError, Defects};
pub use table::{Defect, DefectRow, Layer};
