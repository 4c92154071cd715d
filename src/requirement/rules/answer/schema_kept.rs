//! Resources are what the schemas say, the RFC's and the endpoint's own.

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::schema::resource_schema::ResourceSchema;

use crate::requirement::rules::{Rule, is_of_this_run};

const RESOURCE_SCHEMA: Requirement = Requirement {
    id: "resource-schema",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Entra],
    text: "every attribute in a response has the type that its schema defines",
    source: "RFC 7643 §2.3, §4, §8.7.1; Entra reads answers by the schema (docs/providers/entra.md#answer-that-cannot-be-parsed, docs/providers/entra.md#wrong-json-types)",
    reasoning: "a client that parses by the schema rejects the whole resource, or loses the value",
};

const OWN_SCHEMA: Requirement = Requirement {
    id: "own-schema",
    level: Level::Should,
    concerns: &[Concern::Rfc],
    text: "every attribute in a response matches the endpoint's own `/Schemas`",
    source: "RFC 7644 §4 (`/Schemas` tells the supported schemas), RFC 7643 §7",
    reasoning: "a client that configures itself by discovery expects a different type",
};

#[derive(Debug)]
pub(crate) struct SchemaKept;

impl Rule for SchemaKept {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&RESOURCE_SCHEMA, &OWN_SCHEMA]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let objects = seen.resources().into_iter().filter(|(_, resource)| resource.is_object());
        for (kind, resource) in
            objects.filter(|(kind, resource)| is_of_this_run(*kind, resource, seen, mirror))
        {
            let name = kind.name().to_ascii_lowercase();
            let mut broken = Vec::new();
            for found in ResourceSchema::rfc(kind).mismatches(resource) {
                if !has_own_rule(&found.path) {
                    let message = format!("`{}` of a {name} {}", found.path, found.what);
                    report.raise(&RESOURCE_SCHEMA, message);
                }
                broken.push(found.path);
            }
            let own = mirror.discovery().schema(kind).map(|own| own.mismatches(resource)).unwrap_or_default();
            // What breaks the RFC's schema too is one breach, and it was told.
            for found in
                own.into_iter().filter(|found| !broken.contains(&found.path) && !has_own_rule(&found.path))
            {
                let message = format!(
                    "`{}` of a {name} {} according to the endpoint's own schema",
                    found.path, found.what
                );
                report.raise(&OWN_SCHEMA, message);
            }
        }
    }
}

/// What `resource-id`, `resource-schemas`, `boolean-type` and `password-returned` look at.
fn has_own_rule(path: &str) -> bool {
    matches!(path, "id" | "schemas" | "active" | "password") || path.ends_with(".primary")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, list, user, user_with};
    use crate::scim::urn;

    fn judged(body: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        story.get("/Users/1", 200, body);
        let said = story.said().into_iter();
        said.filter(|said| said.starts_with("resource-schema:") || said.starts_with("own-schema")).collect()
    }

    #[test]
    fn fires() {
        for (body, said) in [
            (user_with("title", json!(7)), "resource-schema: `title` of a user is a number, not a string"),
            (user_with("name", json!("Ada")), "resource-schema: `name` of a user is a string, not an object"),
            (
                user_with("meta", json!({"lastModified": "1767225600"})),
                "resource-schema: `meta.lastModified` of a user is not a date with a time (xsd:dateTime)",
            ),
        ] {
            assert_eq!(judged(&body), [said]);
        }
        let mut story = Story::new(ClientName::Entra);
        let mut acme = group("g", "Acme", &[]);
        acme["members"] = json!({"value": "1"});
        story.get("/Groups/g", 200, &acme);
        assert_eq!(story.raised("resource-schema").len(), 1);
    }

    #[test]
    fn stays_silent() {
        for body in [
            user("1", "ada"),
            user_with("USERNAME", json!("ada")),
            user_with("nickName", Value::Null),
            user_with("favouriteColour", json!({"rgb": [1, 2, 3]})),
            user_with("groups", json!([])),
            user_with("groups", json!([{"value": "g", "$ref": "../Groups/g", "display": null}])),
            user_with("urn:example:2.0:User", json!({"badge": 7})),
            user_with(
                "meta",
                json!({"resourceType": "User", "created": "2026-01-01T00:00:00.1234567+00:00", "version": "W/\"1\""}),
            ),
            // Those have rules of their own.
            user_with("active", json!("True")),
        ] {
            assert_eq!(judged(&body), [""; 0], "{body}");
        }
        let mut story = Story::new(ClientName::Entra);
        story.get("/Users/1?attributes=userName", 200, &json!({"id": "1", "userName": "ada"}));
        assert_eq!(story.said(), [""; 0]);
    }

    /// A user who is answered to a request, and whether what is wrong with them is told.
    #[test]
    fn strangers_on_a_page_are_not_judged() {
        let page = "/Users?startIndex=1&count=2";
        let lookup = "/Users?filter=userName%20eq%20%22ada@example.com%22";
        let odd = |id: &str, name: &str| {
            let mut odd = user(id, name);
            odd["title"] = json!(7);
            odd["active"] = json!("True");
            odd
        };
        let rows: [(&str, &str, Value, bool); 7] = [
            ("created here, on a page", page, odd("1", "ada"), true),
            ("looked for by name", lookup, odd("2", "ada"), true),
            ("looked for by another case of the name", lookup, odd("2", "Ada"), true),
            ("read by id", "/Users/2", odd("2", "bob"), true),
            ("a stranger on a page", page, odd("2", "bob"), false),
            ("a stranger on a page without bounds", "/Users", odd("2", "bob"), false),
            ("a stranger in a lookup that does not filter", lookup, odd("2", "bob"), false),
        ];
        for (what, target, resource, told) in rows {
            let mut story = Story::new(ClientName::OktaOin);
            story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
            let answer = if target.contains("/Users/") { resource } else { list(&[resource]) };
            story.get(target, 200, &answer);
            for id in ["resource-schema", "boolean-type"] {
                assert_eq!(!story.raised(id).is_empty(), told, "{what}: {id}");
            }
        }
    }

    #[test]
    fn the_endpoints_own_schema_counts_where_it_was_read() {
        let schemas = list(&[json!({"id": urn::USER, "attributes": [
            {"name": "nickName", "type": "complex", "multiValued": true}, {"name": "name", "type": "string"}
        ]})]);
        let mut story = Story::new(ClientName::Entra);
        story.get("/Users/1", 200, &user_with("nickName", json!("ada")));
        story.get("/Schemas", 200, &schemas);
        story.get("/Users/1", 200, &user_with("nickName", json!("ada")));
        assert_eq!(
            story.said(),
            [
                "own-schema: `name` of a user is an object, not a string according to the endpoint's own schema",
                "own-schema: `nickName` of a user is a string, not a list of the type that the schema defines according to the endpoint's own schema",
            ]
        );
    }
}
