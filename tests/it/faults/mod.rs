//! Faults that people reported of real endpoints, one at a time, in front of an endpoint that is right.
//!
//! `fault` has the words of the table, `ask` what a fault sees of a request and of the endpoint behind it, `kinds` the faults and the
//! endpoints that are merely awkward, `play` what a run says of them.

mod ask;
mod fault;
mod front;
pub(crate) mod kinds;
pub(crate) mod play;

pub(crate) use ask::Ask;
pub(crate) use fault::{Act, Awkward, Fault, Seen};
pub(crate) use front::{Front, Upstream};
