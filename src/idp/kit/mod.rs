//! Building blocks of the clients: a generic flow, headers, values, schedules, and the reading of answers. Nothing here
//! is the behaviour of one provider alone.
//!
//! May use, of `idp`: `idp_client`, `links`, `notices`, `session`, `settings`.

pub(crate) mod app;
pub(crate) mod attribute;
pub(crate) mod generic;
pub(crate) mod headers;
#[cfg(test)]
pub(crate) mod people;
pub mod random;
pub(crate) mod resource;
pub(crate) mod schedule;
pub(crate) mod uncommon;
pub(crate) mod urn;
