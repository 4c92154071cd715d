//! Where a site's records stand: numbered slots, ordered indexes, and memberships readable from both sides.
//!
//! The rest of the room sees slots (`u32`) and these methods only, so the layout can change without it.

mod customers;
mod groups;
mod index;
mod memberships;
mod organizations;
mod slots;
mod users;

pub(crate) use customers::{Customer, Customers};
pub(crate) use groups::{Group, Groups};
pub(crate) use memberships::Memberships;
pub(crate) use organizations::{Organization, Organizations};
pub(crate) use users::{User, UserKeys, Users};
