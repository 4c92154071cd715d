//! The records themselves: users, customers, groups and organizations. Each kind has a file, with the indexes that belong
//! to it.
//!
//! May use, of `reference`: `store/changes`, `store/document`, `store/index`, `store/moment`, `store/slots`,
//! `store/user_keys`.

pub(crate) mod account;
pub(crate) mod contact;
pub(crate) mod customers;
pub(crate) mod groups;
pub(crate) mod labels;
pub(crate) mod organizations;
pub(crate) mod users;
