//! Pages that are generated from what is there, and checks that the catalogue is whole.

mod anchors;
mod conflicts;
mod lists;
mod pages;
mod topics;
