//! The endpoint of a run: the embedded one with a site for each pair, or a foreign one. Before a run it is looked at for
//! what it lets a run do and see.
//!
//! May use, of `run`: `options`.

pub mod endpoint;
pub mod preflight;
pub mod probe;
pub mod product;
