//! The SCIM routes: what each request means and how it is answered.

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
