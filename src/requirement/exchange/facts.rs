//! A resource as facts: what it says place by place, so that two answers can be compared, and which attributes a write
//! names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::scim::filter::Filter;
use crate::scim::resource::attribute::{boolean_word, get, is_unassigned};
use crate::scim::urn::is_urn;
use crate::scim::{AttrPath, Leniency, Path, ResourceKind, schema};

use super::view::is_heavy;

/// The most facts of a resource, and the longest value, in bytes. Those beyond are not followed.
const MOST: usize = 200;
const LONGEST: usize = 1_024;

/// What an endpoint may change by itself at any time (RFC 7643 §3.1, §4.1.2, §7), or what other rules follow.
const BY_ITSELF: [&str; 6] = ["id", "meta", "schemas", "groups", "members", "password"];

/// One thing that a resource says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact {
    /// Its place, as reports name it: `name.givenName`, `emails[work].value`, `urn:…:User:department`.
    pub(crate) place: String,
    /// The attribute, in small letters.
    pub(crate) attribute: String,
    /// Its place in an answer, for a script: `body/emails/*/value`.
    pub(crate) at: String,
    pub(crate) value: Value,
}

/// Facts by place, in small letters.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts(BTreeMap<String, Fact>);

impl Facts {
    /// What a resource says; nothing of one that is larger than any that a provider sends.
    pub(crate) fn of(resource: &Value) -> Option<Self> {
        let mut facts = Self::default();
        for (name, value) in resource.as_object().filter(|_| !is_heavy(resource))? {
            let is_followed = |name: &str| !BY_ITSELF.iter().any(|own| own.eq_ignore_ascii_case(name));
            match value {
                Value::Object(container) if is_urn(name) => {
                    for (inner, value) in container {
                        facts.attribute(&format!("{name}:{inner}"), &format!("body/{name}/{inner}"), value);
                    }
                }
                value if is_followed(name) => facts.attribute(name, &format!("body/{name}"), value),
                _ => {}
            }
        }
        Some(facts)
    }

    /// One after the other.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.0.values()
    }

    /// The value at the place of a fact.
    pub(crate) fn at(&self, fact: &Fact) -> Option<&Value> {
        self.0.get(&fact.place.to_ascii_lowercase()).map(|fact| &fact.value)
    }

    /// Whether anything of an attribute is there.
    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.0.values().any(|fact| fact.attribute == attribute)
    }

    /// Keeps some.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Fact) -> bool) {
        self.0.retain(|_, fact| keep(fact));
    }

    fn attribute(&mut self, name: &str, at: &str, value: &Value) {
        match value {
            Value::Object(parts) => self.parts(name, name, at, parts),
            Value::Array(elements) => self.elements(name, at, elements),
            value => self.add(name, name.to_owned(), at.to_owned(), value),
        }
    }

    /// Elements by their type, where each has one of its own; else all in one.
    fn elements(&mut self, name: &str, at: &str, elements: &[Value]) {
        let kinds: Vec<Option<String>> = elements
            .iter()
            .map(|element| Some(get(element, "type")?.as_str()?.to_ascii_lowercase()))
            .collect();
        let once: BTreeSet<&Option<String>> = kinds.iter().collect();
        if once.len() == elements.len() && !once.contains(&None) {
            for (element, kind) in elements.iter().zip(kinds.iter().flatten()) {
                if let Value::Object(parts) = element {
                    self.parts(name, &format!("{name}[{kind}]"), &format!("{at}/*"), parts);
                }
            }
            return;
        }
        let mut values: Vec<String> =
            elements.iter().map(|element| get(element, "value").unwrap_or(element).to_string()).collect();
        values.sort();
        self.add(name, name.to_owned(), format!("{at}/*/value"), &Value::from(values));
    }

    fn parts(&mut self, name: &str, place: &str, at: &str, parts: &serde_json::Map<String, Value>) {
        for (part, value) in parts {
            let is_said = !["type", "$ref", "display"].iter().any(|own| own.eq_ignore_ascii_case(part));
            // Not to be the primary one is to say nothing.
            if is_said && *value != Value::Bool(false) {
                self.add(name, format!("{place}.{part}"), format!("{at}/{part}"), value);
            }
        }
    }

    fn add(&mut self, name: &str, place: String, at: String, value: &Value) {
        let is_long = value.as_str().is_some_and(|text| text.len() > LONGEST);
        if is_unassigned(value) || is_long || self.0.len() >= MOST {
            return;
        }
        let attribute = name.to_ascii_lowercase();
        // The form in which a boolean is answered has a rule of its own.
        let word = value.as_str().filter(|_| attribute == "active").and_then(boolean_word);
        let value = word.map_or_else(|| value.clone(), Value::Bool);
        self.0.insert(place.to_ascii_lowercase(), Fact { place, attribute, at, value });
    }
}

/// The attributes that writes name, in small letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    attributes: BTreeSet<String>,
    /// Whether any may be meant.
    all: bool,
}

impl Named {
    /// Those of a PATCH.
    pub(crate) fn of_patch(kind: ResourceKind, sent: Option<&Value>) -> Self {
        let mut named = Self::default();
        let operations = sent.and_then(|sent| get(sent, "Operations")).and_then(Value::as_array);
        let Some(operations) = operations else { return Self::everything() };
        for operation in operations {
            let value = get(operation, "value").unwrap_or(&Value::Null);
            match get(operation, "path") {
                None | Some(Value::Null) => match value {
                    Value::Object(values) => {
                        values.iter().for_each(|(key, value)| named.add(kind, key, value));
                    }
                    _ => named.all = true,
                },
                Some(path) => named.add(kind, path.as_str().unwrap_or_default(), value),
            }
        }
        named
    }

    /// Those of a whole resource that was sent.
    pub(crate) fn of_whole(kind: ResourceKind, sent: &Value) -> Self {
        let mut named = Self::default();
        let values = sent.as_object().into_iter().flatten();
        values.for_each(|(key, value)| named.add(kind, key, value));
        named
    }

    /// Any.
    pub(crate) fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// Whether a write names an attribute.
    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.all || self.attributes.contains(attribute)
    }

    /// Those of both.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.all |= other.all;
        self.attributes.extend(other.attributes.iter().cloned());
    }

    fn add(&mut self, kind: ResourceKind, path: &str, value: &Value) {
        let Ok(path) = Path::parse(path, &Leniency::all()) else {
            self.all = true;
            return;
        };
        if path.attr.is_container() {
            let is_core = path.attr.name.eq_ignore_ascii_case(kind.schema());
            match value {
                Value::Object(values) if is_core => {
                    values.iter().for_each(|(key, value)| self.add(kind, key, value));
                }
                Value::Object(values) => {
                    let urn = &path.attr.name;
                    values.iter().for_each(|(key, value)| self.add(kind, &format!("{urn}:{key}"), value));
                }
                _ => self.all = true,
            }
            return;
        }
        self.attributes.extend(names(kind, &path.attr));
    }
}

/// What an attribute is called as a fact. An attribute of the extension may come without its URN.
fn names(kind: ResourceKind, path: &AttrPath) -> Vec<String> {
    let name = &path.name;
    let urn = path.schema.as_deref().filter(|urn| !urn.eq_ignore_ascii_case(kind.schema()));
    let mut names = vec![match urn {
        Some(urn) => format!("{urn}:{name}").to_ascii_lowercase(),
        None => name.to_ascii_lowercase(),
    }];
    if let (None, Some(urn)) = (urn, schema::extension_of(name)) {
        names.push(format!("{urn}:{name}").to_ascii_lowercase());
    }
    names
}

/// The multi-valued attribute, and the type of the one element that a value path selects.
pub(crate) fn element_of(path: &str) -> Option<(String, String)> {
    let path = Path::parse(path, &Leniency::all()).ok()?;
    let (named, kind) = path.filter.as_ref().and_then(Filter::equality)?;
    (named.is("type") && path.attr.schema.is_none())
        .then(|| (path.attr.name.to_ascii_lowercase(), kind.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn places(resource: &Value) -> Vec<String> {
        let facts = Facts::of(resource).unwrap();
        facts.iter().map(|fact| format!("{}={}", fact.place, fact.value)).collect()
    }

    #[test]
    fn a_resource_says_facts() {
        let user = json!({
            "id": "1", "schemas": [], "meta": {"version": "1"}, "groups": [{"value": "7"}], "title": "Boss",
            "name": {"familyName": "Byron", "formatted": null}, "active": "True", "nickName": "",
            "emails": [
                {"type": "work", "value": "a@x", "primary": true}, {"type": "home", "value": "b@x", "primary": false}
            ],
            "phoneNumbers": [{"value": "2"}, {"value": "1"}],
            ENTERPRISE: {"department": "Maths", "manager": {"value": "9", "$ref": "x"}},
        });
        assert_eq!(
            places(&user),
            [
                "active=true",
                "emails[home].value=\"b@x\"",
                "emails[work].primary=true",
                "emails[work].value=\"a@x\"",
                "name.familyName=\"Byron\"",
                r#"phoneNumbers=["\"1\"","\"2\""]"#,
                "title=\"Boss\"",
                &format!("{ENTERPRISE}:department=\"Maths\""),
                &format!("{ENTERPRISE}:manager.value=\"9\""),
            ]
        );
        assert_eq!(Facts::of(&json!("x")), None);
    }

    #[test]
    fn a_patch_names_attributes() {
        let named =
            |operations: Value| Named::of_patch(ResourceKind::User, Some(&json!({"Operations": operations})));
        let by_path = named(json!([
            {"op": "replace", "path": "name.familyName", "value": "King"},
            {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@x"},
            {"op": "replace", "path": format!("{ENTERPRISE}:department"), "value": "x"},
            {"op": "replace", "path": "employeeNumber", "value": "x"},
        ]));
        let department = format!("{ENTERPRISE}:department").to_ascii_lowercase();
        let number = format!("{ENTERPRISE}:employeenumber").to_ascii_lowercase();
        for name in ["name", "emails", &department, &number] {
            assert!(by_path.has(name), "{name}: {by_path:?}");
        }
        assert!(!by_path.has("title"));
        let pathless = named(json!([{"op": "replace", "value": {
            "name.givenName": "x", "emails[type eq \"work\"].value": "y", ENTERPRISE: {"department": "z"},
        }}]));
        assert!(pathless.has("name") && pathless.has("emails") && pathless.has(&department));
        assert!(!pathless.has("title") && !pathless.has(&number));
        assert!(named(json!([{"op": "replace", "path": "a b c", "value": 1}])).has("title"));
        assert!(named(json!([{"op": "replace", "value": "x"}])).has("title"));
        assert!(Named::of_patch(ResourceKind::User, None).has("title"));
    }

    #[test]
    fn a_value_path_selects_an_element() {
        let of = |path| element_of(path).map(|(name, kind)| format!("{name} {kind}"));
        assert_eq!(of("addresses[type eq \"Work\"].locality").as_deref(), Some("addresses work"));
        assert_eq!(of("addresses[primary eq true].locality"), None);
        assert_eq!(of("addresses"), None);
    }
}
