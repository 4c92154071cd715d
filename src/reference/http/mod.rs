//! The SCIM service provider's HTTP side (RFC 7644 §3), and the server that also answers for the other APIs.

pub(crate) mod answer;
mod auth;
pub(crate) mod body;
mod bulk;
mod call;
mod connection;
mod crowd;
mod discovery;
mod find;
mod gate;
mod groups;
mod hosts;
mod intake;
mod lag;
mod limits;
mod listen;
mod lists;
mod misread;
mod pages;
mod path;
mod protocol;
mod race;
mod request;
mod routes;
mod server;
mod spoil;
mod users;
mod versions;

pub(crate) use auth::basic_credentials;
pub use hosts::AllowedHosts;
pub use limits::ServeLimits;
pub use listen::{ServeOptions, serve, serve_with};
pub(crate) use path::host;
pub(crate) use race::Meeting;
pub use server::router;
