//! Who is inactive is still there.

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use super::lookup_finds::{Missed, missed_by_id, missed_by_name, missed_by_write};
use crate::requirement::rules::{Blame, Rule};

const INACTIVE_STILL_FOUND: Requirement = Requirement {
    id: "inactive-still-found",
    level: Level::Must,
    concerns: &[Concern::Okta, Concern::Entra],
    text: "an inactive user can still be found by id and by `userName`",
    source: "Entra requires it (docs/providers/entra.md#required-soft-deletion, docs/providers/entra-tests.md#disabled-user); Okta's reactivation begins with the lookup (docs/providers/okta.md#reactivate-a-user)",
    reasoning: "a person who comes back gets a second account, or a conflict, instead of the old account",
};

#[derive(Debug)]
pub(crate) struct InactiveStillFound;

impl Rule for InactiveStillFound {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&INACTIVE_STILL_FOUND]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Lost)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let is_inactive = |missed: Missed<'_>| missed.known.is_inactive();
        if missed_by_id(seen, mirror).or_else(|| missed_by_write(seen, mirror)).is_some_and(is_inactive) {
            report
                .raise(&INACTIVE_STILL_FOUND, format!("{} of an inactive user returned 404", seen.method()))
                .shown(|| [Clue::status(["404"])]);
        }
        if let Some(missed) = missed_by_name(seen, mirror).filter(|missed| missed.known.is_inactive()) {
            report
                .raise(
                    &INACTIVE_STILL_FOUND,
                    "the lookup by userName does not find an inactive user".to_owned(),
                )
                .shown(|| [Clue::missing("body/Resources/*/id", missed.id)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, list, user};

    const BY_NAME: &str = "/Users?filter=userName+eq+%22ada%40example.com%22";

    fn deactivated() -> Story {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.patch("/Users/1", &json!([{"op": "Replace", "path": "active", "value": "False"}]));
        story
    }

    fn inactive() -> Value {
        let mut body = user("1", "ada");
        body["active"] = json!(false);
        body
    }

    #[test]
    fn fires() {
        let mut story = deactivated();
        story.get(BY_NAME, 200, &list(&[]));
        let activate = json!([{"op": "Replace", "path": "active", "value": "True"}]);
        story.refuse("/Users/1", &activate, 404);
        story.get("/Users/1", 404, &error(404));
        assert_eq!(
            story.said(),
            [
                "inactive-still-found: the lookup by userName does not find an inactive user",
                "inactive-still-found: PATCH of an inactive user returned 404",
                "inactive-still-found: GET of an inactive user returned 404"
            ]
        );
    }

    #[test]
    fn stays_silent() {
        let mut story = deactivated();
        story.get("/Users/1", 200, &inactive());
        story.get(BY_NAME, 200, &list(&[inactive()]));
        story.delete("/Users/1", 204);
        story.get("/Users/1", 404, &error(404));
        story.get(BY_NAME, 200, &list(&[]));
        assert_eq!(story.said(), [""; 0]);
    }
}
