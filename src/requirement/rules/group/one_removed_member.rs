//! Removing somebody removes them, and nobody else.

use crate::counted::counted;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::mirror::members::Cause;
use crate::requirement::model::{Concern, Level, Requirement};

use super::members_kept::{difference, member, not_member};
use crate::requirement::rules::{Blame, Rule};

const ONE_REMOVED_MEMBER: Requirement = Requirement {
    id: "one-removed-member",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "removing members removes the named ones and no others",
    source: "RFC 7644 §3.5.2.2; Entra names them in a list of values or by a filter (docs/providers/entra.md#remove-a-member), Okta by a filter (docs/providers/okta.md#change-members)",
    reasoning: "one person leaves, and the whole organization loses access, or the person keeps it",
};

#[derive(Debug)]
pub(crate) struct OneRemovedMember;

impl Rule for OneRemovedMember {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&ONE_REMOVED_MEMBER]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let Some(difference) = difference(seen, mirror) else { return };
        let wiped_key = difference.key("wiped");
        if difference.not_removed > 0 {
            let (left, of) = (difference.not_removed, difference.removed);
            report
                .raise_as(&ONE_REMOVED_MEMBER, "ignored", ignored(left, of))
                .by(difference.last.removal)
                .shown_by(difference.shown_by.not_removed.map(member));
        }
        if difference.cause == Some(Cause::Removal) && difference.lost > 0 {
            let (lost, of) = (difference.lost, difference.expected);
            report
                .raise_as(&ONE_REMOVED_MEMBER, wiped_key, wiped(difference.removed, lost, of))
                .by(difference.last.removal)
                .shown_by(difference.shown_by.lost.map(not_member));
        }
    }
}

/// So many of the removed members are still there.
fn ignored(left: usize, removed: usize) -> String {
    match (left, removed) {
        (_, 1) => "the removed member is still there".to_owned(),
        (1, _) => format!("1 of {removed} removed members is still there"),
        (_, _) => format!("{left} of {removed} removed members are still there"),
    }
}

/// So many of the other members disappeared.
fn wiped(removed: usize, lost: usize, others: usize) -> String {
    let were = if removed == 1 { "was" } else { "were" };
    let lost = match (lost, others) {
        (1, 1) => "the other one".to_owned(),
        (_, _) if lost == others => format!("the other {others}"),
        (_, _) => format!("{lost} of the other {others}"),
    };
    format!("{} {were} removed, and {lost} disappeared too", counted(removed, "member"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ignored, wiped};
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group};

    fn removed(operations: &Value, left: &[&str]) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        let all = ["1", "2", "3"];
        story.post("/Groups", &group("", "Acme", &all), 201, &group("g", "Acme", &all));
        story.patch("/Groups/g", operations);
        for _ in 0..2 {
            story.get("/Groups/g", 200, &group("g", "Acme", left));
        }
        story.said()
    }

    #[test]
    fn table() {
        let by_list = json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "2"}]}]);
        let by_filter = json!([{"op": "remove", "path": "members[value eq \"2\"]"}]);
        let two = json!([{"op": "remove", "path": "members[value eq \"2\"]"}, {"op": "remove", "path": "members[value eq \"3\"]"}]);
        let wiped = "one-removed-member: 1 member was removed, and the other 2 disappeared too";
        let ignored = "one-removed-member: the removed member is still there";
        for one in [by_list, by_filter] {
            assert_eq!(removed(&one, &["3", "1"]), [""; 0]);
            assert_eq!(removed(&one, &[]), [wiped]);
            assert_eq!(removed(&one, &["1", "2", "3"]), [ignored]);
        }
        assert_eq!(removed(&two, &["1"]), [""; 0]);
        assert_eq!(removed(&two, &["1", "3"]), ["one-removed-member: 1 of 2 removed members is still there"]);
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        assert_eq!(wiped(1, 1, 1), "1 member was removed, and the other one disappeared too");
        assert_eq!(wiped(2, 1, 3), "2 members were removed, and 1 of the other 3 disappeared too");
        assert_eq!(ignored(2, 2), "2 of 2 removed members are still there");
    }

    #[test]
    fn stays_silent() {
        let all = json!([{"op": "remove", "path": "members"}]);
        assert_eq!(removed(&all, &[]), [""; 0]);
        let back = json!([{"op": "remove", "path": "members[value eq \"2\"]"}, {"op": "add", "path": "members", "value": [{"value": "2"}]}]);
        assert_eq!(removed(&back, &["1", "2", "3"]), [""; 0]);
        // Nobody can say who is meant.
        let odd = json!([{"op": "remove", "path": "members[display eq \"Ada\"]"}]);
        assert_eq!(removed(&odd, &["1"]), [""; 0]);
    }

    #[test]
    fn a_removal_that_was_refused_removes_nobody() {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Groups", &group("", "Acme", &["1"]), 201, &group("g", "Acme", &["1"]));
        story.refuse("/Groups/g", &json!([{"op": "remove", "path": "members[value eq \"1\"]"}]), 404);
        story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
        assert_eq!(story.said(), [""; 0]);
    }
}
