//! The identity providers: one file per IdP client, each reading like the provider's own code.
//!
//! May use `scim`, `directory` and `wire`.

pub mod links;
pub mod name;
pub mod random;
pub mod session;

pub use links::Links;
pub use name::{ClientName, Family};
pub use random::Random;
pub use session::{Broken, Notice, Session};
