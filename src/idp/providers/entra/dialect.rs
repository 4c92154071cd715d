//! The two ways in which Entra writes PATCH bodies. Everything else is the same in both.
//!
//! Source: docs/providers/entra.md#the-two-dialects.

use serde_json::{Map, Value, json};

use crate::idp::kit::attribute::Attribute;
use crate::idp::kit::urn;
use crate::wire::message::encode::filter_literal;

use super::diff::{Change, Verb};

/// How PATCH bodies are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// In use without a flag: capitalised operations, a path on each, booleans as strings.
    Legacy,
    /// With `aadOptscim062020` in the tenant URL: lower case, real booleans, simple attributes without a path.
    Scim2,
}

impl Dialect {
    /// The PATCH that makes these changes.
    pub(crate) fn changes(self, changes: &[Change<'_>]) -> Value {
        match self {
            Self::Legacy => patch(&changes.iter().map(legacy).collect::<Vec<_>>()),
            Self::Scim2 => patch(&scim2(changes)),
        }
    }

    /// Adds a member, without the `$ref` that the documentation shows (captured).
    pub(crate) fn add_member(self, id: &str) -> Value {
        patch(&[match self {
            Self::Legacy => json!({"op": "Add", "path": "members", "value": [{"value": id}]}),
            Self::Scim2 => json!({"op": "add", "path": "members", "value": [{"value": id}]}),
        }])
    }

    /// Removes a member.
    pub(crate) fn remove_member(self, id: &str) -> Value {
        patch(&[match self {
            Self::Legacy => {
                json!({"op": "Remove", "path": "members", "value": [{"value": id}]})
            }
            Self::Scim2 => {
                json!({"op": "remove", "path": format!("members[value eq \"{}\"]", filter_literal(id))})
            }
        }])
    }

    /// What an endpoint gets that shows members although it was asked to leave them out (captured): the one member
    /// replaces all others.
    pub(crate) fn replace_members(self, id: &str) -> Value {
        let op = self.verb(Verb::Replace);
        patch(&[json!({"op": op, "path": "members", "value": [{"value": id}]})])
    }

    /// Sets the manager. The flag's form is an object in one build of the validator and a plain string in the next;
    /// the object is the one that RFC 7643 §4.3 knows.
    pub(crate) fn set_manager(self, verb: Verb, id: &str) -> Value {
        let value = match self {
            Self::Legacy => json!(id),
            Self::Scim2 => json!({"value": id}),
        };
        let path = format!("{}:manager", urn::ENTERPRISE);
        patch(&[json!({"op": self.verb(verb), "path": path, "value": value})])
    }

    fn verb(self, verb: Verb) -> &'static str {
        match (self, verb) {
            (Self::Legacy, Verb::Add) => "Add",
            (Self::Legacy, Verb::Replace) => "Replace",
            (Self::Scim2, Verb::Add) => "add",
            (Self::Scim2, Verb::Replace) => "replace",
        }
    }
}

fn patch(operations: &[Value]) -> Value {
    json!({"schemas": [urn::PATCH_OP], "Operations": operations})
}

/// One operation for each change, with its path; a boolean is the word.
fn legacy(change: &Change<'_>) -> Value {
    let value = match &change.value {
        Value::Bool(true) => json!("True"),
        Value::Bool(false) => json!("False"),
        other => other.clone(),
    };
    json!({"op": Dialect::Legacy.verb(change.verb), "path": change.attribute.path(), "value": value})
}

/// `active` and elements of multi-valued attributes by path, then simple attributes together without one, under
/// their path as a literal key. A single simple attribute that is added keeps its path (documented).
fn scim2(changes: &[Change<'_>]) -> Vec<Value> {
    let dialect = Dialect::Scim2;
    let (with_path, simple): (Vec<_>, Vec<_>) = changes.iter().partition(|change| has_path(change.attribute));
    let mut operations: Vec<Value> = with_path.into_iter().map(|change| pathed(dialect, change)).collect();
    for verb in [Verb::Add, Verb::Replace] {
        let of_verb: Vec<_> = simple.iter().filter(|change| change.verb == verb).collect();
        match of_verb.as_slice() {
            [] => {}
            [one] if verb == Verb::Add => operations.push(pathed(dialect, one)),
            all => {
                let value: Map<String, Value> =
                    all.iter().map(|change| (change.attribute.path(), change.value.clone())).collect();
                operations.push(json!({"op": dialect.verb(verb), "value": value}));
            }
        }
    }
    operations
}

fn has_path(attribute: Attribute<'_>) -> bool {
    attribute.is_value_path() || attribute == Attribute::parse("active")
}

fn pathed(dialect: Dialect, change: &Change<'_>) -> Value {
    json!({"op": dialect.verb(change.verb), "path": change.attribute.path(), "value": change.value})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(verb: Verb, path: &str, value: Value) -> Change<'_> {
        Change { verb, attribute: Attribute::parse(path), value }
    }

    #[test]
    fn several_attributes_are_replaced_as_documented_in_both_dialects() {
        let changes = [
            change(Verb::Replace, "displayName", json!("New Name")),
            change(Verb::Replace, "emails[type eq \"work\"].value", json!("new@example.com")),
            change(Verb::Replace, "name.givenName", json!("New")),
            change(Verb::Replace, "employeeNumber", json!("2002")),
        ];
        let number = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber";
        assert_eq!(
            Dialect::Legacy.changes(&changes)["Operations"].to_string(),
            json!([
                {"op": "Replace", "path": "displayName", "value": "New Name"},
                {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "new@example.com"},
                {"op": "Replace", "path": "name.givenName", "value": "New"},
                {"op": "Replace", "path": number, "value": "2002"},
            ])
            .to_string()
        );
        assert_eq!(
            Dialect::Scim2.changes(&changes)["Operations"].to_string(),
            json!([
                {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@example.com"},
                {"op": "replace", "value": {"displayName": "New Name", "name.givenName": "New", number: "2002"}},
            ])
            .to_string()
        );
    }

    #[test]
    fn with_the_flag_one_added_attribute_has_a_path_and_several_have_none() {
        let one = [change(Verb::Add, "nickName", json!("Nick"))];
        assert_eq!(
            Dialect::Scim2.changes(&one)["Operations"],
            json!([{"op": "add", "path": "nickName", "value": "Nick"}])
        );
        let two =
            [change(Verb::Add, "title", json!("Engineer")), change(Verb::Add, "name.givenName", json!("G"))];
        assert_eq!(
            Dialect::Scim2.changes(&two)["Operations"],
            json!([{"op": "add", "value": {"title": "Engineer", "name.givenName": "G"}}])
        );
    }

    #[test]
    fn an_endpoint_that_shows_members_gets_them_replaced() {
        assert_eq!(
            Dialect::Legacy.replace_members("7")["Operations"],
            json!([{"op": "Replace", "path": "members", "value": [{"value": "7"}]}])
        );
        assert_eq!(
            Dialect::Scim2.replace_members("7")["Operations"],
            json!([{"op": "replace", "path": "members", "value": [{"value": "7"}]}])
        );
    }

    #[test]
    fn a_manager_is_a_string_or_an_object() {
        assert_eq!(Dialect::Legacy.set_manager(Verb::Add, "7")["Operations"][0]["value"], json!("7"));
        assert_eq!(
            Dialect::Scim2.set_manager(Verb::Replace, "7")["Operations"][0]["value"],
            json!({"value": "7"})
        );
    }
}
