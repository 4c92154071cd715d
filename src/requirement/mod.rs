//! The rules an endpoint is held to on every exchange, one file per rule.
//!
//! May use `scim` and `wire`.
