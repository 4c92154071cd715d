//! Members who were sent are members.

use crate::counted::counted;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};

use super::members_kept::{difference, member, not_member};
use crate::requirement::rules::{Blame, Rule};

const MEMBERS_STORED: Requirement = Requirement {
    id: "members-stored",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "a read returns the members that were added or sent as a complete list",
    source: "RFC 7644 §3.3, §3.5.1, §3.5.2.1, §3.5.2.3; Okta sends lists (docs/providers/okta.md#change-members), Entra adds one by one (docs/providers/entra.md#add-a-member)",
    reasoning: "people are missing from their organization, or remain in one that they left",
};

#[derive(Debug)]
pub(crate) struct MembersStored;

impl Rule for MembersStored {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&MEMBERS_STORED]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let Some(difference) = difference(seen, mirror) else { return };
        if difference.not_stored > 0 {
            let missing = difference.not_stored;
            report
                .raise_as(
                    &MEMBERS_STORED,
                    difference.key("missing"),
                    format!("the endpoint accepted the members, but did not store {missing} of them"),
                )
                .by(difference.last.addition.max(difference.last.list))
                .shown_by(difference.shown_by.not_stored.map(not_member));
        }
        if difference.not_left_out > 0 {
            let left = difference.not_left_out;
            let others = counted(left, "other member");
            let message = format!("the endpoint accepted a complete list of members, but kept {others}");
            report
                .raise_as(&MEMBERS_STORED, "left", message)
                .by(difference.last.list)
                .shown_by(difference.shown_by.not_left_out.map(member));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group};
    use crate::wire::Purpose;

    fn created(sent: &[&str], act: impl Fn(&mut Story), read: &[&str]) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaAiw);
        story.post("/Groups", &group("", "Acme", sent), 201, &group("g", "Acme", sent));
        act(&mut story);
        story.get("/Groups/g", 200, &group("g", "Acme", read));
        story.said()
    }

    const MISSING: &str = "members-stored: the endpoint accepted the members, but did not store 1 of them";
    const LEFT: &str =
        "members-stored: the endpoint accepted a complete list of members, but kept 1 other member";

    #[test]
    fn table() {
        let nothing = |_: &mut Story| {};
        let none: [&str; 0] = [];
        assert_eq!(created(&["1", "2"], nothing, &["2", "1"]), none);
        assert_eq!(created(&["1", "2"], nothing, &["2"]), [MISSING]);
        // An organization that was there has people of its own.
        assert_eq!(created(&["1"], nothing, &["1", "9"]), none);
        let put = |story: &mut Story| {
            story.put("/Groups/g", &group("g", "Acme", &["2"]), 200, &group("g", "Acme", &["2"]));
        };
        assert_eq!(created(&["1"], put, &["2"]), none);
        assert_eq!(created(&["1"], put, &["1", "2"]), [LEFT]);
        let add = |story: &mut Story| {
            story.patch(
                "/Groups/g",
                &json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": "2"}]}]),
            );
        };
        assert_eq!(created(&[], add, &["2"]), none);
        assert_eq!(created(&[], add, &[]), [MISSING]);
        let replace = |story: &mut Story| {
            story.patch("/Groups/g", &json!([{"op": "replace", "path": "members", "value": []}]));
        };
        assert_eq!(created(&["1"], replace, &[]), none);
        assert_eq!(created(&["1"], replace, &["1"]), [LEFT]);
    }

    #[test]
    fn a_literal_may_name_somebody_who_never_was() {
        let add = |story: &mut Story| {
            story.purpose = Purpose::Literal;
            story.patch(
                "/Groups/g",
                &json!([{"op": "add", "path": "members", "value": [{"value": "nobody"}]}]),
            );
        };
        assert_eq!(created(&[], add, &[]), [""; 0]);
        assert_eq!(created(&[], add, &["nobody"]), [""; 0]);
    }

    #[test]
    fn a_put_without_members_may_clear_them() {
        let mut sent = group("g", "Acme", &[]);
        sent.as_object_mut().unwrap().remove("members");
        let put = |story: &mut Story| story.put("/Groups/g", &sent, 200, &sent);
        assert_eq!(created(&["1"], put, &[]), [""; 0]);
        assert_eq!(created(&["1"], put, &["1"]), [""; 0]);
    }

    #[test]
    fn members_may_be_null_where_there_are_none() {
        let mut story = Story::new(ClientName::OktaOin);
        let mut empty = group("g", "Acme", &[]);
        story.post("/Groups", &empty, 201, &empty);
        empty["members"] = Value::Null;
        story.get("/Groups/g", 200, &empty);
        assert_eq!(story.said(), [""; 0]);
    }
}
