//! What several IdP clients share: the common flow, headers, values, and the reading of answers.

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
