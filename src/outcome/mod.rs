//! What is left at the other end: reads customers and organizations, projects, aliases, sorts.
//!
//! May use `scim` and `wire`.
