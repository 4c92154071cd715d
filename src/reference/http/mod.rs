//! The SCIM service provider's HTTP side (RFC 7644 §3), and what the other APIs have in common with it: answers, bodies, hosts,
//! the listener.

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
pub(crate) mod path;
pub(crate) mod scim;
mod stream;
