//! Members whom nobody named stay.

use crate::counted::counted;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::mirror::members::{Cause, Difference};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;

use crate::requirement::rules::{Blame, Rule};

const ADD_KEEPS_MEMBERS: Requirement = Requirement {
    id: "add-keeps-members",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "adding members keeps the existing ones",
    source: "RFC 7644 §3.5.2.1 (a new value is added to the attribute); Entra adds one member a request (docs/providers/entra.md#add-a-member)",
    reasoning: "each new member replaces the previous one, and the organization ends up with one person",
};

const RENAME_KEEPS_MEMBERS: Requirement = Requirement {
    id: "rename-keeps-members",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "renaming a group keeps its members",
    source: "RFC 7644 §3.5.2 (a PATCH changes what it names); Okta sends the name with every change of members (docs/providers/okta.md#name-sent-again)",
    reasoning: "an organization is renamed, and everybody in it loses access",
};

#[derive(Debug)]
pub(crate) struct MembersKept;

impl Rule for MembersKept {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&ADD_KEEPS_MEMBERS, &RENAME_KEEPS_MEMBERS]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let Some(difference) = difference(seen, mirror).filter(|difference| difference.lost > 0) else {
            return;
        };
        let (lost, last) = (difference.lost, difference.last);
        let mut raise = |requirement, key, message, culprit| {
            let clue = difference.shown_by.lost.clone().map(not_member);
            report.raise_as(requirement, key, message).by(culprit).shown_by(clue);
        };
        match difference.cause {
            Some(Cause::Addition) => {
                let key = if difference.may_be_renamed { "or-renamed" } else { "" }.to_owned();
                let message =
                    format!("members were added, and {} disappeared", counted(lost, "existing member"));
                raise(&ADD_KEEPS_MEMBERS, key, message, last.addition);
            }
            Some(Cause::Rename) => {
                let message = format!("the group was renamed, and {} disappeared", counted(lost, "member"));
                raise(&RENAME_KEEPS_MEMBERS, String::new(), message, last.rename);
            }
            // Other rules', or nobody's doing that is known.
            Some(Cause::Removal) | None => {}
        }
    }
}

/// The user is not among the members.
pub(super) fn not_member(id: String) -> Clue {
    Clue::missing("body/members/*/value", id)
}

/// The user is among the members.
pub(super) fn member(id: String) -> Clue {
    Clue::there("body/members/*/value", id)
}

/// How a read of a group differs from what was sent.
pub(crate) fn difference(seen: &Seen<'_>, mirror: &Mirror) -> Option<Difference> {
    let (id, shown) = seen.members()?;
    Some(mirror.get(ResourceKind::Group, id)?.members.as_ref()?.compare(&shown))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, user};

    /// A group of two that was read, then changed, then read.
    fn after(operations: &Value, left: &[&str]) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        story.get("/Groups/g", 200, &group("g", "Acme", &["1", "2"]));
        story.patch("/Groups/g", operations);
        let name = if operations.to_string().contains("Globex") { "Globex" } else { "Acme" };
        story.get("/Groups/g", 200, &group("g", name, left));
        story.said()
    }

    #[test]
    fn fires() {
        let add = json!([{"op": "Add", "path": "members", "value": [{"value": "3"}]}]);
        assert_eq!(
            after(&add, &["3"]),
            ["add-keeps-members: members were added, and 2 existing members disappeared"]
        );
        let pathless = json!([{"op": "replace", "value": {"id": "g", "displayName": "Globex"}}]);
        let pathed = json!([{"op": "Replace", "path": "displayName", "value": "Globex"}]);
        for rename in [pathless, pathed] {
            assert_eq!(
                after(&rename, &["1"]),
                ["rename-keeps-members: the group was renamed, and 1 member disappeared"]
            );
        }
    }

    #[test]
    fn an_addition_that_puts_out_the_one_before_shows_at_the_end() {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Groups", &group("", "Acme", &[]), 201, &group("g", "Acme", &[]));
        for id in ["1", "2"] {
            story.patch("/Groups/g", &json!([{"op": "Add", "path": "members", "value": [{"value": id}]}]));
        }
        story.get("/Groups/g", 200, &group("g", "Acme", &["2"]));
        assert_eq!(
            story.said(),
            ["add-keeps-members: members were added, and 1 existing member disappeared"]
        );
    }

    #[test]
    fn stays_silent() {
        let add = json!([{"op": "add", "path": "members", "value": [{"value": "3"}]}]);
        assert_eq!(after(&add, &["3", "2", "1"]), [""; 0]);
        let rename = json!([{"op": "replace", "value": {"displayName": "Globex"}}]);
        assert_eq!(after(&rename, &["1", "2"]), [""; 0]);
        // Okta's rename with an empty list: both are right.
        let with_list =
            json!([{"op": "replace", "value": {"id": "g", "displayName": "Globex", "members": []}}]);
        for left in [&[][..], &["1", "2"]] {
            assert_eq!(after(&with_list, left), [""; 0]);
        }
        // Nobody did anything that could have done it.
        let mut story = Story::new(ClientName::OktaOin);
        story.get("/Groups/g", 200, &group("g", "Acme", &["1", "2"]));
        story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
        assert_eq!(story.said(), [""; 0]);
    }

    #[test]
    fn a_group_may_drop_who_is_inactive_or_deleted() {
        for act in [
            |story: &mut Story| story.delete("/Users/1", 204),
            |story: &mut Story| {
                story.patch("/Users/1", &json!([{"op": "replace", "value": {"active": false}}]));
            },
        ] {
            for left in [&["2"][..], &["1", "2"]] {
                let mut story = Story::new(ClientName::OktaOin);
                story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
                story.get("/Groups/g", 200, &group("g", "Acme", &["1", "2"]));
                act(&mut story);
                story.patch("/Groups/g", &json!([{"op": "replace", "value": {"displayName": "Globex"}}]));
                story.get("/Groups/g", 200, &group("g", "Globex", left));
                assert_eq!(story.said(), [""; 0]);
            }
        }
    }

    #[test]
    fn a_read_without_members_says_nothing_of_them() {
        let mut story = Story::new(ClientName::Entra);
        story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
        story.patch("/Groups/g", &json!([{"op": "Add", "path": "members", "value": [{"value": "2"}]}]));
        story.get("/Groups/g?excludedAttributes=members", 200, &group("g", "Acme", &[]));
        story.get("/Groups/g", 200, &group("g", "Acme", &["1", "2"]));
        assert_eq!(story.said(), [""; 0]);
    }
}
