//! The answer to a query: a `ListResponse`.

use serde_json::Value;

use crate::requirement::exchange::view::{List, Seen};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::resource::attribute::get;
use crate::scim::urn;

use crate::requirement::rules::Rule;

const LIST_ENVELOPE: Requirement = Requirement {
    id: "list-envelope",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "the response to a query is a ListResponse with its schema, integer counts and an array of resources",
    source: "RFC 7644 §3.4.2 (`schemas`, `totalResults` REQUIRED; `Resources` REQUIRED where it is not 0); Okta does not accept strings for numbers (docs/providers/okta.md#numbers-as-strings); Entra: `ServiceIncompatible` (docs/providers/entra.md#answer-that-cannot-be-parsed)",
    reasoning: "the provider cannot tell whether an account exists: it stops, or creates a second one",
};

#[derive(Debug)]
pub(crate) struct ListEnvelope;

impl Rule for ListEnvelope {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&LIST_ENVELOPE]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if seen.list_kind().is_none() || !seen.is_success() {
            return;
        }
        let mut raise = |message: &str, clue: Clue| {
            report.raise(&LIST_ENVELOPE, message.to_owned()).shown(|| [Clue::taken(), clue]);
        };
        let Some(body) = seen.exchange.json().filter(|body| body.is_object()) else {
            let body_is_json = seen.exchange.json().is_some();
            let what = if body_is_json { "not an object" } else { "not JSON" };
            let clue = if body_is_json { Clue::none("body/totalResults") } else { Clue::NotJson };
            raise(&format!("the response to a query is {what} (status {})", seen.status()), clue);
            return;
        };
        let Some(list) = List::of(seen.exchange) else { return };
        if ["totalResults", "Resources"].iter().all(|name| get(body, name).is_none())
            && get(body, "id").is_some()
        {
            raise("the response to a query is a resource instead of a list", Clue::any("body/id"));
            return;
        }
        let schemas = get(body, "schemas").and_then(Value::as_array);
        let is_list =
            |each: &Value| each.as_str().is_some_and(|each| each.eq_ignore_ascii_case(urn::LIST_RESPONSE));
        if !schemas.is_some_and(|schemas| schemas.iter().any(is_list)) {
            let clue = Clue::missing("body/schemas/*", urn::LIST_RESPONSE);
            raise("a list does not name the ListResponse schema", clue);
        }
        match get(body, "totalResults") {
            None => raise("a list has no `totalResults`", Clue::none("body/totalResults")),
            Some(total) if total.as_u64().is_none() => {
                raise(&format!("`totalResults` is {}", sort(total)), no_number("totalResults"));
            }
            Some(_) => {}
        }
        for name in ["startIndex", "itemsPerPage"] {
            if let Some(value) = get(body, name).filter(|value| value.as_u64().is_none()) {
                raise(&format!("`{name}` is {}", sort(value)), no_number(name));
            }
        }
        let total = list.number("totalResults");
        match get(body, "Resources") {
            // With `count=0` a client asks for the number only.
            None if total.is_some_and(|total| total > 0) && wants_resources(seen, total) => {
                raise("`totalResults` is not 0, but `Resources` is missing", Clue::none("body/Resources/**"));
            }
            None => {}
            Some(Value::Array(resources)) => {
                if resources.iter().any(|resource| !resource.is_object()) {
                    raise(
                        "`Resources` contains a value that is not a resource",
                        Clue::any("body/Resources/*"),
                    );
                }
                if total.is_some_and(|total| (list.count() as u64) > total) {
                    let clue =
                        Clue::MoreThan { at: "body/Resources/*/id".to_owned(), value: total.unwrap_or(0) };
                    raise("`Resources` has more entries than `totalResults` says", clue);
                }
            }
            Some(Value::Null) if total == Some(0) => {}
            Some(other) => {
                raise(&format!("`Resources` is {}", sort(other)), Clue::none("body/Resources/*/id"));
            }
        }
    }
}

fn no_number(name: &str) -> Clue {
    Clue::NotA { at: format!("body/{name}"), value: "number".to_owned() }
}

fn wants_resources(seen: &Seen<'_>, total: Option<u64>) -> bool {
    seen.query.count != Some(0) && total.is_some_and(|total| seen.query.start_index as u64 <= total)
}

/// What sort of value it is instead.
fn sort(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number that is not a count",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list, user};

    fn judged(target: &str, body: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        story.get(target, 200, body);
        story.raised("list-envelope").into_iter().map(str::to_owned).collect()
    }

    fn with(key: &str, value: Value) -> Value {
        let mut body = list(&[user("1", "ada")]);
        body[key] = value;
        body
    }

    fn without(keys: &[&str]) -> Value {
        let mut body = list(&[]);
        for key in keys {
            body.as_object_mut().unwrap().remove(*key);
        }
        body
    }

    #[test]
    fn fires() {
        let rows = [
            (json!([]), "the response to a query is not an object (status 200)"),
            (user("1", "ada"), "the response to a query is a resource instead of a list"),
            (with("schemas", json!([])), "a list does not name the ListResponse schema"),
            (without(&["schemas"]), "a list does not name the ListResponse schema"),
            (with("totalResults", json!("1")), "`totalResults` is a string"),
            (with("totalResults", json!(1.5)), "`totalResults` is a number that is not a count"),
            (without(&["totalResults"]), "a list has no `totalResults`"),
            (with("startIndex", json!("1")), "`startIndex` is a string"),
            (with("itemsPerPage", json!(null)), "`itemsPerPage` is null"),
            (with("Resources", json!({})), "`Resources` is an object"),
            (with("Resources", json!(["1"])), "`Resources` contains a value that is not a resource"),
            (with("totalResults", json!(0)), "`Resources` has more entries than `totalResults` says"),
        ];
        for (body, message) in rows {
            assert_eq!(judged("/Users", &body), [message], "{body}");
        }
        let mut missing = list(&[user("1", "ada")]);
        missing.as_object_mut().unwrap().remove("Resources");
        assert_eq!(judged("/Users", &missing), ["`totalResults` is not 0, but `Resources` is missing"]);
    }

    #[test]
    fn stays_silent() {
        let counted = {
            let mut body = with("totalResults", json!(7));
            body.as_object_mut().unwrap().remove("Resources");
            body
        };
        for (target, body) in [
            ("/Users", list(&[])),
            ("/Users?startIndex=1&count=2", list(&[user("1", "a"), user("2", "b")])),
            // Nothing there, nothing said.
            ("/Users", without(&["Resources", "startIndex", "itemsPerPage"])),
            ("/Users", with("totalResults", json!(7))),
            // A page's size, not its length.
            ("/Users", with("itemsPerPage", json!(10000))),
            ("/Users?count=0", counted.clone()),
            ("/Users?startIndex=100&count=2", {
                let mut b = counted;
                b["startIndex"] = json!(100);
                b
            }),
            // Names of attributes have no case.
            (
                "/Users",
                json!({"schemas": [urn::LIST_RESPONSE], "totalresults": 1, "resources": [user("1", "a")]}),
            ),
            ("/Users/1", user("1", "ada")),
            ("/Schemas", json!([])),
        ] {
            assert_eq!(judged(target, &body), [""; 0], "{target} {body}");
        }
    }
}
