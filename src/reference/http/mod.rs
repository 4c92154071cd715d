//! The SCIM service provider's HTTP side (RFC 7644 §3), and the server that also answers for the REST API.

pub(crate) mod answer;
mod auth;
pub(crate) mod body;
mod discovery;
mod groups;
mod lists;
mod request;
mod routes;
mod server;
mod users;

pub(crate) use auth::basic_credentials;
pub(crate) use server::host;
pub use server::serve;
