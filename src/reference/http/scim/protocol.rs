//! The protocol's version in the path (RFC 7644 §3.13): `/v2/Users`, where the knob has it.

use crate::reference::http::answer::{Answer, no_such_path};
use crate::reference::site::Site;
use crate::scim::error::ScimError;

/// The one version that is spoken.
const SPOKEN: &str = "v2";

/// The version in front of the resource's endpoint, and the path from that endpoint on.
pub(crate) fn version<'p, 's>(path: &'p [&'s str]) -> (Option<&'s str>, &'p [&'s str]) {
    match path {
        [first, rest @ ..] if is_version(first) => (Some(first), rest),
        _ => (None, path),
    }
}

/// The answer to a request that names a version: 400 `invalidVers` for another than the one that is spoken.
pub(crate) fn refusal(site: &Site, version: Option<&str>, path: &str) -> Option<Answer> {
    let version = version?;
    if !site.knobs.version_in_path {
        return Some(no_such_path(path));
    }
    (version != SPOKEN).then(|| ScimError::invalid_version(version).into())
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|number| {
        number.starts_with(|first: char| first.is_ascii_digit())
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}
