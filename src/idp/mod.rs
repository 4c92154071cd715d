//! The identity providers: one client for each way of provisioning, which turns directory events into the requests of
//! that provider. The files here hold what all clients share with their callers: names, settings, links, capabilities.
//!
//! May use: `directory`, `scim`, `wire`.

mod adjustable;
pub mod client;
pub mod expressible;
pub mod fixture;
mod idp_client;
pub mod kit;
pub mod links;
pub mod name;
mod notices;
pub mod providers;
mod row;
#[cfg(test)]
mod same_outcome;
pub mod session;
pub mod settings;

pub use client::Client;
pub use expressible::cannot;
pub use fixture::Fixture;
pub use kit::random::Random;
pub use links::Links;
pub use name::{ClientName, Family};
pub use row::Knowledge;
pub use session::{Broken, Notice, Session};
pub use settings::Settings;
