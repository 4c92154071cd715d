//! Authentication at a target: fixed credentials, and tokens that are fetched by OAuth or a command. The result is always
//! a value of the `Authorization` header.
//!
//! May use, of `wire`: `message`, `redact`, `transport`.

pub mod auth;
pub mod command;
pub(crate) mod header;
pub(crate) mod minted;
pub mod oauth;
pub mod token;
