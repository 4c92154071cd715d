//! What a PUT says takes the place of what was there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::requirement::exchange::view::{Seen, id_of, is_heavy};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::Method;

use crate::requirement::rules::Rule;

const PUT_REPLACES: Requirement = Requirement {
    id: "put-replaces",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "the values of an attribute in a PUT take the place of those that were there, and `null` or an empty list clears them",
    source: "RFC 7644 §3.5.1 (values provided SHALL replace the existing ones; null or an empty array clears); what is left out MAY stay",
    reasoning: "an address that a person gave up stays for ever, and mail goes to it",
};

/// Attributes with several values that a PUT replaces. Members have rules of their own.
const PLURAL: [&str; 7] =
    ["emails", "phoneNumbers", "ims", "photos", "entitlements", "roles", "x509Certificates"];

/// Attributes that nobody derives from others or gives a default.
const SINGULAR: [&str; 3] = ["title", "nickName", "userType"];

/// Values of an attribute by its name.
type Values = BTreeMap<&'static str, BTreeSet<String>>;

#[derive(Debug, Default)]
struct Known {
    /// What the last answer showed.
    shown: Values,
    replaced: Option<Replaced>,
}

/// A PUT that was taken.
#[derive(Debug)]
struct Replaced {
    number: usize,
    sent: Values,
    /// What was there before, and was not sent.
    gone: Values,
}

#[derive(Debug, Default)]
pub(crate) struct PutReplaces {
    users: BTreeMap<String, Known>,
}

impl Rule for PutReplaces {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&PUT_REPLACES]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if let Some((ResourceKind::User, id)) =
            seen.target().filter(|_| seen.method().writes() && seen.is_success())
        {
            let known = self.users.entry(id.to_owned()).or_default();
            known.replaced = None;
            if seen.method() == Method::Put
                && let Some(sent) = seen.sent
            {
                let (sent, number) = (values(sent, true), seen.exchange.number);
                let gone =
                    sent.iter().filter_map(|(name, sent)| Some((*name, known.shown.get(name)? - sent)));
                let gone = gone.filter(|(_, gone)| !gone.is_empty()).collect();
                known.replaced = Some(Replaced { number, sent, gone });
            }
        }
        if seen.is_projected() || seen.kind != Some(ResourceKind::User) || seen.list_kind().is_some() {
            return;
        }
        for (_, user) in seen.resources().into_iter().filter(|(_, user)| !is_heavy(user)) {
            let Some(known) = id_of(user).map(|id| self.users.entry(id.to_owned()).or_default()) else {
                continue;
            };
            known.shown = values(user, false);
            // The answer to a write is no proof of what is stored.
            if let Some(replaced) = known.replaced.as_ref().filter(|_| !seen.method().writes()) {
                tell(replaced, &known.shown, report);
            }
        }
    }
}

/// Tells what is still there of what was replaced. Where a value that was sent is not shown as it was, the endpoint writes
/// values in its own way, and nobody can say which is which.
fn tell(replaced: &Replaced, shown: &Values, report: &mut Report) {
    for (name, gone) in &replaced.gone {
        let (Some(sent), Some(shown)) = (replaced.sent.get(name), shown.get(name)) else { continue };
        if !sent.is_subset(shown) {
            continue;
        }
        if let Some(left) = gone.intersection(shown).next() {
            let how = if sent.is_empty() { "that clears" } else { "with other" };
            let message = format!("a PUT {how} `{name}` leaves {left:?} there");
            report
                .raise_as(&PUT_REPLACES, *name, message)
                .by(Some(replaced.number))
                .shown(|| [Clue::there(place(name), left.as_str())]);
        }
    }
}

fn place(name: &str) -> String {
    if PLURAL.contains(&name) { format!("body/{name}/*/value") } else { format!("body/{name}") }
}

/// The values of the attributes that are followed. A missing attribute has none. In a request, attributes that are left out or
/// malformed are ignored.
fn values(user: &Value, is_request: bool) -> Values {
    let mut values = Values::new();
    for name in PLURAL {
        let texts = |elements: &Vec<Value>| -> Option<BTreeSet<String>> {
            elements.iter().map(|element| Some(get(element, "value")?.as_str()?.to_owned())).collect()
        };
        match get(user, name) {
            Some(Value::Array(elements)) => drop(texts(elements).map(|texts| values.insert(name, texts))),
            Some(Value::Null) => drop(values.insert(name, BTreeSet::new())),
            None if !is_request => drop(values.insert(name, BTreeSet::new())),
            _ => {}
        }
    }
    for name in SINGULAR {
        match get(user, name) {
            // An empty text is one: Okta clears so, and an endpoint may refuse or keep it.
            Some(Value::String(text)) if !text.is_empty() => {
                values.insert(name, BTreeSet::from([text.clone()]));
            }
            Some(Value::Null) => drop(values.insert(name, BTreeSet::new())),
            None if !is_request => drop(values.insert(name, BTreeSet::new())),
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, user, user_with};

    fn mailed(addresses: &[&str]) -> Value {
        user_with("emails", addresses.iter().map(|value| json!({"value": value})).collect())
    }

    /// Read, replaced, and read again.
    fn judged(before: &Value, sent: &Value, after: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::Rfc);
        story.get("/Users/1", 200, before);
        story.put("/Users/1", sent, 200, &json!({"id": "1", "schemas": []}));
        story.get("/Users/1", 200, after);
        story.raised("put-replaces").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn fires() {
        assert_eq!(
            judged(&mailed(&["a", "b"]), &mailed(&["a"]), &mailed(&["a", "b"])),
            ["a PUT with other `emails` leaves \"b\" there"]
        );
        assert_eq!(
            judged(&mailed(&["a"]), &user_with("emails", json!([])), &mailed(&["a"])),
            ["a PUT that clears `emails` leaves \"a\" there"]
        );
        let (titled, cleared) = (user_with("title", json!("Dr")), user_with("title", Value::Null));
        assert_eq!(judged(&titled, &cleared, &titled), ["a PUT that clears `title` leaves \"Dr\" there"]);
    }

    #[test]
    fn stays_silent() {
        let (titled, plain) = (user_with("title", json!("Dr")), user("1", "ada"));
        let tel = |numbers: &[&str]| {
            user_with("phoneNumbers", numbers.iter().map(|value| json!({"value": value})).collect())
        };
        for (before, sent, after) in [
            (mailed(&["a", "b"]), mailed(&["a"]), mailed(&["a"])),
            (mailed(&["a"]), mailed(&["a", "b"]), mailed(&["a", "b"])),
            // What is left out may stay.
            (titled.clone(), plain.clone(), titled.clone()),
            (titled.clone(), user_with("title", Value::Null), plain),
            // The endpoint writes numbers in its own way.
            (tel(&["tel:5551"]), tel(&["555-1"]), tel(&["tel:5551"])),
            // An empty text is no null.
            (titled.clone(), user_with("title", json!("")), titled),
        ] {
            assert_eq!(judged(&before, &sent, &after), [""; 0], "{sent}");
        }
    }

    #[test]
    fn a_later_write_may_bring_it_back() {
        let mut story = Story::new(ClientName::Rfc);
        story.get("/Users/1", 200, &mailed(&["a", "b"]));
        story.put("/Users/1", &mailed(&["a"]), 200, &mailed(&["a"]));
        story.patch("/Users/1", &json!([{"op": "add", "path": "emails", "value": [{"value": "b"}]}]));
        story.get("/Users/1", 200, &mailed(&["a", "b"]));
        assert_eq!(story.raised("put-replaces"), [""; 0]);
    }
}
