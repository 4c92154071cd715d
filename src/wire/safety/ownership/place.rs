//! Where a path leads: its segments, and the kind of resource that it names.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::wire::message::created::Created;
use crate::wire::message::encode::stays_in_its_segment as usable_id;
use crate::wire::message::request::Surface;

/// The kind of resource that a path leads to.
pub(super) fn kind_of(surface: Surface, segments: &[&str]) -> Option<Created> {
    match surface {
        Surface::Scim => {
            let first = segments.first()?;
            let is = |name: &str| first.eq_ignore_ascii_case(name);
            if is("Users") {
                Some(Created::User)
            } else if is("Groups") {
                Some(Created::Group)
            } else {
                None
            }
        }
        Surface::Rest => match segments {
            ["organization"] | ["organization", _] | ["servicedesk", _, "organization"] => {
                Some(Created::Organization)
            }
            ["customer", ..] | ["organization", _, "user"] | ["servicedesk", _, "customer"] => {
                Some(Created::Customer)
            }
            _ => None,
        },
    }
}

/// The segments of a path, decoded. Nothing where one of them leads up or nowhere, as `..` does.
pub(super) fn segments(path: &str) -> Option<Vec<Cow<'_, str>>> {
    let raw = path.trim_matches('/');
    let decoded = raw.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy());
    decoded.map(|segment| usable_id(&segment).then_some(segment)).collect()
}
