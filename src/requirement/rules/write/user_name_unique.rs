//! Two users do not share a login name.

use serde_json::Value;

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::change::{Change, changes};
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;

use crate::requirement::rules::Rule;

const USER_NAME_UNIQUE: Requirement = Requirement {
    id: "user-name-unique",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google, Concern::Jsm],
    text: "a `userName` that another user has, ignoring case, is refused with 409",
    source: "RFC 7643 §4.1.1 (MUST be unique; caseExact false), RFC 7644 §3.3 (MUST return 409)",
    reasoning: "one person has two accounts: the provider stops at two matches, or changes the wrong one",
};

#[derive(Debug)]
pub(crate) struct UserNameUnique;

impl Rule for UserNameUnique {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&USER_NAME_UNIQUE]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if let Some(taken) = taken(ResourceKind::User, seen, mirror) {
            let case = if taken.exact { "" } else { " in another case" };
            let cause = format!("{} {}", seen.method(), taken.exact);
            let message = format!(
                "a {} with the userName {:?}, which another user has{case}, returned {}",
                seen.method(),
                taken.name,
                seen.status()
            );
            report.raise_as(&USER_NAME_UNIQUE, cause, message).shown(|| [Clue::taken()]);
        }
    }
}

/// A name that was taken and given once more.
pub(crate) struct Taken {
    /// The name that was sent.
    pub(crate) name: String,
    /// Whether the other's is the same to the letter.
    pub(crate) exact: bool,
}

/// Whether a successful write gives a name that another resource has.
pub(crate) fn taken(kind: ResourceKind, seen: &Seen<'_>, mirror: &Mirror) -> Option<Taken> {
    if seen.kind != Some(kind) || !seen.is_success() || !(seen.is_create() || seen.is_change()) {
        return None;
    }
    let key = Attribute::key(kind);
    let name = changes(kind, seen).into_iter().rev().find_map(|change| match change {
        Change::Set(attribute, Value::String(name), _) if attribute == key => Some(name),
        _ => None,
    })?;
    // A creation that is answered with somebody who was there is no less of a breach.
    let own = seen.id.as_deref();
    let lower = name.to_lowercase();
    let others: Vec<&str> = mirror
        .named(kind, &name)
        .filter(|(id, _)| Some(*id) != own)
        .filter_map(|(_, known)| known.text(key))
        .filter(|other| other.to_lowercase() == lower)
        .collect();
    let exact = others.iter().any(|other| *other == name);
    (!others.is_empty()).then_some(Taken { name, exact })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, user};

    fn ada() -> Story {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story
    }

    type Row<'a> = (&'a dyn Fn(&mut Story), &'a str);

    #[test]
    fn fires() {
        let rename = json!([{"op": "replace", "path": "userName", "value": "ada@example.com"}]);
        let rows: [Row<'_>; 5] = [
            (
                &|s| s.post("/Users", &user("", "ada"), 201, &user("2", "ada")),
                "a POST with the userName \"ada@example.com\", which another user has, returned 201",
            ),
            (
                &|s| s.post("/Users", &user("", "ada"), 200, &user("1", "ada")),
                "a POST with the userName \"ada@example.com\", which another user has, returned 200",
            ),
            (
                &|s| s.post("/Users", &user("", "ADA"), 201, &user("2", "ADA")),
                "a POST with the userName \"ADA@example.com\", which another user has in another case, returned 201",
            ),
            (
                &|s| s.patch("/Users/2", &rename),
                "a PATCH with the userName \"ada@example.com\", which another user has, returned 204",
            ),
            (
                &|s| s.put("/Users/2", &user("2", "ada"), 200, &user("2", "ada")),
                "a PUT with the userName \"ada@example.com\", which another user has, returned 200",
            ),
        ];
        for (act, message) in rows {
            let mut story = ada();
            act(&mut story);
            assert_eq!(story.raised("user-name-unique"), [message]);
        }
    }

    #[test]
    fn stays_silent() {
        let mut story = ada();
        story.post("/Users", &user("", "ada"), 409, &error(409));
        story.post("/Users", &user("", "bob"), 201, &user("2", "bob"));
        // A user may have the name that it has, in any case.
        story.put("/Users/1", &user("1", "Ada"), 200, &user("1", "Ada"));
        // Given up, and taken by another.
        story.patch("/Users/1", &json!([{"op": "replace", "value": {"userName": "eve@example.com"}}]));
        story.post("/Users", &user("", "ada"), 201, &user("3", "ada"));
        story.delete("/Users/3", 204);
        story.post("/Users", &user("", "ada"), 201, &user("4", "ada"));
        assert!(story.raised("user-name-unique").is_empty(), "{:?}", story.said());
    }
}
