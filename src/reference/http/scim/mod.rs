//! The SCIM routes (RFC 7644 §3): users, groups, lists, bulk and discovery. Each reads a request, has provisioning carry
//! it out, and makes the answer.
//!
//! May use, of `reference`: `defects`, `handle`, `http/answer`, `http/auth`, `http/body`, `http/faults`, `http/path`,
//! `ids`, `knobs`, `provisioning`, `site`.

pub(crate) mod bulk;
pub(crate) mod call;
pub(crate) mod discovery;
pub(crate) mod find;
pub(crate) mod groups;
pub(crate) mod lists;
pub(crate) mod pages;
pub(crate) mod protocol;
pub(crate) mod request;
pub(crate) mod routes;
pub(crate) mod users;
pub(crate) mod versions;
