//! A resource says what it is.

use serde_json::Value;

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::resource::attribute::get;

use crate::requirement::rules::{Rule, is_of_this_run};

const RESOURCE_TYPE: Requirement = Requirement {
    id: "resource-type",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "`meta.resourceType` is the name of the resource type: `User` or `Group`, or what `/ResourceTypes` calls it",
    source: "RFC 7643 §3.1 (the name of the resource type, case exact), §6",
    reasoning: "a client that reads a list of several kinds takes a group for a user",
};

#[derive(Debug)]
pub(crate) struct ResourceType;

impl Rule for ResourceType {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&RESOURCE_TYPE]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let root = seen.place();
        for (kind, resource) in seen.resources() {
            // None at all is nothing wrong: what an endpoint has of `meta` is its own choice.
            let said =
                get(resource, "meta").and_then(|meta| get(meta, "resourceType")).and_then(Value::as_str);
            let Some(said) = said.filter(|said| !mirror.discovery().is_type_name(kind, said)) else {
                continue;
            };
            if is_of_this_run(kind, resource, seen, mirror) {
                let name = kind.name();
                let message = format!(
                    "`meta.resourceType` of a {} is {said:?}, not {name:?}",
                    name.to_ascii_lowercase()
                );
                report
                    .raise_as(&RESOURCE_TYPE, name, message)
                    .shown(|| [Clue::other(format!("{root}/meta/resourceType"), name)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, list, user_with};

    fn typed(name: &Value) -> Value {
        user_with("meta", json!({"resourceType": name}))
    }

    #[test]
    fn table() {
        let judged = |target: &str, body: &Value| {
            let mut story = Story::new(ClientName::Rfc);
            story.get(target, 200, body);
            story.raised("resource-type").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(
            judged("/Users/1", &typed(&json!("Users"))),
            ["`meta.resourceType` of a user is \"Users\", not \"User\""]
        );
        assert_eq!(judged("/Users/1", &typed(&json!("user"))).len(), 1);
        let mut acme = group("g", "Acme", &[]);
        acme["meta"] = json!({"resourceType": "User"});
        assert_eq!(judged("/Groups/g", &acme).len(), 1);
        for meta in [json!({}), json!({"resourceType": null}), json!({"resourceType": "User"})] {
            assert_eq!(judged("/Users/1", &user_with("meta", meta)), [""; 0]);
        }
        // Strangers on a page are somebody else's.
        assert_eq!(judged("/Users?count=2", &list(&[typed(&json!("Users"))])), [""; 0]);
    }

    #[test]
    fn the_endpoint_may_call_it_otherwise() {
        let mut story = Story::new(ClientName::Rfc);
        let types = list(&[json!({"name": "Account", "endpoint": "/scim/v2/Users"})]);
        story.get("/ResourceTypes", 200, &types);
        story.get("/Users/1", 200, &typed(&json!("Account")));
        assert_eq!(story.raised("resource-type"), [""; 0]);
        story.get("/Users/1", 200, &typed(&json!("Accounts")));
        assert_eq!(story.raised("resource-type").len(), 1);
    }
}
