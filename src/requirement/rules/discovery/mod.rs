//! Rules for what an endpoint says of itself: its discovery documents, and the versions of its resources. They compare
//! what is announced with what is done.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `rules/rule`, `sign`.

mod discovery_truth;
mod etag_honest;
mod version_kept;

use super::Rule;

/// Every rule of this family, fresh.
pub(super) fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(discovery_truth::DiscoveryTruth),
        Box::new(etag_honest::EtagHonest::default()),
        Box::new(version_kept::VersionKept::default()),
    ]
}
