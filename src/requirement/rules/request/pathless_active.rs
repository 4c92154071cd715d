//! Okta's `active` without a path.

use crate::requirement::exchange::change::How;
use crate::requirement::exchange::shape::{Oddity, shapes};
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use super::accepted_payload::is_due_to;
use super::string_boolean::{actives, is_judged, other_active};
use crate::requirement::rules::{Blame, Rule};

const PATHLESS_ACTIVE: Requirement = Requirement {
    id: "pathless-active",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta],
    text: "a PATCH without a path can set `active`",
    source: "RFC 7644 §3.5.2.3 (a path that is omitted means the resource itself); Okta deactivates so (docs/providers/okta.md#unassign-a-user)",
    reasoning: "unassigned people keep their access",
};

#[derive(Debug)]
pub(crate) struct PathlessActive;

impl Rule for PathlessActive {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&PATHLESS_ACTIVE]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let shapes = if seen.is_success() || seen.kind.is_none() { Vec::new() } else { shapes(seen) };
        if is_judged(seen) && is_due_to(Oddity::PathlessActive, &shapes, seen) {
            report
                .raise_as(
                    &PATHLESS_ACTIVE,
                    "refused",
                    format!("`active` without a path failed with {}", seen.refusal()),
                )
                .shown(|| [Clue::refused()]);
        }
        for (held, read) in actives(seen, mirror, How::Pathless) {
            if *held != read && read.is_boolean() {
                let message = format!(
                    "`active` was set to {held} without a path and accepted, but a read returns {read}"
                );
                report.raise_as(&PATHLESS_ACTIVE, "ignored", message).shown(|| [other_active(seen, held)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, user};

    #[test]
    fn taken_must_mean_done() {
        for (active, said) in [
            (json!(false), vec![]),
            (
                json!(true),
                vec![
                    "pathless-active: `active` was set to false without a path and accepted, but a read returns true",
                ],
            ),
        ] {
            let mut story = Story::new(ClientName::OktaOin);
            story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
            story.patch("/Users/1", &json!([{"op": "replace", "value": {"active": false}}]));
            let mut body = user("1", "ada");
            body["active"] = active;
            story.get("/Users/1", 200, &body);
            story.get("/Users/1", 200, &body);
            assert_eq!(story.said(), said);
        }
    }

    #[test]
    fn refused() {
        let mut story = Story::new(ClientName::OktaOin);
        story.refuse("/Users/1", &json!([{"op": "replace", "value": {"active": false}}]), 404);
        story.refuse("/Users/1", &json!([{"op": "replace", "path": "active", "value": false}]), 400);
        assert!(story.raised("pathless-active").is_empty());
        story.refuse("/Users/1", &json!([{"op": "replace", "value": {"active": false}}]), 400);
        assert_eq!(story.raised("pathless-active"), ["`active` without a path failed with 400 (because)"]);
        assert_eq!(story.raised("accepted-payload"), ["`replace` of `active` failed with 400 (because)"]);
    }
}
