//! The identity providers: one file per IdP client, each reading like the provider's own code.
//!
//! May use `scim`, `directory` and `wire`.

mod app;
mod attribute;
pub mod authentik;
pub mod client;
pub mod entra;
pub mod entra_scim2;
pub mod expressible;
pub mod fixture;
pub mod google;
mod headers;
pub mod jumpcloud;
pub mod keycloak;
pub mod links;
pub mod name;
mod notices;
mod okta;
pub mod okta_aiw;
pub mod okta_oin;
pub mod okta_oin_userpatch;
pub mod onelogin;
#[cfg(test)]
mod people;
pub mod pingfederate;
mod plain;
pub mod random;
mod resource;
pub mod rippling;
#[cfg(test)]
mod same_outcome;
mod schedule;
pub mod session;
pub mod settings;
mod urn;

pub use client::Client;
pub use expressible::cannot;
pub use fixture::Fixture;
pub use links::Links;
pub use name::{ClientName, Family};
pub use random::Random;
pub use session::{Broken, Notice, Session};
pub use settings::Settings;
