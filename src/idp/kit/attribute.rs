//! An attribute that a provider maps, by the path under which scenarios and PATCH bodies name it.

use serde_json::{Map, Value, json};

use crate::directory::{EXTERNAL_ID, Person};

use super::resource::{field, slot};
use super::urn;

/// Attributes of the enterprise extension that scenarios may name by their short name (RFC 7643 §4.3).
const ENTERPRISE: [&str; 5] = ["employeeNumber", "costCenter", "organization", "division", "department"];

/// `title`, `name.givenName`, `emails[type eq "work"].value`, `department`, `urn:…:User:department`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    /// The extension that it belongs to.
    extension: Option<&'a str>,
    name: &'a str,
    /// The `type` of the element that is meant, in a multi-valued attribute.
    kind: Option<&'a str>,
    sub: Option<&'a str>,
}

impl<'a> Attribute<'a> {
    /// Reads a path. Text of another form is taken for the name of a simple attribute.
    pub(crate) fn parse(text: &'a str) -> Self {
        let (extension, rest) = match text.rsplit_once(':') {
            Some((urn::USER, rest)) => (None, rest),
            Some((extension, rest)) if text.starts_with("urn:") => (Some(extension), rest),
            _ => (ENTERPRISE.contains(&text).then_some(urn::ENTERPRISE), text),
        };
        if let Some((name, filter)) = rest.split_once("[type eq \"")
            && let Some((kind, sub)) = filter.split_once("\"].")
        {
            return Self { extension, name, kind: Some(kind), sub: Some(sub) };
        }
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (rest, None),
        };
        Self { extension, name, kind: None, sub }
    }

    /// The path of a PATCH operation (RFC 7644 §3.5.2).
    pub(crate) fn path(&self) -> String {
        let mut path = self.extension.map(|urn| format!("{urn}:")).unwrap_or_default();
        path.push_str(self.name);
        if let Some(kind) = self.kind {
            path.push_str("[type eq \"");
            path.push_str(kind);
            path.push_str("\"]");
        }
        if let Some(sub) = self.sub {
            path.push('.');
            path.push_str(sub);
        }
        path
    }

    /// Whether it names an element of a multi-valued attribute.
    pub(crate) fn is_value_path(&self) -> bool {
        self.kind.is_some()
    }

    /// Whether it belongs to an extension.
    pub(crate) fn is_extension(&self) -> bool {
        self.extension.is_some()
    }

    /// Where it stands among the parts of an address, in the order in which addresses are written (captured from Entra
    /// and sampled from JumpCloud alike).
    fn rank(&self) -> usize {
        const PARTS: [&str; 6] =
            ["formatted", "streetAddress", "locality", "region", "postalCode", "country"];
        let part = self.sub.filter(|_| self.name == "addresses");
        part.and_then(|part| PARTS.iter().position(|name| *name == part)).unwrap_or_default()
    }

    /// Its name, without extension and sub-attribute.
    pub(crate) fn name(&self) -> &'a str {
        self.name
    }

    /// The top-level name, under which it stands in a resource.
    pub(crate) fn root(&self) -> &'a str {
        self.extension.unwrap_or(self.name)
    }

    /// Its value in a resource.
    pub(crate) fn get<'v>(&self, resource: &'v Value) -> Option<&'v Value> {
        let holder = match self.extension {
            Some(urn) => field(resource, urn)?,
            None => resource,
        };
        let value = field(holder, self.name)?;
        let value = match self.kind {
            Some(kind) => value.as_array()?.iter().find(|element| is_of(element, kind))?,
            None => value,
        };
        match self.sub {
            Some(sub) => field(value, sub),
            None => Some(value),
        }
    }

    /// Sets its value in a resource and leaves all else as it is.
    pub(crate) fn set(&self, resource: &mut Map<String, Value>, value: Value) {
        let holder = match self.extension {
            Some(urn) => object(slot(resource, urn)),
            None => resource,
        };
        let place = slot(holder, self.name);
        let place = match self.kind {
            Some(kind) => element(place, kind),
            None => place,
        };
        match self.sub {
            Some(sub) => *slot(object(place), sub) = value,
            None => *place = value,
        }
    }
}

/// The attributes of a person's profile with their values, empty ones included: by name, and the parts of an address in
/// their order. `externalId` is not among them, since every provider has a place of its own for it.
pub(crate) fn profile(person: &Person) -> Vec<(Attribute<'_>, &str)> {
    let all = person.profile.iter().filter(|(path, _)| *path != EXTERNAL_ID);
    let mut all: Vec<_> = all.map(|(path, value)| (Attribute::parse(path), value.as_str())).collect();
    // By the name first, which a stable sort keeps: the parts of one address stand together.
    all.sort_by_key(|(attribute, _)| (attribute.extension, attribute.name, attribute.kind, attribute.rank()));
    all
}

impl Attribute<'_> {
    /// Takes its value out of a resource, with what would be left empty.
    pub(crate) fn remove(&self, resource: &mut Map<String, Value>) {
        match self.extension {
            Some(urn) => {
                if let Some(Value::Object(extension)) = resource.get_mut(urn) {
                    self.remove_from(extension);
                    if extension.is_empty() {
                        resource.shift_remove(urn);
                    }
                }
            }
            None => self.remove_from(resource),
        }
    }

    fn remove_from(&self, holder: &mut Map<String, Value>) {
        let Some(place) = holder.get_mut(self.name) else { return };
        match (self.kind, self.sub) {
            (Some(kind), Some(sub)) => {
                let Value::Array(elements) = place else { return };
                if sub == "value" {
                    elements.retain(|element| !is_of(element, kind));
                } else {
                    for element in elements.iter_mut().filter(|element| is_of(element, kind)) {
                        object(element).shift_remove(sub);
                    }
                }
            }
            (None, Some(sub)) => {
                object(place).shift_remove(sub);
            }
            (_, None) => *place = Value::Null,
        }
        let is_empty = match place {
            Value::Null => true,
            Value::Array(elements) => elements.is_empty(),
            Value::Object(map) => map.is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        };
        if is_empty {
            holder.shift_remove(self.name);
        }
    }
}

fn is_of(element: &Value, kind: &str) -> bool {
    field(element, "type").and_then(Value::as_str).is_some_and(|own| own.eq_ignore_ascii_case(kind))
}

/// The value as an object; what is none becomes one.
pub(crate) fn object(value: &mut Value) -> &mut Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => {
            *other = Value::Object(Map::new());
            object(other)
        }
    }
}

/// The element of that type in a multi-valued attribute, added where there is none.
fn element<'v>(value: &'v mut Value, kind: &str) -> &'v mut Value {
    if !value.is_array() {
        *value = json!([]);
    }
    let index = match value.as_array_mut() {
        Some(elements) => elements.iter().position(|element| is_of(element, kind)).unwrap_or_else(|| {
            elements.push(json!({"type": kind}));
            elements.len() - 1
        }),
        None => 0,
    };
    &mut value[index]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATHS: [&str; 7] = [
        "title",
        "name.givenName",
        "emails[type eq \"work\"].value",
        "phoneNumbers[type eq \"mobile\"].value",
        "department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter",
        "urn:example:params:scim:schemas:extension:Custom:2.0:User:tag",
    ];

    #[test]
    fn a_short_name_of_the_enterprise_extension_has_its_urn_in_the_path() {
        assert_eq!(
            Attribute::parse("department").path(),
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"
        );
        assert_eq!(Attribute::parse("urn:ietf:params:scim:schemas:core:2.0:User:title").path(), "title");
    }

    #[test]
    fn names_are_found_in_any_case_and_keep_their_spelling() {
        let mut resource = json!({"Title": "Analyst"});
        let title = Attribute::parse("title");
        assert_eq!(title.get(&resource), Some(&json!("Analyst")));
        title.set(object(&mut resource), json!("Engineer"));
        assert_eq!(resource, json!({"Title": "Engineer"}));
    }

    proptest! {
        #[test]
        fn what_was_set_is_read_and_paths_do_not_disturb_each_other(
            first in 0..PATHS.len(), second in 0..PATHS.len(), one in ".*", other in ".*",
        ) {
            prop_assume!(first != second);
            let (a, b) = (Attribute::parse(PATHS[first]), Attribute::parse(PATHS[second]));
            let mut resource = json!({"id": "1", "emails": [{"type": "home", "value": "h@example.com"}]});
            a.set(object(&mut resource), json!(one));
            b.set(object(&mut resource), json!(other));
            prop_assert_eq!(a.get(&resource), Some(&json!(one)));
            prop_assert_eq!(b.get(&resource), Some(&json!(other)));
            prop_assert_eq!(&resource["emails"][0]["value"], &json!("h@example.com"));
        }

        #[test]
        fn a_path_reads_back_as_itself(index in 0..PATHS.len()) {
            let attribute = Attribute::parse(PATHS[index]);
            let path = attribute.path();
            prop_assert_eq!(Attribute::parse(&path), attribute);
        }
    }
}
