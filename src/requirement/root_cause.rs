//! What is behind what: one root cause is one finding.

use super::model::{Level, Requirement};

/// Requirements on how an answer is written. A breach says nothing about what was done.
const FORM: [&str; 20] = [
    "challenge",
    "conflict-keyword",
    "content-type",
    "content-type-scim",
    "created-kept",
    "discovery-answers",
    "discovery-truth",
    "error-body",
    "error-body-gateway",
    "error-detail",
    "etag-honest",
    "extension-listed",
    "last-modified",
    "location",
    "own-schema",
    "precondition-heeded",
    "resource-schema",
    "resource-schemas",
    "resource-type",
    "version-kept",
];

/// What is not met because the other is not met either, at the same endpoint: whoever is not found by name is not found in
/// another case.
const FOLLOWS: [(&str, &str); 5] = [
    ("inactive-still-found", "lookup-finds"),
    ("lookup-ignores-case", "lookup-finds"),
    ("paging", "lookup-total"),
    ("string-boolean", "boolean-type"),
    ("user-name-unique", "inactive-still-found"),
];

impl Requirement {
    /// Whether a breach can be why something else is not as it should be: why a request was refused, why an outcome is
    /// another one.
    pub fn explains(&self) -> bool {
        self.level == Level::Must && self.may_explain()
    }

    /// Whether it is about what is done, however much a breach weighs by itself.
    pub fn may_explain(&self) -> bool {
        !FORM.contains(&self.id)
    }

    /// Whether a breach of this one needs no further explanation where the `cause` is broken.
    pub fn follows_from(&self, cause: &Self) -> bool {
        FOLLOWS.iter().any(|(consequence, of)| *consequence == self.id && *of == cause.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::catalogue::{OUTCOME, catalogue};

    fn requirement(id: &str) -> &'static Requirement {
        catalogue().into_iter().find(|requirement| requirement.id == id).unwrap()
    }

    #[test]
    fn every_id_is_a_requirements() {
        for id in FORM.into_iter().chain(FOLLOWS.into_iter().flat_map(|(one, other)| [one, other])) {
            requirement(id);
        }
    }

    #[test]
    fn what_is_done_explains_an_outcome_and_how_it_is_written_does_not() {
        for (id, explains) in [
            ("accepted-payload", true),
            ("string-boolean", true),
            ("member-not-doubled", true),
            ("lookup-finds", true),
            ("location", false),
            ("error-body", false),
            ("conflict-keyword", false),
            ("group-name-unique", false),
        ] {
            assert_eq!(requirement(id).explains(), explains, "{id}");
        }
        assert!(OUTCOME.explains());
    }

    #[test]
    fn who_is_not_found_is_not_found_in_another_case() {
        let [case, found] = ["lookup-ignores-case", "lookup-finds"].map(requirement);
        assert!(case.follows_from(found));
        assert!(!found.follows_from(case) && !case.follows_from(case));
    }
}
