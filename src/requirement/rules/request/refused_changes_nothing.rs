//! A write that is refused leaves everything as it was.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::requirement::exchange::view::{Seen, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::{Known, Mirror};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::wire::Method;

use crate::requirement::rules::{Blame, Rule};

const REFUSED_CHANGES_NOTHING: Requirement = Requirement {
    id: "refused-changes-nothing",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "a write refused with 4xx changes nothing, even if some of its operations were valid",
    source: "RFC 7644 §3.5.2 (the original resource MUST be restored), RFC 9110 §15.5 (the request was not fulfilled)",
    reasoning: "the provider believes that nothing happened: half of the change stays, and nobody ever repairs it",
};

#[derive(Debug)]
pub(crate) struct RefusedChangesNothing;

impl Rule for RefusedChangesNothing {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&REFUSED_CHANGES_NOTHING]
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Refused)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if seen.method() != Method::Get {
            return;
        }
        for (kind, resource) in seen.resources() {
            let known = id_of(resource).and_then(|id| mirror.get(kind, id));
            values(kind, resource, known, seen, report);
        }
        let Some((kind, id, _)) = seen.read() else { return };
        let Some(known) = mirror.get(kind, id) else { return };
        let Some((_, members)) = seen.members() else { return };
        let ids: BTreeSet<&str> = members.ids.iter().copied().collect();
        let added = known.refused.added.iter().filter(|id| members.holds(&ids, id)).count();
        let removed = known.refused.removed.iter().filter(|id| !members.may_hold(&ids, id)).count();
        let one_added = known.refused.added.iter().find(|id| members.holds(&ids, id));
        let one_removed = known.refused.removed.iter().find(|id| !members.may_hold(&ids, id));
        let at = "body/members/*/value";
        for (count, what, clue) in [
            (
                added,
                "the endpoint refused to add members, but added {} of them",
                one_added.map(|id| Clue::there(at, id.as_str())),
            ),
            (
                removed,
                "the endpoint refused to remove members, but removed {} of them",
                one_removed.map(|id| Clue::missing(at, id.as_str())),
            ),
        ] {
            if count > 0 {
                let message = what.replace("{}", &count.to_string());
                report.raise_as(&REFUSED_CHANGES_NOTHING, what, message).shown_by(clue);
            }
        }
    }
}

/// What a refused write names, and a resource shows all the same.
fn values(kind: ResourceKind, resource: &Value, known: Option<&Known>, seen: &Seen<'_>, report: &mut Report) {
    let Some(known) = known else { return };
    for (attribute, sent) in &known.refused.values {
        // What was there before, too, shows nothing.
        let before = known.values.get(attribute).map(|held| &held.value);
        if before.is_some_and(|before| before != sent) && attribute.value(resource) == Some(sent) {
            let clue = Clue::there(attribute.place(seen.list_kind().is_some()), sent.clone());
            let (attribute, name) = (attribute.as_str(), kind.name().to_ascii_lowercase());
            let message =
                format!("a write to `{attribute}` of a {name} was refused, but a read returns the new value");
            report.raise(&REFUSED_CHANGES_NOTHING, message).shown(|| [clue]);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, group, list, user};

    fn user_after(operations: &Value, status: u16, read: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.refuse("/Users/1", operations, status);
        story.get("/Users/1", 200, read);
        story.said().into_iter().filter(|said| !said.starts_with("accepted-payload")).collect()
    }

    fn group_after(operations: &Value, status: u16, left: &[&str]) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        story.get("/Groups/g", 200, &group("g", "Acme", &["1", "2"]));
        story.refuse("/Groups/g", operations, status);
        story.get("/Groups/g", 200, &group("g", "Acme", left));
        story.said().into_iter().filter(|said| !said.starts_with("accepted-payload")).collect()
    }

    fn half() -> Value {
        json!([{"op": "replace", "path": "displayName", "value": "Half"}, {"op": "nonsense", "path": "title"}])
    }

    #[test]
    fn fires() {
        let mut read = user("1", "ada");
        read["displayName"] = json!("Half");
        assert_eq!(
            user_after(&half(), 400, &read),
            [
                "refused-changes-nothing: a write to `displayName` of a user was refused, but a read returns the new value"
            ]
        );
        let add = json!([{"op": "add", "path": "members", "value": [{"value": "3"}]}, {"op": "remove"}]);
        assert_eq!(
            group_after(&add, 400, &["1", "2", "3"]),
            ["refused-changes-nothing: the endpoint refused to add members, but added 1 of them"]
        );
        let remove = json!([{"op": "remove", "path": "members[value eq \"1\"]"}, {"op": "remove"}]);
        assert_eq!(
            group_after(&remove, 400, &["2"]),
            ["refused-changes-nothing: the endpoint refused to remove members, but removed 1 of them"]
        );
    }

    #[test]
    fn a_list_shows_it_too() {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Groups", &group("", "Acme", &[]), 201, &group("g", "Acme", &[]));
        story.refuse("/Groups/g", &json!([{"op": "Replace", "path": "displayName", "value": "Globex"}]), 403);
        story.get("/Groups?startIndex=1&count=9", 200, &list(&[group("g", "Globex", &[])]));
        assert_eq!(story.ids(), ["refused-changes-nothing"]);
    }

    #[test]
    fn stays_silent() {
        assert_eq!(user_after(&half(), 400, &user("1", "ada")), [""; 0]);
        let add = json!([{"op": "add", "path": "members", "value": [{"value": "3"}]}, {"op": "remove"}]);
        assert_eq!(group_after(&add, 400, &["1", "2"]), [""; 0]);
        // Nobody knows what a server did that broke down.
        assert_eq!(group_after(&add, 500, &["1", "2", "3"]), [""; 0]);
        // What was there already.
        let again = json!([{"op": "add", "path": "members", "value": [{"value": "1"}]}, {"op": "remove"}]);
        assert_eq!(group_after(&again, 400, &["1", "2"]), [""; 0]);
        // A later write did it.
        let mut story = Story::new(ClientName::OktaOin);
        story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
        let add = json!([{"op": "add", "path": "members", "value": [{"value": "3"}]}]);
        story.refuse("/Groups/g", &add, 404);
        story.patch("/Groups/g", &add);
        story.get("/Groups/g", 200, &group("g", "Acme", &["1", "3"]));
        assert_eq!(story.said(), [""; 0]);
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.put("/Users/1", &user("1", "eve"), 403, &error(403));
        story.get("/Users/1", 200, &user("1", "ada"));
        assert_eq!(story.said(), [""; 0]);
    }
}
