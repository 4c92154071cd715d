//! The rules an endpoint is held to on every exchange and every read-back, one file per rule.
//!
//! A [`Checker`] sees the exchanges of one (scenario, client) pair in order. It mirrors what was sent and answered 2xx,
//! and each rule compares an answer with the RFC, with what a provider needs, and with that mirror. Rules say only what
//! is certain: what could also have another reason is forgotten, not guessed.
//!
//! May use `scim`, `wire`, and the names of the clients.

pub mod behaviour;
mod catalogue;
pub mod cause;
mod checker;
mod culprit;
mod exchange;
mod findings;
mod mirror;
mod model;
mod root_cause;
mod rules;
mod schema;
mod settle;
#[cfg(test)]
pub(crate) mod tests;

pub use behaviour::{OBSERVED, Observed};
pub use catalogue::{ALTERNATIVE, EXPECTATION, OUTCOME, catalogue};
pub use cause::{Cause, Causes, Changed, Consequence, SeenIn, causes};
pub use checker::Checker;
pub(crate) use exchange::blamed_attribute::blamed;
pub(crate) use exchange::shape::described;
pub(crate) use findings::key;
pub use mirror::discovery::Discovery;
pub use model::{Concern, Finding, Level, Part, Raised, Requirement};
pub use settle::{Settled, settle};
