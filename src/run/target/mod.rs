//! The endpoint of a run, and what it lets a run do.

pub mod endpoint;
pub mod preflight;
pub mod probe;
pub mod product;
