//! Masks secrets in everything that leaves the process. The redactor knows a run's secrets; passwords are masked wherever
//! they stand in a body.
//!
//! May use, of `wire`: `message`.

mod body;
pub(crate) mod masking;
pub mod password;
mod redactor;
pub mod secret;

pub use masking::MASK;
pub use redactor::Redactor;
