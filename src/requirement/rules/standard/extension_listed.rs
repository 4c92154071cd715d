//! Extensions are listed in `schemas`.

use serde_json::Value;

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::resource::attribute::{get, is_unassigned};
use crate::scim::urn::is_urn;

use crate::requirement::rules::{Rule, is_of_this_run};

const EXTENSION_LISTED: Requirement = Requirement {
    id: "extension-listed",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "a resource that has attributes of an extension lists the extension in `schemas`",
    source: "RFC 7643 §3 (`schemas` holds the URIs of all schemas that the representation supports), §3.3",
    reasoning: "a client that reads the schemas first does not look for the extension, and loses its attributes",
};

#[derive(Debug)]
pub(crate) struct ExtensionListed;

impl Rule for ExtensionListed {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&EXTENSION_LISTED]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let root = seen.place();
        for (kind, resource) in seen.resources() {
            // No schemas at all are told as such, and need not be there where some attributes are asked for.
            let Some(schemas) =
                get(resource, "schemas").and_then(Value::as_array).filter(|all| !all.is_empty())
            else {
                continue;
            };
            let is_listed = |urn: &str| {
                schemas.iter().filter_map(Value::as_str).any(|schema| schema.eq_ignore_ascii_case(urn))
            };
            let members = resource.as_object().into_iter().flatten();
            let unlisted = members
                .filter(|(name, value)| is_urn(name) && value.is_object() && !is_unassigned(value))
                .find(|(name, _)| !is_listed(name));
            if let Some((urn, _)) = unlisted
                && is_of_this_run(kind, resource, seen, mirror)
            {
                let of = kind.name().to_ascii_lowercase();
                let message = format!("a {of} has attributes of `{urn}`, which its `schemas` do not list");
                report.raise(&EXTENSION_LISTED, message).shown(|| {
                    [
                        Clue::any(format!("{root}/{urn}/**")),
                        Clue::missing(format!("{root}/schemas/*"), urn.as_str()),
                    ]
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, user_with};
    use crate::scim::urn;

    fn judged(schemas: Value, extension: Value) -> usize {
        let mut body = user_with(urn::ENTERPRISE_USER, extension);
        body["schemas"] = schemas;
        let mut story = Story::new(ClientName::Rfc);
        story.get("/Users/1", 200, &body);
        story.raised("extension-listed").len()
    }

    #[test]
    fn table() {
        let both = json!([urn::USER, urn::ENTERPRISE_USER.to_uppercase()]);
        let department = json!({"department": "Maths"});
        assert_eq!(judged(json!([urn::USER]), department.clone()), 1);
        for (schemas, extension) in [
            (both, department.clone()),
            (json!([urn::USER]), json!({})),
            (json!([urn::USER]), json!({"department": null})),
            (json!([urn::USER]), Value::Null),
            (json!([]), department.clone()),
            (Value::Null, department),
        ] {
            assert_eq!(judged(schemas.clone(), extension), 0, "{schemas}");
        }
    }
}
