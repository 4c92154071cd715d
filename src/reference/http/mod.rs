//! The endpoint as an HTTP server: connections, limits, authentication, bodies and answers. The SCIM routes and the
//! faults of defects are folders of their own.
//!
//! May use, of `reference`: `defects`, `handle`, `knobs`, `provisioning`, `server`, `site`.

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
