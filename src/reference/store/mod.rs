//! The records of a site: numbered slots, indexes beside them, and memberships that can be read from both sides. The rest
//! of the endpoint sees slots (`u32`) and methods only, so that the layout can change.
//!
//! Users and customers may be a million, so a user is the JSON text that it is answered with, a key is a number in a hash
//! table that asks the record for its text, and a membership is a bit of a compressed bitmap. Groups and organizations are
//! some thousands, and plain.
//!
//! May use, of `reference`: nothing else.

mod changes;
mod chunks;
mod document;
mod index;
mod memberships;
mod moment;
mod record;
mod slots;
mod stream;
mod user_keys;

pub(crate) use changes::{Changed, ChangedPairs, Entries, Pairs};
pub(crate) use document::Document;
pub(crate) use memberships::Memberships;
pub(crate) use moment::Moment;
pub(crate) use record::account::AccountId;
pub(crate) use record::contact::Contact;
pub(crate) use record::customers::{Customer, Customers};
pub(crate) use record::groups::{Group, Groups};
pub(crate) use record::organizations::{Organization, Organizations};
pub(crate) use record::users::{User, Users};
pub(crate) use user_keys::UserKeys;
