//! The identity providers: one file per IdP client, each reading like the provider's own code.
//!
//! May use `scim`, `directory` and `wire`.
