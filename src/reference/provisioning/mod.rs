//! The effects of the directory's requests on a site: users become customers, groups become organizations. Every change
//! is all or nothing, and HTTP plays no part here.
//!
//! May use, of `reference`: `admin`, `defects`, `handle`, `knobs`, `site`, `store`.

mod attributes;
mod group;
#[cfg(test)]
mod laws;
mod refusal;
mod sent;
mod size;
mod user;
mod view;

pub(crate) use attributes::is_stored;
pub use group::held::HeldGroup;
pub(crate) use group::held::NotAccepted;
pub(crate) use refusal::Refusal;
pub(crate) use sent::Sent;
pub(crate) use view::{group_text, group_view, location, push_user, user_text, user_view};
