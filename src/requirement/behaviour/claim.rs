//! Which request shows a behaviour that a scenario's alternatives tell apart.

use crate::scim::ResourceKind::{self, Group, User};
use crate::wire::Exchange;
use crate::wire::Method::{self, Delete, Patch, Post, Put};

/// The behaviours of the bundled scenarios, with the writes that they are about.
const WRITES: [(&str, &[Method], ResourceKind); 28] = [
    ("active-as-a-string", &[Post, Put, Patch], User),
    ("address-as-an-object", &[Post, Put, Patch], User),
    ("address-of-another-customer", &[Post, Put, Patch], User),
    ("external-id-taken-twice", &[Post, Put, Patch], User),
    ("filter-by-mail-address", &[Post, Put, Patch], User),
    ("group-name-conflict", &[Post, Put, Patch], Group),
    ("group-name-conflict-empty", &[Post, Put, Patch], Group),
    ("group-rename", &[Put, Patch], Group),
    ("groups-created-at-once", &[Post], Group),
    ("long-group-name", &[Post, Put, Patch], Group),
    ("member-as-a-word", &[Post, Put, Patch], Group),
    ("members-of-scim-1", &[Post, Put, Patch], Group),
    ("membership-of-the-deleted", &[Delete], User),
    ("membership-of-the-inactive", &[Put, Patch], User),
    ("nested-group", &[Post, Put, Patch], Group),
    ("optional-attributes", &[Post, Put, Patch], User),
    ("organization-name-match", &[Post, Put, Patch], Group),
    ("organization-name-space", &[Post, Put, Patch], Group),
    ("organization-name-unicode", &[Post, Put, Patch], Group),
    ("rename-onto-a-taken-name", &[Put, Patch], Group),
    ("rename-with-no-members", &[Put, Patch], Group),
    ("renamed-and-matched-by-name", &[Post, Put, Patch], User),
    ("revoked-by-hand", &[Put, Patch], User),
    ("second-group-of-a-name", &[Post], Group),
    ("second-group-of-a-name-in-other-case", &[Post], Group),
    ("unknown-member", &[Post, Put, Patch], Group),
    ("user-deletion", &[Delete], User),
    ("user-without-an-address", &[Post, Put, Patch], User),
];

/// Whether a write is one that a behaviour is about; nothing where any write may be.
pub fn is_about(behaviour: &str, exchange: &Exchange) -> Option<bool> {
    let (_, methods, kind) = WRITES.iter().find(|(name, _, _)| *name == behaviour)?;
    let collection = exchange.request.path().split('/').nth(1).unwrap_or_default();
    let is_kind = kind.endpoint().trim_start_matches('/').eq_ignore_ascii_case(collection);
    Some(is_kind && methods.contains(&exchange.request.method))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::tests::story::Story;

    #[test]
    fn a_deletion_is_shown_by_a_deletion() {
        let exchange = |method, target| Story::exchange(method, target, None, 204, None);
        assert_eq!(is_about("user-deletion", &exchange(Delete, "/Users/1")), Some(true));
        assert_eq!(is_about("user-deletion", &exchange(Delete, "/Groups/1")), Some(false));
        assert_eq!(is_about("user-deletion", &exchange(Post, "/Users")), Some(false));
        assert_eq!(is_about("a-users-own", &exchange(Post, "/Users")), None);
    }
}
