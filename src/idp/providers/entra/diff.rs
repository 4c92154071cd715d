//! What decides between `Add`, `Replace` and nothing: the mapped attributes against what the endpoint reads back.
//!
//! Source: docs/providers/entra.md#add-replace-or-nothing.

use serde_json::Value;

use crate::idp::kit::attribute::Attribute;

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// The attribute is absent in the read-back.
    Add,
    /// It is there with another value.
    Replace,
}

/// One mapped attribute that differs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change<'a> {
    /// What is to be done.
    pub(crate) verb: Verb,
    /// To what.
    pub(crate) attribute: Attribute<'a>,
    /// The value that it is to have.
    pub(crate) value: Value,
}

/// The changes that make a resource agree with the mapped values. Values are compared as they are: an endpoint that
/// changes case or turns a boolean into a number is patched again in every cycle, as it is in production.
pub(crate) fn diff<'a>(mapped: Vec<(Attribute<'a>, Value)>, resource: &Value) -> Vec<Change<'a>> {
    mapped
        .into_iter()
        .filter_map(|(attribute, value)| {
            let verb = match attribute.get(resource) {
                None => Verb::Add,
                Some(found) if *found == value => return None,
                Some(_) => Verb::Replace,
            };
            Some(Change { verb, attribute, value })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::idp::kit::attribute::object;

    const PATHS: [&str; 5] =
        ["userName", "active", "name.givenName", "emails[type eq \"work\"].value", "department"];

    #[test]
    fn a_boolean_as_a_number_is_never_equal() {
        let mapped = vec![(Attribute::parse("active"), json!(true))];
        let changes = diff(mapped, &json!({"active": 1}));
        assert_eq!(changes.iter().map(|change| change.verb).collect::<Vec<_>>(), [Verb::Replace]);
    }

    #[test]
    fn a_null_is_absent() {
        let mapped = vec![(Attribute::parse("title"), json!("Analyst"))];
        let changes = diff(mapped, &json!({"title": null}));
        assert_eq!(changes.iter().map(|change| change.verb).collect::<Vec<_>>(), [Verb::Add]);
    }

    proptest! {
        /// What was applied does not differ any more.
        #[test]
        fn applying_the_changes_leaves_none(
            wanted in proptest::collection::vec(proptest::option::of("[a-z]{0,3}"), 5),
            found in proptest::collection::vec(proptest::option::of("[a-z]{0,3}"), 5),
        ) {
            let mapped = || -> Vec<_> {
                PATHS.iter().zip(&wanted)
                    .filter_map(|(path, value)| Some((Attribute::parse(path), json!(value.as_ref()?))))
                    .collect()
            };
            let mut resource = json!({});
            for (path, value) in PATHS.iter().zip(&found) {
                if let Some(value) = value {
                    Attribute::parse(path).set(object(&mut resource), json!(value));
                }
            }
            for change in diff(mapped(), &resource) {
                change.attribute.set(object(&mut resource), change.value);
            }
            prop_assert_eq!(diff(mapped(), &resource), vec![]);
        }
    }
}
