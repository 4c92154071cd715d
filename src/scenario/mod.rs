//! Scenario files: format, loading with spans, selection.
//!
//! May use `directory`, and of other rooms what a file names: IdP clients, methods.

pub mod catalogue;
mod dto;
mod dto_schema;
pub mod load;
pub mod model;
pub mod nearest;
mod steps;
pub mod template;

pub use model::{
    Action, Admin, Alternative, Capability, Evidence, Given, GivenCustomer, GivenOrganization, Legality,
    Literal, Mark, Place, Scenario, Step,
};
