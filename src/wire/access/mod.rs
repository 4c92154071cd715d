//! How a target lets us in: secrets, tokens, and where they come from.

pub mod auth;
pub mod command;
pub mod oauth;
pub mod secret;
pub mod token;
