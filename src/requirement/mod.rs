//! The rules an endpoint is held to on every exchange and every read-back, one file per rule.
//!
//! A [`Checker`] sees the exchanges of one (scenario, client) pair in order. It mirrors what was sent and answered 2xx,
//! and each rule compares an answer with the RFC, with what a provider needs, and with that mirror. Rules say only what
//! is certain: what could also have another reason is forgotten, not guessed.
//!
//! May use `scim`, `wire`, and the names of the clients.

mod attribute;
pub mod behaviour;
#[cfg(test)]
mod behaviour_tests;
mod blame;
mod catalogue;
mod cause;
mod change;
mod checker;
mod discovery;
mod members;
mod mirror;
mod model;
#[cfg(test)]
mod obedient_tests;
#[cfg(test)]
mod peers_tests;
mod report;
mod resource_schema;
mod rules;
mod schema_fit;
mod seen;
mod shape;
#[cfg(test)]
pub(crate) mod story;
#[cfg(test)]
mod two_columns_tests;

pub use behaviour::{OBSERVED, Observed};
pub(crate) use blame::blamed;
pub use catalogue::{ALTERNATIVE, EXPECTATION, OUTCOME, catalogue};
pub use checker::Checker;
pub use discovery::Discovery;
pub use model::{Concern, Finding, Level, Requirement};
pub(crate) use shape::described;
