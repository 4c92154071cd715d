//! Where a site's records stand: numbered slots, indexes beside them, and memberships readable from both sides.
//!
//! Users and customers may be a million, so a user is the JSON text that it is answered with, a key is a number in a hash
//! table that asks the record for its text, and a membership is a bit of a compressed bitmap (fact sheet "performance" §4).
//! Groups and organizations are some thousands, and plain.
//!
//! The rest of the room sees slots (`u32`) and these methods only, so the layout can change without it.

mod account;
mod changes;
mod chunks;
mod contact;
mod customers;
mod document;
mod groups;
mod hash;
mod hash_index;
mod id_index;
mod index;
mod keys;
mod labels;
mod memberships;
mod moment;
mod number_sets;
mod organizations;
mod slots;
mod stream;
mod users;

pub(crate) use account::AccountId;
pub(crate) use changes::{Changed, ChangedPairs, Entries, Pairs};
pub(crate) use contact::Contact;
pub(crate) use customers::{Customer, Customers};
pub(crate) use document::Document;
pub(crate) use groups::{Group, Groups};
pub(crate) use keys::UserKeys;
pub(crate) use memberships::Memberships;
pub(crate) use moment::Moment;
pub(crate) use organizations::{Organization, Organizations};
pub(crate) use users::{User, Users};
