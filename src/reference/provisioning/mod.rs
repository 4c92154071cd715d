//! What the directory's requests do to a site: users become customers, groups become organizations.
//!
//! Pure changes of a [`Site`](super::site::Site); HTTP stands elsewhere. All or nothing: a refused request leaves no trace.

mod attributes;
mod conflict;
mod group_patch;
mod groups;
mod held;
#[cfg(test)]
mod laws;
mod members;
mod misshape;
mod profile;
mod refusal;
mod sent;
#[cfg(test)]
mod sent_tests;
mod size;
mod user_patch;
mod users;
mod view;

pub use held::HeldGroup;
pub(crate) use misshape::EXTRA;
pub(crate) use refusal::Refusal;
pub(crate) use sent::Sent;
pub(crate) use view::{group_text, group_view, location, push_user, user_text, user_view};
