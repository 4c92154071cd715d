//! The SCIM service provider's HTTP side (RFC 7644 §3), and the server that also answers for the other APIs.

pub(crate) mod answer;
mod auth;
pub(crate) mod body;
mod bulk;
mod discovery;
mod find;
mod groups;
mod lists;
mod pages;
mod request;
mod routes;
mod server;
mod users;
mod versions;

pub(crate) use auth::basic_credentials;
pub(crate) use server::host;
pub use server::{router, serve};
