//! A value path changes the element that it selects, and makes no second one.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::requirement::exchange::facts::element_of;
use crate::requirement::exchange::view::{Seen, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::Method;

use crate::requirement::rules::Rule;

const ONE_ELEMENT: Requirement = Requirement {
    id: "one-element",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Entra],
    text: "a PATCH by value path (`emails[type eq \"work\"].value`) changes the element of that type, and leaves one of it",
    source: "RFC 7644 §3.5.2 (a value path selects the values to be changed); docs/providers/entra.md#value-paths-that-create",
    reasoning: "a person gets one address more with each change, and the old one stays in use",
};

/// The most resources that are followed.
const MOST: usize = 1_000;

/// An element that value paths were about: the attribute and the type, in small letters.
type Element = (String, String);

#[derive(Debug, Default)]
pub(crate) struct OneElement {
    /// What a PATCH since the last read was about, by the user's id, with the number of the last one.
    asked: BTreeMap<String, BTreeMap<Element, usize>>,
    /// Elements of which there were several before.
    several: BTreeMap<String, Vec<Element>>,
}

impl Rule for OneElement {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&ONE_ELEMENT]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let Some((ResourceKind::User, id)) = seen.target() else {
            if let Some(id) = seen.exchange.json().and_then(id_of).filter(|_| seen.is_create()) {
                self.note_several(id, seen);
            }
            return;
        };
        match seen.method() {
            Method::Patch if seen.is_success() && self.asked.len() < MOST => {
                let operations = seen.sent.and_then(|sent| get(sent, "Operations")).and_then(Value::as_array);
                for operation in operations.into_iter().flatten() {
                    let path = get(operation, "path").and_then(Value::as_str).unwrap_or_default();
                    if let Some(element) = element_of(path) {
                        self.asked.entry(id.to_owned()).or_default().insert(element, seen.exchange.number);
                    } else if path.is_empty() || !path.contains(['[', '.']) {
                        // A whole list may be what it was sent as.
                        self.asked.remove(id);
                    }
                }
            }
            Method::Put | Method::Delete => drop(self.asked.remove(id)),
            Method::Get if !seen.is_projected() => {
                let Some((_, _, body)) = seen.read() else { return };
                let known = self.several.remove(id).unwrap_or_default();
                for (element, number) in self.asked.remove(id).unwrap_or_default() {
                    let (attribute, kind) = &element;
                    let count = count(body, &element);
                    if count > 1 && !known.contains(&element) {
                        let message = format!(
                            "a PATCH by value path of `{attribute}` of type `{kind}` left {count} of that type"
                        );
                        let at = format!("body/{attribute}/*/type");
                        report
                            .raise_as(&ONE_ELEMENT, format!("`{attribute}`"), message)
                            .by(Some(number))
                            .shown(|| [Clue::Twice { at }]);
                    }
                }
                self.note_several(id, seen);
            }
            _ => {}
        }
    }
}

impl OneElement {
    /// Remembers of what there are several already.
    fn note_several(&mut self, id: &str, seen: &Seen<'_>) {
        let attributes = seen.exchange.json().and_then(Value::as_object).into_iter().flatten();
        for (attribute, value) in attributes {
            for element in value.as_array().into_iter().flatten() {
                let kind = get(element, "type").and_then(Value::as_str).unwrap_or_default();
                let element = (attribute.to_ascii_lowercase(), kind.to_ascii_lowercase());
                if self.several.len() < MOST
                    && seen.exchange.json().is_some_and(|body| count(body, &element) > 1)
                {
                    let known = self.several.entry(id.to_owned()).or_default();
                    if !known.contains(&element) {
                        known.push(element);
                    }
                }
            }
        }
    }
}

/// How many elements of a type an attribute has.
fn count(body: &Value, (attribute, kind): &Element) -> usize {
    let elements = get(body, attribute).and_then(Value::as_array).into_iter().flatten();
    let is_of = |element: &&Value| {
        get(element, "type").and_then(Value::as_str).is_some_and(|each| each.eq_ignore_ascii_case(kind))
    };
    elements.filter(is_of).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, user, user_with};

    fn parts() -> Value {
        json!([
            {"op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "London"},
            {"op": "Add", "path": "addresses[type eq \"work\"].country", "value": "GB"}
        ])
    }

    /// What is said of a user with these addresses after a PATCH.
    fn said(before: &Value, operations: &Value, after: Value) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, before);
        story.patch("/Users/1", operations);
        story.get("/Users/1", 200, &user_with("addresses", after));
        story.raised("one-element").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn table() {
        let two = json!([{"type": "work", "locality": "London"}, {"type": "Work", "country": "GB"}]);
        let one = json!([{"type": "work", "locality": "London", "country": "GB"}, {"type": "home", "locality": "Ely"}]);
        let ada = user("1", "ada");
        assert_eq!(
            said(&ada, &parts(), two.clone()),
            ["a PATCH by value path of `addresses` of type `work` left 2 of that type"]
        );
        assert_eq!(said(&ada, &parts(), one), [""; 0]);
        assert_eq!(said(&ada, &parts(), json!([])), [""; 0]);
        // Two were there already, or were sent.
        assert_eq!(said(&user_with("addresses", two.clone()), &parts(), two.clone()), [""; 0]);
        let whole = json!([{"op": "replace", "path": "addresses", "value": two}]);
        assert_eq!(said(&ada, &whole, two.clone()), [""; 0]);
    }
}
