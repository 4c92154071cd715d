//! Keeps a run's hands off what belongs to others, and remembers what it created.

pub mod ledger;
pub mod ownership;
pub(crate) mod permission;
pub mod proof;
pub mod register;
