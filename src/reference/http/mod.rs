//! The SCIM service provider's HTTP side (RFC 7644 §3), and the server that also answers for the other APIs.

pub(crate) mod answer;
mod auth;
pub(crate) mod body;
mod bulk;
mod call;
mod discovery;
mod find;
mod gate;
mod groups;
mod lag;
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
pub(crate) use path::host;
pub(crate) use race::Meeting;
pub use server::{router, serve};
