//! What was deleted is not there.

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::{Life, Mirror};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use crate::requirement::rules::{Blame, Rule};

const DELETED_IS_GONE: Requirement = Requirement {
    id: "deleted-is-gone",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "after a deletion, a read by id returns 404 and no query finds the resource",
    source: "RFC 7644 §3.6 (MUST return 404 for all operations, MUST omit the resource from query results); Microsoft's validator asks for the 404 (docs/providers/entra-tests.md#deletion)",
    reasoning: "the provider links to an account that does not exist, or believes that it still exists",
};

#[derive(Debug)]
pub(crate) struct DeletedIsGone;

impl Rule for DeletedIsGone {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&DELETED_IS_GONE]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let is_deleted =
            |kind, id: &str| mirror.get(kind, id).is_some_and(|known| known.life == Life::Deleted);
        if let Some((kind, id)) = seen.target() {
            if is_deleted(kind, id) && seen.is_success() {
                let (method, status) = (seen.method(), seen.status());
                let name = kind.name().to_ascii_lowercase();
                report
                    .raise(&DELETED_IS_GONE, format!("{method} of a deleted {name} returned {status}"))
                    .shown(|| [Clue::taken()]);
            }
        } else if let Some((kind, list)) = seen.list()
            && let Some(id) = list.ids().find(|id| is_deleted(kind, id))
        {
            let name = kind.name().to_ascii_lowercase();
            report
                .raise(&DELETED_IS_GONE, format!("a query finds a deleted {name}"))
                .shown(|| [Clue::there("body/Resources/*/id", id)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, list, user};

    fn deleted(status: u16) -> Story {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.delete("/Users/1", status);
        story
    }

    #[test]
    fn fires() {
        let mut story = deleted(204);
        story.get("/Users/1", 200, &user("1", "ada"));
        story.delete("/Users/1", 204);
        story.get("/Users?startIndex=1&count=9", 200, &list(&[user("1", "ada")]));
        assert_eq!(
            story.raised("deleted-is-gone"),
            [
                "GET of a deleted user returned 200",
                "DELETE of a deleted user returned 204",
                "a query finds a deleted user"
            ]
        );
    }

    #[test]
    fn stays_silent() {
        let mut story = deleted(204);
        story.get("/Users/1", 404, &error(404));
        story.delete("/Users/1", 404);
        story.get("/Users", 200, &list(&[user("2", "ada")]));
        assert_eq!(story.said(), [""; 0]);
        // A deletion that was refused deletes nothing.
        let mut story = deleted(403);
        story.get("/Users/1", 200, &user("1", "ada"));
        assert_eq!(story.said(), [""; 0]);
    }
}
