//! Keeps a run's hands off what belongs to others, and remembers on disk what it created. `docs/safety.md` has the
//! promises.
//!
//! May use, of `wire`: `message`, `redact`.

pub mod entry;
pub mod ledger;
pub mod ownership;
pub mod proof;
pub mod register;
