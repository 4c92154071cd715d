//! What was created is found.

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::view::{Seen, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::{Known, Life, Mirror};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::wire::{LeftOut, Method};

use crate::requirement::rules::Rule;

const LOOKUP_FINDS: Requirement = Requirement {
    id: "lookup-finds",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "a created resource can be found by its id and by its name",
    source: "RFC 7644 §3.4.1 and §3.4.2.2; Entra requires it (docs/providers/entra.md#required-read-by-id, docs/providers/entra.md#required-filters), and every provider looks up before it creates",
    reasoning: "the provider tries to create the account again, is refused, and stops",
};

const LOOKUP_IGNORES_CASE: Requirement = Requirement {
    id: "lookup-ignores-case",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "a lookup by `userName` or `displayName` ignores case",
    source: "RFC 7643 §8.7.1 (caseExact false for `userName` and a group's `displayName`), RFC 7644 §3.4.2.2; Entra requires it (docs/providers/entra.md#required-case-insensitive-filters)",
    reasoning: "a person whose address is spelled in another case is not found, and creating the account is a conflict",
};

#[derive(Debug)]
pub(crate) struct LookupFinds;

impl Rule for LookupFinds {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&LOOKUP_FINDS, &LOOKUP_IGNORES_CASE]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if let Some(Missed { kind, .. }) =
            missed_by_id(seen, mirror).filter(|missed| !missed.known.is_inactive())
        {
            let name = kind.name().to_ascii_lowercase();
            report
                .raise(&LOOKUP_FINDS, format!("{} of an existing {name} returned 404", seen.method()))
                .shown(|| [Clue::status(["404"])]);
        }
        if let Some(Missed { kind, id, known }) =
            missed_by_name(seen, mirror).filter(|missed| !missed.known.is_inactive())
        {
            let key = Attribute::key(kind);
            let name = kind.name().to_ascii_lowercase();
            let wanted = wanted(kind, seen).unwrap_or_default();
            let held = known.text(key).unwrap_or_default();
            let key = key.as_str();
            let not_found = || [Clue::missing("body/Resources/*/id", id)];
            if held == wanted {
                let message = format!("the lookup for {key} {wanted:?} does not find the existing {name}");
                report.raise_as(&LOOKUP_FINDS, key, message).shown(not_found);
            } else if held.to_lowercase() == wanted.to_lowercase() {
                let message = format!("the lookup for {key} {wanted:?} does not find {held:?}");
                report.raise_as(&LOOKUP_IGNORES_CASE, key, message).shown(not_found);
            }
        }
    }
}

/// A resource that should have been found.
pub(crate) struct Missed<'m> {
    pub(crate) kind: ResourceKind,
    pub(crate) known: &'m Known,
    pub(crate) id: &'m str,
}

/// A resource that is there, and whose id was answered 404.
pub(crate) fn missed_by_id<'m>(seen: &'m Seen<'_>, mirror: &'m Mirror) -> Option<Missed<'m>> {
    let (kind, id) = seen
        .target()
        .filter(|_| matches!(seen.method(), Method::Get | Method::Delete) && seen.status() == 404)?;
    let known = mirror.get(kind, id).filter(|known| known.life == Life::Live)?;
    Some(Missed { kind, known, id })
}

/// An existing user whose PUT or PATCH was answered 404. One that names a manager does not count: the manager may be missing.
pub(crate) fn missed_by_write<'m>(seen: &'m Seen<'_>, mirror: &'m Mirror) -> Option<Missed<'m>> {
    let (kind, id) = seen.target().filter(|_| seen.is_change() && seen.status() == 404)?;
    let sent = seen.sent?.to_string();
    if kind != ResourceKind::User || sent.contains("manager") {
        return None;
    }
    let known = mirror.get(kind, id).filter(|known| known.life == Life::Live)?;
    Some(Missed { kind, known, id })
}

/// A resource that is there, and whose name a whole answer does not find.
pub(crate) fn missed_by_name<'m>(seen: &Seen<'_>, mirror: &'m Mirror) -> Option<Missed<'m>> {
    let (kind, list) = seen.list()?;
    let wanted = wanted(kind, seen)?;
    let asks_for_all = seen.query.start_index == 1 && seen.query.count != Some(0);
    let whole = list.is_whole()
        && list.resources().iter().all(|resource| id_of(resource).is_some())
        && list.left_out().is_none_or(LeftOut::knows_all);
    // Somebody else of that name is another rule's business.
    let other = list.resources().iter().any(|resource| {
        let name = Attribute::key(kind).value(resource).and_then(|value| value.as_str());
        name.is_some_and(|name| name.to_lowercase() == wanted.to_lowercase())
    });
    if !asks_for_all || !whole || other {
        return None;
    }
    let known: Vec<_> = mirror.named(kind, &wanted).collect();
    if known.iter().any(|(id, _)| list.may_hold(id)) {
        return None;
    }
    known.into_iter().next().map(|(id, known)| Missed { kind, known, id })
}

/// The name that a lookup asks for.
fn wanted(kind: ResourceKind, seen: &Seen<'_>) -> Option<String> {
    let filter = seen.filter()?;
    let (path, name) = filter.equality()?;
    path.is(Attribute::key(kind).as_str()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, group, list, user};

    fn by_name(name: &str) -> String {
        format!("/Users?filter=userName+eq+%22{name}%40example.com%22")
    }

    fn after(acts: &[(String, u16, Value)]) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.post("/Groups", &group("", "Acme", &[]), 201, &group("g", "Acme", &[]));
        for (target, status, body) in acts {
            story.get(target, *status, body);
        }
        story.said()
    }

    #[test]
    fn fires() {
        let rows = [
            ("/Users/1".to_owned(), 404, error(404), "lookup-finds: GET of an existing user returned 404"),
            (
                by_name("ada"),
                200,
                list(&[]),
                "lookup-finds: the lookup for userName \"ada@example.com\" does not find the existing user",
            ),
            (
                by_name("ADA"),
                200,
                list(&[]),
                "lookup-ignores-case: the lookup for userName \"ADA@example.com\" does not find \"ada@example.com\"",
            ),
            (
                "/Groups?filter=displayName+eq+%22acme%22".to_owned(),
                200,
                list(&[]),
                "lookup-ignores-case: the lookup for displayName \"acme\" does not find \"Acme\"",
            ),
        ];
        for (target, status, body, message) in rows {
            assert_eq!(after(&[(target, status, body)]), [message]);
        }
    }

    #[test]
    fn a_deletion_finds_it_too() {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        // Perhaps a member or a manager is missing.
        story.refuse("/Users/1", &json!([{"op": "Replace", "path": "title", "value": "x"}]), 404);
        assert_eq!(story.said(), [""; 0]);
        story.delete("/Users/1", 404);
        story.get("/Users/1", 404, &error(404));
        assert_eq!(story.said(), ["lookup-finds: DELETE of an existing user returned 404"]);
    }

    #[test]
    fn a_name_that_is_read_otherwise_is_the_name_from_then_on() {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.get("/Users/1", 200, &user("1", "eve"));
        story.get(&by_name("ada"), 200, &list(&[]));
        story.get(&by_name("eve"), 200, &list(&[]));
        let said = story.raised("lookup-finds");
        assert_eq!(said, ["the lookup for userName \"eve@example.com\" does not find the existing user"]);
    }

    #[test]
    fn stays_silent() {
        let cut_short = {
            let mut body = list(&[]);
            body["totalResults"] = json!(1);
            body
        };
        for (target, status, body) in [
            (by_name("ada"), 200, list(&[user("1", "ada")])),
            (by_name("ADA"), 200, list(&[user("1", "ada")])),
            (by_name("bob"), 200, list(&[])),
            ("/Users/2".to_owned(), 404, error(404)),
            ("/Users?startIndex=2&filter=userName+eq+%22ada%40example.com%22".to_owned(), 200, list(&[])),
            ("/Users?count=0&filter=userName+eq+%22ada%40example.com%22".to_owned(), 200, cut_short),
            // Trimmed or not is the endpoint's choice.
            ("/Groups?filter=displayName+eq+%22Acme+%22".to_owned(), 200, list(&[])),
        ] {
            assert_eq!(after(&[(target.clone(), status, body)]), [""; 0], "{target}");
        }
    }
}
