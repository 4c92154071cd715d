//! A resource's attributes: found, coerced, stored, projected.

pub mod attribute;
pub(crate) mod canonical;
pub(crate) mod coerce;
pub mod leniency;
pub mod projection;
pub mod put;
