//! Ids stay.

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::view::{Seen, folded, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::{Life, Mirror};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;

use crate::requirement::rules::Rule;

const ID_STABLE: Requirement = Requirement {
    id: "id-stable",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "a resource keeps its `id`, and no other resource ever gets it",
    source: "RFC 7643 §3.1 (a stable, non-reassignable identifier; MUST be unique, MUST NOT change)",
    reasoning: "providers remember ids for years: a change for one person reaches another person, or nobody",
};

#[derive(Debug)]
pub(crate) struct IdStable;

impl Rule for IdStable {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&ID_STABLE]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let Some(kind) = seen.kind.filter(|_| seen.is_success()) else { return };
        let name = kind.name().to_ascii_lowercase();
        let answered = seen.exchange.json().and_then(id_of);
        if let (Some((_, asked)), Some(answered)) = (seen.target(), answered)
            && asked != answered
        {
            let method = seen.method();
            report
                .raise_as(
                    &ID_STABLE,
                    format!("answer {method}"),
                    format!("a {method} of the {name} with the id `{asked}` returned the id `{answered}`"),
                )
                .shown(|| [Clue::other("body/id", asked)]);
        }
        if let (true, Some(id)) = (seen.is_create(), answered) {
            match mirror.get(kind, id) {
                Some(known) if known.life == Life::Deleted => {
                    report
                        .raise_as(
                            &ID_STABLE,
                            "reused",
                            format!("a new {name} got the id `{id}` of a deleted one"),
                        )
                        .shown(|| [Clue::there("body/id", id)]);
                }
                // The same name again is the uniqueness rules' business.
                Some(known)
                    if known.life == Life::Live && !is_same(seen, known.text(Attribute::key(kind))) =>
                {
                    report
                        .raise_as(
                            &ID_STABLE,
                            "shared",
                            format!("a new {name} got the id `{id}` of an existing one"),
                        )
                        .shown(|| [Clue::there("body/id", id)]);
                }
                _ => {}
            }
        }
        if let Some((id, message)) = renumbered(seen, mirror) {
            report
                .raise_as(&ID_STABLE, "renumbered", message)
                .shown(|| [Clue::missing("body/Resources/*/id", id)]);
        }
    }
}

fn is_same(seen: &Seen<'_>, name: Option<&str>) -> bool {
    let Some(kind) = seen.kind else { return false };
    let sent = seen.sent.and_then(|sent| Attribute::key(kind).value(sent)?.as_str());
    match (sent, name) {
        (Some(sent), Some(name)) => folded(sent) == folded(name),
        _ => true,
    }
}

/// A user who is found by the login name, under another id than before.
fn renumbered<'m>(seen: &Seen<'_>, mirror: &'m Mirror) -> Option<(&'m str, String)> {
    let (ResourceKind::User, list) = seen.list()? else { return None };
    let filter = seen.filter()?;
    let (_, name) = filter.equality().filter(|(path, _)| path.is("userName"))?;
    let found = list.resources().iter().find(|resource| {
        Attribute::UserName.value(resource).and_then(|value| value.as_str()) == Some(name)
    })?;
    let found = id_of(found)?;
    let mut known = mirror.named(ResourceKind::User, name);
    let (id, _) = known.next().filter(|(_, known)| known.text(Attribute::UserName) == Some(name))?;
    let gone = known.next().is_none() && list.is_whole() && !list.may_hold(id);
    gone.then(|| (id, format!("the user with the id `{id}` was found under the id `{found}`")))
}

#[cfg(test)]
mod tests {
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, list, user};

    const BY_NAME: &str = "/Users?filter=userName+eq+%22ada%40example.com%22";

    fn created() -> Story {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story
    }

    type Row = (fn(&mut Story), &'static str);

    #[test]
    fn fires() {
        let rows: [Row; 4] = [
            (
                |s| s.get("/Users/1", 200, &user("2", "ada")),
                "a GET of the user with the id `1` returned the id `2`",
            ),
            (
                |s| {
                    s.delete("/Users/1", 204);
                    s.post("/Users", &user("", "bob"), 201, &user("1", "bob"));
                },
                "a new user got the id `1` of a deleted one",
            ),
            (
                |s| s.post("/Users", &user("", "bob"), 201, &user("1", "bob")),
                "a new user got the id `1` of an existing one",
            ),
            (
                |s| s.get(BY_NAME, 200, &list(&[user("9", "ada")])),
                "the user with the id `1` was found under the id `9`",
            ),
        ];
        for (act, message) in rows {
            let mut story = created();
            act(&mut story);
            assert_eq!(story.said(), [format!("id-stable: {message}")]);
        }
    }

    #[test]
    fn stays_silent() {
        let mut story = created();
        story.get("/Users/1", 200, &user("1", "ada"));
        story.get(BY_NAME, 200, &list(&[user("1", "ada")]));
        story.post("/Groups", &group("", "Acme", &[]), 201, &group("1", "Acme", &[]));
        story.delete("/Users/1", 204);
        story.post("/Users", &user("", "ada"), 201, &user("2", "ada"));
        assert_eq!(story.said(), [""; 0]);
    }
}
