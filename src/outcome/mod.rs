//! What is left at the other end: reads customers and organizations, projects, aliases, sorts.
//!
//! May use `scim` and `wire`.

pub mod mask;
pub mod model;
pub mod naming;
pub mod project;
pub mod reader;

pub use mask::View;
pub use model::{Customer, Organization, Outcome};
pub use naming::Naming;
pub use project::{Known, KnownPerson, project};
pub use reader::{Raw, ReadError, Reader, Scope};
