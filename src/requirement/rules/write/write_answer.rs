//! The answer to a write shows what stands afterwards.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::counted::counted;
use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::facts::{Fact, Facts};
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::views::Answered;
use crate::requirement::mirror::{Known, Life, Mirror};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::wire::Method;

use crate::requirement::rules::Rule;

const WRITE_ANSWER: Requirement = Requirement {
    id: "write-answer",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "the answer to a write shows the resource as the next read does",
    source: "RFC 7644 §3.3, §3.5.1, §3.5.2 (a body in the answer is the resource as it is stored)",
    reasoning: "a provider goes on with the name, the state or the members that the answer shows",
};

#[derive(Debug)]
pub(crate) struct WriteAnswer;

impl Rule for WriteAnswer {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&WRITE_ANSWER]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if seen.is_projected() {
            return;
        }
        let Some((kind, id, body)) = seen.read() else { return };
        let known = mirror.get(kind, id).filter(|known| known.life == Life::Live);
        let Some((known, answered)) = known.and_then(|known| Some((known, known.views.answered.as_ref()?)))
        else {
            return;
        };
        let Some(read) = Facts::of(body) else { return };
        let what = format!("{} of a {}", written(answered.method), kind.name().to_ascii_lowercase());
        let mut wrong: Vec<(&Fact, Option<&Value>)> = answered
            .facts
            .iter()
            .filter(|fact| !is_of_another_rule(kind, known, &fact.attribute, &read))
            .map(|fact| (fact, read.at(fact)))
            .filter(|(fact, now)| match now {
                Some(now) => **now != fact.value,
                // Elements may be told by another type or none: their attribute is there all the same.
                None => !fact.place.contains('[') || !read.has(&fact.attribute),
            })
            .collect();
        // What people are known by is what a provider looks at first.
        let key = Attribute::key(kind).as_str();
        wrong.sort_by_key(|(fact, _)| !fact.attribute.eq_ignore_ascii_case(key));
        if let Some((fact, now)) = wrong.first() {
            let shows = now.map_or_else(|| "does not show it".to_owned(), |now| format!("shows {now}"));
            let more = match wrong.len() - 1 {
                0 => String::new(),
                more => format!(
                    "; {} {} too",
                    counted(more, "other value"),
                    if more == 1 { "differs" } else { "differ" }
                ),
            };
            let message = format!(
                "the answer to the {what} shows `{}` as {}, but the next read {shows}{more}",
                fact.place, fact.value
            );
            report
                .raise_as(&WRITE_ANSWER, what.clone(), message)
                .by(Some(answered.number))
                .shown_at(answered.number, Some(Clue::there(fact.at.clone(), fact.value.clone())));
        }
        members(seen, known, answered, &what, report);
    }
}

/// The members of an answer against those of a read that is as it should be.
fn members(seen: &Seen<'_>, known: &Known, answered: &Answered, what: &str, report: &mut Report) {
    let (Some((_, shown)), Some(answered_members)) = (seen.members(), &answered.members) else { return };
    let expected = known.members.as_ref().filter(|_| shown.left_out.is_none());
    let Some(expected) = expected.filter(|expected| expected.compare(&shown).is_none()) else { return };
    let read: BTreeSet<&str> = shown.ids.iter().copied().collect();
    // An organization that was there may have people of its own.
    let is_missed = |id: &&&str| !answered_members.contains(**id) && expected.has_all(&[(**id).to_owned()]);
    let missing = read.iter().filter(is_missed).count();
    let odd = answered_members.iter().filter(|id| !read.contains(id.as_str())).count();
    if missing + odd == 0 {
        return;
    }
    let how = match (missing, odd) {
        (missing, 0) => format!("lacks {missing} of the members that the next read shows"),
        (0, odd) => format!("shows {odd} of the members that the next read does not"),
        (..) => "shows other members than the next read".to_owned(),
    };
    report
        .raise_as(&WRITE_ANSWER, format!("{what} `members`"), format!("the answer to the {what} {how}"))
        .by(Some(answered.number));
}

/// Whether the read is not what was sent either, which is told as such.
fn is_of_another_rule(kind: ResourceKind, known: &Known, attribute: &str, read: &Facts) -> bool {
    let of_it = |each: &&Attribute| {
        each.as_str().split('.').next().is_some_and(|name| name.eq_ignore_ascii_case(attribute))
    };
    let mut followed = Attribute::of(kind).iter().filter(of_it);
    followed.any(|each| {
        known.values.get(each).is_some_and(|held| {
            !read.iter().any(|fact| fact.attribute == attribute && fact.value == held.value)
        })
    })
}

fn written(method: Method) -> &'static str {
    match method {
        Method::Post => "creation",
        Method::Put => "PUT",
        Method::Get | Method::Patch | Method::Delete => "PATCH",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, user};
    use crate::wire::Exchange;

    fn said(story: &Story) -> Vec<String> {
        story.raised("write-answer").into_iter().map(str::to_owned).collect()
    }

    fn with(name: &str, value: Value) -> Value {
        let mut body = user("1", "ada");
        body[name] = value;
        body
    }

    /// What is said of a read after a creation that was answered so.
    fn created(answer: &Value, read: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), 201, answer);
        story.get("/Users/1", 200, read);
        said(&story)
    }

    #[test]
    fn fires() {
        assert_eq!(
            created(&user("1", "eve"), &user("1", "ada"))[0],
            "the answer to the creation of a user shows `userName` as \"eve@example.com\", but the next read shows \"ada@example.com\"; 1 other value differs too"
        );
        for (name, value) in [
            ("active", json!(false)),
            ("title", json!("Countess")),
            ("externalId", json!("other")),
            ("urn:own:1.0:User", json!({"badge": "7"})),
        ] {
            let found = created(&with(name, value), &user("1", "ada"));
            assert_eq!(found.len(), 1, "{name}: {found:?}");
        }
        // As it was before.
        for put in [false, true] {
            let mut story = Story::new(ClientName::OktaOin);
            let (before, after) = (user("1", "ada"), with("displayName", json!("Ada King")));
            story.post("/Users", &before, 201, &before);
            let method = if put { Method::Put } else { Method::Patch };
            let patch = json!({"Operations": [
                {"op": "replace", "path": "displayName", "value": "Ada King"}
            ]});
            let sent = if put { &after } else { &patch };
            story.observe(&Story::exchange(method, "/Users/1", Some(sent), 200, Some(&before)));
            story.get("/Users/1", 200, &after);
            assert_eq!(said(&story).len(), 1);
        }
    }

    #[test]
    fn members_of_an_answer_count() {
        let answered = |members: &[&str]| {
            let mut story = Story::new(ClientName::Entra);
            story.post("/Groups", &group("", "Acme", &["1"]), 201, &group("g", "Acme", &["1"]));
            story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
            let add = json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": "2"}]}]});
            let answer = group("g", "Acme", members);
            story.observe(&Story::exchange(Method::Patch, "/Groups/g", Some(&add), 200, Some(&answer)));
            story.get("/Groups/g", 200, &group("g", "Acme", &["1", "2"]));
            said(&story)
        };
        assert_eq!(
            answered(&["1"]),
            ["the answer to the PATCH of a group lacks 1 of the members that the next read shows"]
        );
        assert_eq!(answered(&["1", "2", "3"]).len(), 1);
        let mut story = Story::new(ClientName::Entra);
        story.post("/Groups", &group("", "Acme", &["1", "2"]), 201, &group("g", "Acme", &["1", "2"]));
        story.delete("/Users/1", 204);
        story.get("/Groups/g", 200, &group("g", "Acme", &["2"]));
        assert_eq!(said(&story), [""; 0], "who is deleted leaves");
        // Whoever leaves the members out says nothing.
        assert_eq!(answered(&["1", "2"]), [""; 0]);
        assert_eq!(answered(&[]), [""; 0]);
    }

    #[test]
    fn stays_silent() {
        let ada = user("1", "ada");
        let mut defaults = with("locale", json!("en"));
        defaults["meta"] = json!({"version": "3"});
        for (answer, read) in [
            (&ada, &ada),
            (&json!({"id": "1", "schemas": ada["schemas"]}), &ada),
            (&with("title", Value::Null), &ada),
            (&with("emails", json!([])), &ada),
            (&defaults, &defaults),
            (&ada, &defaults),
            (&with("groups", json!([{"value": "g"}])), &ada),
            (&with("active", json!("True")), &ada),
        ] {
            assert_eq!(created(answer, read), [""; 0], "{answer}");
        }
        // What is not stored is told by another rule.
        let found = created(&ada, &user("1", "eve"));
        assert!(found.iter().all(|said| !said.contains("userName")), "{found:?}");
        // What others write meanwhile is in the answer, or not yet.
        let answered =
            Story::exchange(Method::Post, "/Users", Some(&user("", "ada")), 201, Some(&user("1", "eve")));
        let answered = Exchange { overlaps: true, ..Arc::unwrap_or_clone(answered) };
        let mut story = Story::new(ClientName::Entra);
        story.observe(&Arc::new(answered));
        story.get("/Users/1", 200, &ada);
        assert_eq!(said(&story), [""; 0]);
        // After another write, the answer to the first one is over.
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &with("title", json!("Countess")));
        story.patch("/Users/1", &json!([{"op": "remove", "path": "title"}]));
        story.get("/Users/1", 200, &ada);
        story.get("/Users/1?attributes=userName", 200, &json!({"id": "1", "userName": "x"}));
        assert_eq!(said(&story), [""; 0]);
    }
}
