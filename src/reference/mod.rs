//! The reference endpoint: a SCIM service provider that models Jira Service Management customer provisioning.
//!
//! May use `scim`.
