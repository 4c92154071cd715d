//! The customers and organizations at an endpoint as a checkpoint sees them. They are read over SCIM or the product's
//! REST API, projected, given aliases, and sorted.
//!
//! May use: `scim`, `wire`.

mod fold;
mod mask;
pub mod model;
pub mod naming;
pub mod project;
pub mod reader;

pub use mask::View;
pub use model::{Customer, Organization, Outcome};
pub use naming::Naming;
pub use project::{Known, KnownPerson, project};
pub use reader::{Raw, ReadError, Reader, Scope};
