//! What every resource in an answer has.

use serde_json::Value;

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::change::How;
use crate::requirement::exchange::view::{Seen, assigned, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::Method;

use crate::requirement::rules::{Rule, is_of_this_run};

const RESOURCE_ID: Requirement = Requirement {
    id: "resource-id",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "every resource in a response has an `id`, which is a non-empty string",
    source: "RFC 7643 §3.1 (REQUIRED, always returned); Entra requires it on all resources (docs/providers/entra.md#required-ids)",
    reasoning: "the provider finds an account but cannot link it",
};

const RESOURCE_SCHEMAS: Requirement = Requirement {
    id: "resource-schemas",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "every resource in a response names its core schema in `schemas`",
    source: "RFC 7643 §3 (`schemas` is REQUIRED and MUST hold the base schema)",
    reasoning: "a client that relies on the schema misreads the resource",
};

const BOOLEAN_TYPE: Requirement = Requirement {
    id: "boolean-type",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Entra],
    text: "`active` and `primary` are JSON booleans in every response",
    source: "RFC 7643 §2.3.2; Entra cannot parse others (reported, docs/providers/entra.md#wrong-json-types)",
    reasoning: "Entra fails on the user, or sends the same change in every cycle",
};

#[derive(Debug)]
pub(crate) struct ResourceShape;

impl Rule for ResourceShape {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&RESOURCE_ID, &RESOURCE_SCHEMAS, &BOOLEAN_TYPE]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        for (kind, resource) in seen.resources().into_iter().filter(|(_, resource)| resource.is_object()) {
            let name = kind.name().to_ascii_lowercase();
            let root = seen.place();
            // A creation's answer has a rule of its own, and a PATCH's need not be whole for anybody.
            if matches!(seen.method(), Method::Get | Method::Put) {
                if id_of(resource).is_none() {
                    report
                        .raise(&RESOURCE_ID, format!("a {name} was returned without an `id`"))
                        .shown(|| [without_id(resource, root)]);
                }
                if !seen.is_projected() && !names_schema(kind, resource) {
                    report
                        .raise(
                            &RESOURCE_SCHEMAS,
                            format!("a {name} was returned without its schema in `schemas`"),
                        )
                        .shown(|| [Clue::missing(format!("{root}/schemas/*"), kind.schema())]);
                }
            }
            if kind == ResourceKind::User && is_of_this_run(kind, resource, seen, mirror) {
                booleans(resource, root, mirror, report);
            }
        }
    }
}

fn names_schema(kind: ResourceKind, resource: &Value) -> bool {
    let schemas = get(resource, "schemas").and_then(Value::as_array);
    schemas.into_iter().flatten().filter_map(Value::as_str).any(|urn| urn.eq_ignore_ascii_case(kind.schema()))
}

/// How it shows that an id is missing, or is no string.
fn without_id(resource: &Value, root: &str) -> Clue {
    let at = format!("{root}/id");
    match get(resource, "id") {
        None => Clue::none(at),
        Some(Value::String(_)) => Clue::there(at, ""),
        Some(_) => Clue::NotA { at, value: "string".to_owned() },
    }
}

fn booleans(resource: &Value, root: &str, mirror: &Mirror, report: &mut Report) {
    let not_boolean = |at: &str| Clue::NotA { at: format!("{root}/{at}"), value: "boolean".to_owned() };
    let sent_as_string = id_of(resource)
        .and_then(|id| mirror.get(ResourceKind::User, id)?.values.get(&Attribute::Active))
        .is_some_and(|held| held.how == How::StringBoolean);
    if !sent_as_string
        && let Some(active) = assigned(resource, "active").filter(|active| !active.is_boolean())
    {
        report
            .raise(&BOOLEAN_TYPE, format!("`active` was returned as `{active}`"))
            .shown(|| [not_boolean("active")]);
    }
    let emails = get(resource, "emails").and_then(Value::as_array);
    let primary = emails.into_iter().flatten().filter_map(|email| assigned(email, "primary"));
    for primary in primary.filter(|primary| !primary.is_boolean()) {
        report
            .raise(&BOOLEAN_TYPE, format!("`primary` of an e-mail address was returned as `{primary}`"))
            .shown(|| [not_boolean("emails/*/primary")]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, list, user, user_with};

    #[test]
    fn table() {
        let rows: [(&str, Value, &[&str]); 12] = [
            ("/Users/1", user("1", "ada"), &[]),
            ("/Users/1", user_with("active", Value::Null), &[]),
            ("/Groups/1", group("1", "Acme", &[]), &[]),
            ("/Users/1", user_with("id", json!("")), &["resource-id"]),
            ("/Users/1", user_with("id", json!(1)), &["resource-id"]),
            ("/Users?count=2", list(&[user_with("id", Value::Null)]), &["resource-id"]),
            ("/Users/1", user_with("schemas", json!([])), &["resource-schemas"]),
            ("/Users/1?attributes=userName", json!({"id": "1", "userName": "a"}), &[]),
            ("/Users/1", user_with("active", json!(1)), &["boolean-type"]),
            ("/Users/1", user_with("active", json!("true")), &["boolean-type"]),
            (
                "/Users/1",
                user_with("emails", json!([{"value": "a@example.com", "primary": "True"}])),
                &["boolean-type"],
            ),
            ("/Users/1", user_with("schemas", json!([ResourceKind::User.schema(), "urn:x:y"])), &[]),
        ];
        for (target, body, expected) in rows {
            let mut story = Story::new(ClientName::Entra);
            story.get(target, 200, &body);
            assert_eq!(story.ids(), expected, "{target} {body}");
        }
    }
}
