//! What a PATCH does not name stays.

use crate::requirement::exchange::facts::{Fact, Facts};
use crate::requirement::exchange::view::{Seen, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::views::Untouched;
use crate::requirement::mirror::{Life, Mirror};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::wire::Method;

use crate::requirement::rules::Rule;

const UNNAMED_KEPT: Requirement = Requirement {
    id: "unnamed-kept",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "a PATCH changes nothing but the attributes that it names",
    source: "RFC 7644 §3.5.2 (a PATCH modifies attributes; a replacement leaves others unchanged, §3.5.2.3)",
    reasoning: "one change of a person or group empties the rest of the profile, and no provider sends it again",
};

/// How many attributes a message names.
const MOST: usize = 4;

#[derive(Debug)]
pub(crate) struct UnnamedKept;

impl Rule for UnnamedKept {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&UNNAMED_KEPT]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if seen.method() != Method::Get || seen.is_projected() {
            return;
        }
        for (kind, resource) in seen.resources() {
            let known = id_of(resource).and_then(|id| mirror.get(kind, id));
            let Some(known) = known.filter(|known| known.life == Life::Live) else { continue };
            if !known.views.view(seen.id.is_none()).is_patched() {
                continue;
            }
            let Some(read) = Facts::of(resource) else { continue };
            let is_sent = |attribute: &str| mirror.is_sent(kind, attribute);
            let Untouched { lost, changed, write, is_said } =
                known.views.view(seen.id.is_none()).untouched(&read, is_sent);
            let name = kind.name().to_ascii_lowercase();
            let is_by_id = seen.id.is_some();
            // What only the answer to a write has shown may never have been there.
            let unless = if is_said { " or never stored" } else { "" };
            if let Some(first) = lost.first() {
                let message =
                    format!("a PATCH that names other attributes of a {name} emptied {}", enumerated(&lost));
                report
                    .raise_as(&UNNAMED_KEPT, format!("{name} emptied{unless}"), message)
                    .by(write)
                    .shown_by(is_by_id.then(|| Clue::Missing { at: first.at.clone(), value: None }));
            }
            if let Some((fact, value)) = changed.first() {
                let message = format!(
                    "a PATCH that names other attributes of a {name} changed `{}` from {} to {value}",
                    fact.place, fact.value
                );
                report
                    .raise_as(&UNNAMED_KEPT, format!("{name} `{}` changed{unless}", fact.attribute), message)
                    .by(write)
                    .shown_by(is_by_id.then(|| Clue::there(fact.at.clone(), (*value).clone())));
            }
        }
    }
}

fn enumerated(facts: &[&Fact]) -> String {
    let mut places: Vec<String> = facts.iter().take(MOST).map(|fact| format!("`{}`", fact.place)).collect();
    if facts.len() > MOST {
        places.push(format!("{} more", facts.len() - MOST));
    }
    let last = places.pop().unwrap_or_default();
    if places.is_empty() { last } else { format!("{} and {last}", places.join(", ")) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list, user};

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn whole() -> Value {
        let mut body = user("1", "ada");
        body["title"] = json!("Countess");
        body[ENTERPRISE] = json!({"department": "Maths", "manager": {"value": "9"}});
        body["addresses"] = json!([{"type": "work", "locality": "London"}]);
        body
    }

    fn without(names: &[&str]) -> Value {
        let mut body = whole();
        for name in names {
            body.as_object_mut().unwrap().remove(*name);
        }
        body
    }

    /// What is said of a read after a PATCH of somebody who was read before.
    fn patched(operations: &Value, read: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &whole(), 201, &whole());
        story.get("/Users/1", 200, &whole());
        story.patch("/Users/1", operations);
        story.get("/Users/1", 200, read);
        story.raised("unnamed-kept").into_iter().map(str::to_owned).collect()
    }

    fn inactive(mut body: Value) -> Value {
        body["active"] = json!(false);
        body
    }

    fn deactivation() -> Value {
        json!([{"op": "replace", "path": "active", "value": false}])
    }

    #[test]
    fn fires() {
        let emptied = patched(&deactivation(), &inactive(without(&["title", ENTERPRISE, "addresses"])));
        assert_eq!(
            emptied,
            [
                "a PATCH that names other attributes of a user emptied `addresses[work].locality`, `title` and `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`"
            ]
        );
        let mut other = inactive(whole());
        other["title"] = json!("Lady");
        assert_eq!(
            patched(&deactivation(), &other),
            ["a PATCH that names other attributes of a user changed `title` from \"Countess\" to \"Lady\""]
        );
        let renamed = json!([{"op": "replace", "path": "userName", "value": "ada@example.com"}]);
        assert_eq!(patched(&renamed, &without(&["title"])).len(), 1);
    }

    #[test]
    fn what_the_answer_to_the_creation_showed_counts() {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &whole(), 201, &whole());
        story.patch("/Users/1", &deactivation());
        story.get("/Users/1", 200, &inactive(without(&["title"])));
        assert_eq!(story.raised("unnamed-kept").len(), 1);
    }

    #[test]
    fn stays_silent() {
        let titled = json!([{"op": "replace", "path": "title", "value": "Lady"}]);
        let named = json!([{"op": "replace", "path": "name.familyName", "value": "King"}]);
        let mut renamed = whole();
        renamed["name"]["familyName"] = json!("King");
        renamed["displayName"] = json!("Ada King");
        let mut odd = inactive(whole());
        odd["meta"] = json!({"version": "2"});
        odd["groups"] = json!([{"value": "g"}]);
        odd["urn:own:1.0:User"] = json!({"lastLogin": "now"});
        // Whoever is deactivated may lose what depends on others.
        odd[ENTERPRISE].as_object_mut().unwrap().remove("manager");
        for (operations, read) in [
            (&deactivation(), inactive(whole())),
            (&titled, without(&["title"])),
            (&named, renamed),
            (&deactivation(), odd),
            (&json!([{"op": "replace", "value": whole()}]), without(&["title"])),
            (&json!([{"op": "replace", "path": "! !", "value": 1}]), without(&["title"])),
        ] {
            assert_eq!(patched(operations, &read), [""; 0], "{operations}");
        }
        // A PUT names everything, and a list may show less than a read by id.
        let mut story = Story::new(ClientName::Google);
        story.post("/Users", &whole(), 201, &whole());
        story.put("/Users/1", &without(&["title"]), 200, &without(&["title"]));
        story.get("/Users/1", 200, &without(&["title"]));
        story.patch("/Users/1", &deactivation());
        story.get("/Users", 200, &list(&[inactive(user("1", "ada"))]));
        assert_eq!(story.raised("unnamed-kept"), [""; 0]);
    }

    #[test]
    fn what_the_product_changed_is_nobodys_fault() {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &whole(), 201, &whole());
        story.get("/Users/1", 200, &whole());
        story.checker.forget();
        story.patch("/Users/1", &deactivation());
        story.get("/Users/1", 200, &inactive(without(&["title"])));
        assert_eq!(story.raised("unnamed-kept"), [""; 0]);
    }
}
