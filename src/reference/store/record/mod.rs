//! What is stored: users, customers, groups, organizations.

pub(crate) mod account;
pub(crate) mod contact;
pub(crate) mod customers;
pub(crate) mod groups;
pub(crate) mod labels;
pub(crate) mod organizations;
pub(crate) mod users;
