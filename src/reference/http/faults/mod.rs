//! Deliberate bugs at the edge of the endpoint. They change a request before it is handled, or an answer after it.
//!
//! May use, of `reference`: `defects`, `handle`, `http/answer`, `http/scim`, `provisioning`, `site`.

pub(crate) mod gate;
pub(crate) mod lag;
pub(crate) mod race;
pub(crate) mod request;
pub(crate) mod response;
