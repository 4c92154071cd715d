//! `attributes` says what an answer shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::requirement::exchange::view::{Seen, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::resource::attribute::is_unassigned;
use crate::scim::schema::{self, Returned};
use crate::scim::{AttrPath, ResourceKind, urn};

use crate::requirement::rules::Rule;

const ATTRIBUTES_HEEDED: Requirement = Requirement {
    id: "attributes-heeded",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "a response to `attributes` has the attributes that were asked for, and no others but those that are always returned",
    source: "RFC 7644 §3.9 (the default list SHALL be overridden; each resource MUST contain what is asked for), RFC 7643 §7 (`returned`)",
    reasoning: "a client that asks for little is sent everything, with data that it must not see, or lacks what it asked for",
};

#[derive(Debug, Default)]
pub(crate) struct AttributesHeeded {
    /// What the last whole answer about a resource showed, by the names of its attributes in small letters.
    shown: BTreeMap<(ResourceKind, String), BTreeSet<String>>,
}

impl Rule for AttributesHeeded {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&ATTRIBUTES_HEEDED]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if let Some((kind, id)) = seen.target().filter(|_| seen.method().writes()) {
            self.shown.remove(&(kind, id.to_owned()));
        }
        let query = &seen.query;
        let asked = query.attributes.as_deref().filter(|_| query.excluded_attributes.is_none());
        for (kind, resource) in seen.resources() {
            let (Some(id), Some(members)) = (id_of(resource), resource.as_object()) else { continue };
            let assigned = members.iter().filter(|(_, value)| !is_unassigned(value));
            let there: BTreeSet<String> = assigned.map(|(name, _)| name.to_ascii_lowercase()).collect();
            let key = (kind, id.to_owned());
            let Some(asked) = asked else {
                if !seen.is_projected() && seen.list_kind().is_none() {
                    self.shown.insert(key, there);
                }
                continue;
            };
            let Some(wanted) = wanted(kind, asked) else { continue };
            let root = seen.place();
            let of = kind.name().to_ascii_lowercase();
            let is_extra = |name: &&String| !wanted.contains(*name) && is_by_default(kind, name, mirror);
            if let Some(extra) = there.iter().find(is_extra) {
                let name = spelled(resource, extra);
                let message =
                    format!("`{name}` of a {of} is returned, although `attributes` does not ask for it");
                report
                    .raise_as(&ATTRIBUTES_HEEDED, format!("{of} extra"), message)
                    .shown(|| [Clue::any(format!("{root}/{name}/**"))]);
            }
            let is_missing = |name: &&String| wanted.contains(*name) && !there.contains(*name);
            if let Some(missing) = self.shown.get(&key).and_then(|shown| shown.iter().find(is_missing)) {
                let message = format!(
                    "`{missing}` of a {of} is not returned, although `attributes` asks for it and there is one"
                );
                report.raise_as(&ATTRIBUTES_HEEDED, format!("{of} missing"), message);
            }
        }
    }
}

/// The names that are asked for, in small letters; nothing where one of them cannot be read.
fn wanted(kind: ResourceKind, asked: &str) -> Option<BTreeSet<String>> {
    let mut wanted = BTreeSet::new();
    for name in asked.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let path = AttrPath::parse(name).ok()?;
        let urn = path.schema.as_deref().filter(|urn| !urn.eq_ignore_ascii_case(kind.schema()));
        let extension = urn.or_else(|| schema::extension_of(&path.name));
        wanted.insert(extension.unwrap_or(&path.name).to_ascii_lowercase());
    }
    Some(wanted)
}

/// Whether an attribute is returned where nothing is asked for, and only then. An endpoint may always return the name by
/// which a resource is known.
fn is_by_default(kind: ResourceKind, name: &str, mirror: &Mirror) -> bool {
    const OFTEN: [&str; 5] = ["id", "schemas", "meta", "externalid", "username"];
    if OFTEN.contains(&name) || (kind == ResourceKind::Group && name == "displayname") {
        return false;
    }
    let is_known = name.eq_ignore_ascii_case(urn::ENTERPRISE_USER)
        || schema::top_level(kind, Some(kind.schema()), name)
            .is_some_and(|attribute| attribute.returned == Returned::Default);
    is_known && !mirror.discovery().is_always_returned(name)
}

/// A name as the resource has it.
fn spelled<'r>(resource: &'r Value, name: &'r str) -> &'r str {
    let mut names = resource.as_object().into_iter().flat_map(|members| members.keys());
    names.find(|key| key.eq_ignore_ascii_case(name)).map_or(name, String::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list, user};

    fn judged(target: &str, body: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::Rfc);
        story.get("/Users/1", 200, &user("1", "ada"));
        story.get(target, 200, body);
        story.raised("attributes-heeded").into_iter().map(str::to_owned).collect()
    }

    fn with(name: &str, value: Value) -> Value {
        let mut body = json!({"id": "1", "schemas": []});
        body[name] = value;
        body
    }

    #[test]
    fn fires() {
        assert_eq!(
            judged("/Users/1?attributes=userName", &user("1", "ada")),
            ["`active` of a user is returned, although `attributes` does not ask for it"]
        );
        assert_eq!(judged("/Users?attributes=userName", &list(&[user("1", "ada")])).len(), 1);
        assert_eq!(
            judged("/Users/1?attributes=emails.value,userName", &with("userName", json!("ada"))),
            ["`emails` of a user is not returned, although `attributes` asks for it and there is one"]
        );
    }

    #[test]
    fn stays_silent() {
        let (name, email) = (json!({"familyName": "Byron"}), json!([{"value": "a"}]));
        for (target, body) in [
            ("/Users/1?attributes=userName", with("userName", json!("ada"))),
            ("/Users/1?attributes=USERNAME", with("userName", json!("ada"))),
            ("/Users/1?attributes=name.familyName", with("name", name)),
            ("/Users/1?attributes=urn:ietf:params:scim:schemas:core:2.0:User:emails", with("emails", email)),
            // Nobody has a title, and some always say who somebody is.
            ("/Users/1?attributes=title", with("userName", json!("ada"))),
            ("/Users/1?attributes=active", with("active", json!(true))),
            ("/Users/1?attributes=title", with("favouriteColour", json!("red"))),
            ("/Users/1?attributes=title", with("name", Value::Null)),
            ("/Users/1?excludedAttributes=emails", user("1", "ada")),
        ] {
            assert_eq!(judged(target, &body), [""; 0], "{target}");
        }
    }

    #[test]
    fn the_endpoint_may_say_that_it_always_returns_something() {
        let mut story = Story::new(ClientName::Rfc);
        let attributes = json!([{"name": "active", "returned": "always"}]);
        story.get("/Schemas", 200, &list(&[json!({"id": urn::USER, "attributes": attributes})]));
        let mut body = with("active", json!(true));
        body["userName"] = json!("ada");
        story.get("/Users/1?attributes=userName", 200, &body);
        assert_eq!(story.raised("attributes-heeded"), [""; 0]);
    }
}
