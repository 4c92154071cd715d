//! The SCIM service provider's HTTP side (RFC 7644 §3), and the server that also answers for the other APIs.

pub(crate) mod answer;
mod auth;
pub(crate) mod body;
mod connection;
mod crowd;
mod faults;
pub(super) mod hosts;
mod intake;
mod limits;
mod listen;
pub(super) mod path;
pub(super) mod scim;

pub use crate::reference::server::router;
pub(crate) use auth::basic_credentials;
pub(crate) use faults::race::Meeting;
pub use hosts::AllowedHosts;
pub use limits::ServeLimits;
pub use listen::{ServeOptions, serve, serve_with};
pub(crate) use path::host;
