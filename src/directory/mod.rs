//! People, groups and events: the side of the identity provider, where the truth stands.
//!
//! May use `scim`.
