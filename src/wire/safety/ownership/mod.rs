//! Which resources a pair may write to on a foreign target: those that are proved to be its own. Answers add to the
//! evidence; requests are held against it before they leave.
//!
//! May use, of `wire`: `message`, `safety/register`.

mod claims;
mod effects;
mod evidence;
mod observe;
mod permit;
mod place;

pub use claims::{Ownership, Reading};
pub(in crate::wire) use evidence::same_name;
pub use evidence::{Marker, is_scim_error};
pub use evidence::{id_in, raw_id};
pub(in crate::wire) use permit::{NOT_OURS, Permit};

#[cfg(test)]
mod tests;
