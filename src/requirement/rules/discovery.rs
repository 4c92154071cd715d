//! What an endpoint says of itself.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::report::Report;
use crate::requirement::seen::{List, Seen};
use crate::scim::attribute::get;
use crate::scim::{ResourceKind, urn};
use crate::wire::Method;

use super::Rule;

const SCHEMAS_LISTED: Requirement = Requirement {
    id: "schemas-listed",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Entra],
    text: "`/Schemas` is a ListResponse of the schemas that the endpoint serves, each with its own schema in `schemas`",
    source: "RFC 7644 §4 (SHALL return all supported schemas in ListResponse format), RFC 7643 §7; Entra reads it, and its tests ask for the schema of groups (sheet entra §7 R8, §8.3)",
    reasoning: "Entra cannot offer the endpoint's attributes for mapping",
};

const CONFIG_COMPLETE: Requirement = Requirement {
    id: "config-complete",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "`/ServiceProviderConfig` says of each feature whether it is supported, and how clients authenticate",
    source: "RFC 7643 §5 (`patch`, `bulk`, `filter`, `changePassword`, `sort`, `etag` with `supported`, and `authenticationSchemes` are REQUIRED)",
    reasoning: "a client that asks first does not use what is there, or stops",
};

/// What a configuration says `supported` of.
const FEATURES: [&str; 6] = ["patch", "bulk", "filter", "changePassword", "sort", "etag"];

#[derive(Debug, Default)]
pub(crate) struct Discovery {
    /// What the endpoint was seen to serve.
    served: BTreeSet<ResourceKind>,
}

impl Rule for Discovery {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&SCHEMAS_LISTED, &CONFIG_COMPLETE]
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if let Some(kind) = seen.kind.filter(|_| seen.is_success()) {
            self.served.insert(kind);
        }
        if seen.method() != Method::Get || seen.status() != 200 {
            return;
        }
        match seen.exchange.request.path() {
            "/Schemas" => self.schemas(seen, report),
            "/ServiceProviderConfig" => config(seen, report),
            _ => {}
        }
    }
}

impl Discovery {
    fn schemas(&self, seen: &Seen<'_>, report: &mut Report) {
        let mut raise = |message: String| report.raise(&SCHEMAS_LISTED, message);
        let list = seen.exchange.json().filter(|body| names(body, urn::LIST_RESPONSE));
        let Some(list) = list.map(|body| List { body }) else {
            return raise("the answer is no ListResponse".to_owned());
        };
        if list.resources().iter().any(|schema| !names(schema, urn::SCHEMA)) {
            raise("a schema is listed without its own schema in `schemas`".to_owned());
        }
        // A later page may have the rest.
        for kind in self.served.iter().filter(|_| list.is_whole()) {
            let is_own = |id: &str| id.eq_ignore_ascii_case(kind.schema());
            if !list.ids().any(is_own) {
                raise(format!("{}s are served, and their schema is not listed", kind.name().to_lowercase()));
            }
        }
    }
}

fn config(seen: &Seen<'_>, report: &mut Report) {
    let Some(config) = seen.exchange.json().filter(|body| body.is_object()) else {
        return report.raise(&CONFIG_COMPLETE, "the configuration is no object".to_owned());
    };
    for feature in FEATURES {
        let supported = get(config, feature).and_then(|feature| get(feature, "supported"));
        if !supported.is_some_and(Value::is_boolean) {
            let message = format!("the configuration does not say whether `{feature}` is supported");
            report.raise(&CONFIG_COMPLETE, message);
        }
    }
    if !get(config, "authenticationSchemes").is_some_and(Value::is_array) {
        report.raise(&CONFIG_COMPLETE, "the configuration has no `authenticationSchemes`".to_owned());
    }
}

/// Whether a resource or message has that schema.
fn names(body: &Value, urn: &str) -> bool {
    let schemas = get(body, "schemas").and_then(Value::as_array);
    schemas.into_iter().flatten().filter_map(Value::as_str).any(|each| each.eq_ignore_ascii_case(urn))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::story::{Story, group, list};
    use crate::scim::discovery::{self, Features};

    fn schemas() -> Value {
        discovery::schemas("https://example.com")
    }

    fn judged(target: &str, body: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        story.get("/Groups", 200, &list(&[group("1", "Acme", &[])]));
        story.get(target, 200, body);
        story.said()
    }

    fn configuration() -> Value {
        let features = Features {
            base: "https://example.com".to_owned(),
            patch: true,
            bulk: None,
            filter_max_results: Some(100),
            change_password: false,
            sort: false,
            etag: false,
            authentication: Vec::new(),
        };
        discovery::service_provider_config(&features)
    }

    #[test]
    fn fires() {
        let bare = schemas()["Resources"].clone();
        assert_eq!(judged("/Schemas", &bare), ["schemas-listed: the answer is no ListResponse"]);
        let mut nameless = schemas();
        nameless["Resources"][0].as_object_mut().unwrap().remove("schemas");
        assert_eq!(
            judged("/Schemas", &nameless),
            ["schemas-listed: a schema is listed without its own schema in `schemas`"]
        );
        let mut users = schemas();
        let all = users["Resources"].as_array_mut().unwrap();
        all.retain(|schema| schema["id"] == urn::USER);
        users["totalResults"] = json!(1);
        assert_eq!(
            judged("/Schemas", &users),
            ["schemas-listed: groups are served, and their schema is not listed"]
        );
        let mut config = configuration();
        config.as_object_mut().unwrap().remove("authenticationSchemes");
        config["sort"] = json!({"supported": "no"});
        assert_eq!(
            judged("/ServiceProviderConfig", &config),
            [
                "config-complete: the configuration does not say whether `sort` is supported",
                "config-complete: the configuration has no `authenticationSchemes`"
            ]
        );
    }

    #[test]
    fn stays_silent() {
        assert_eq!(judged("/Schemas", &schemas()), [""; 0]);
        assert_eq!(judged("/ServiceProviderConfig", &configuration()), [""; 0]);
        // A page of several, and one schema alone.
        let mut page = schemas();
        page["Resources"].as_array_mut().unwrap().truncate(1);
        assert_eq!(judged("/Schemas", &page), [""; 0]);
        let one = schemas()["Resources"][0].clone();
        assert_eq!(judged(&format!("/Schemas/{}", urn::USER), &one), [""; 0]);
        // What is not served need not be listed.
        let mut story = Story::new(ClientName::Entra);
        let mut users = schemas();
        users["Resources"].as_array_mut().unwrap().retain(|schema| schema["id"] == urn::USER);
        story.get("/Schemas", 200, &users);
        assert_eq!(story.said(), [""; 0]);
    }
}
