//! The endpoint as an HTTP server: connections, limits, authentication, bodies and answers. The SCIM routes and the
//! faults of defects are folders of their own.
//!
//! May use, of `reference`: `defects`, `handle`, `ids`, `knobs`, `provisioning`, `site`.

pub(crate) mod answer;
pub(crate) mod auth;
pub(crate) mod body;
mod connection;
mod crowd;
mod faults;
pub(crate) mod hosts;
mod intake;
pub(crate) mod limits;
pub(crate) mod listen;
pub(crate) mod log;
pub(crate) mod path;
pub(crate) mod scim;
mod stream;
