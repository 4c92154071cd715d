//! What a provider sends is taken.

use serde_json::Value;

use crate::requirement::exchange::blamed_attribute::blamed;
use crate::requirement::exchange::reason::reason;
use crate::requirement::exchange::shape::{Oddity, Shape, phrase, shapes};
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::Purpose;

use super::repeat_taken::REPEAT_TAKEN;
use crate::requirement::rules::Rule;

const ACCEPTED_PAYLOAD: Requirement = Requirement {
    id: "accepted-payload",
    level: Level::Must,
    concerns: &[Concern::Okta, Concern::Entra, Concern::Google],
    text: "the endpoint accepts the requests that the provider sends by default",
    source: "the provider's documented or captured requests (docs/providers/entra.md#users, docs/providers/entra.md#groups, docs/providers/okta.md#users, docs/providers/okta.md#groups, docs/providers/google.md)",
    reasoning: "the provider has no other way to send the change, so it is never made",
};

#[derive(Debug)]
pub(crate) struct AcceptedPayload;

impl Rule for AcceptedPayload {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&ACCEPTED_PAYLOAD]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        // What was taken once is understood, and what is no SCIM 2.0 need not be.
        if seen.purpose() != Purpose::Provider
            || !is_refused(seen)
            || report.says(&REPEAT_TAKEN)
            || (seen.status() < 500 && (is_of_scim_1(seen) || names_somebody_gone(seen, mirror)))
        {
            return;
        }
        let shapes = shapes(seen);
        if [Oddity::StringActive, Oddity::PathlessActive]
            .into_iter()
            .any(|oddity| is_due_to(oddity, &shapes, seen))
        {
            return;
        }
        let phrase = phrase(&shapes);
        let blamed = blamed(seen.exchange).map(|name| format!("; apparently because of `{name}`"));
        let message = format!("{phrase} failed with {}{}", seen.refusal(), blamed.unwrap_or_default());
        report.raise_as(&ACCEPTED_PAYLOAD, phrase, message).shown(|| [Clue::refused()]);
    }
}

/// Whether the endpoint did not understand. Credentials, missing resources, conflicts, and limits are answers that
/// providers know how to take; a gateway's trouble passes.
fn is_refused(seen: &Seen<'_>) -> bool {
    let status = seen.status();
    status >= 300 && !matches!(status, 304 | 401 | 403 | 404 | 409 | 410 | 412 | 429 | 502..=504)
}

/// Whether a group is to have somebody who may not be there any more.
fn names_somebody_gone(seen: &Seen<'_>, mirror: &Mirror) -> bool {
    let body = seen.exchange.request.body.as_deref().filter(|_| seen.kind == Some(ResourceKind::Group));
    body.is_some_and(|body| mirror.doubtful_users().any(|id| body.contains(id)))
}

/// Whether the body names schemas of SCIM 1.1 and no other (`OneLogin`'s groups): a service provider of SCIM 2.0 may refuse it.
fn is_of_scim_1(seen: &Seen<'_>) -> bool {
    let schemas = seen.sent.and_then(|sent| get(sent, "schemas")?.as_array());
    schemas.is_some_and(|schemas| {
        let is_old = |schema: &Value| {
            let urn = schema.as_str().unwrap_or_default().to_ascii_lowercase();
            urn.starts_with("urn:scim:schemas:") && urn.ends_with(":1.0")
        };
        !schemas.is_empty() && schemas.iter().all(is_old)
    })
}

/// Whether a refusal is put down to the way `active` was sent, which has a rule of its own: nothing else in the request
/// is special.
pub(crate) fn is_due_to(oddity: Oddity, shapes: &[Shape], seen: &Seen<'_>) -> bool {
    matches!(seen.status(), 400 | 422 | 500)
        && !shapes.is_empty()
        && shapes.iter().all(|shape| shape.oddity == Some(oddity))
        && says_nothing_else(seen)
}

/// Whether the endpoint gives no reason, or one that is about the way `active` was sent.
fn says_nothing_else(seen: &Seen<'_>) -> bool {
    const ABOUT: [&str; 9] = ["active", "bool", "false", "path", "string", "target", "true", "type", "value"];
    let detail = seen.exchange.json().and_then(|body| get(body, "detail")?.as_str()).unwrap_or_default();
    let said = detail.to_lowercase();
    reason(detail).is_none() || ABOUT.iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, group, user};
    use crate::wire::Method;

    fn refused(target: &str, operations: &Value, status: u16) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        story.refuse(target, operations, status);
        story.raised("accepted-payload").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn names_the_operation() {
        let rows = [
            (
                "/Groups/g",
                json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "1"}]}]),
                "the removal of members listed in `value` failed with 400 (because)",
            ),
            (
                "/Groups/g",
                json!([{"op": "remove", "path": "members[value eq \"1\"]"}, {"op": "add", "path": "members", "value": [{"value": "2"}]}]),
                "`remove` of a member by value filter (`members[value eq …]`) failed with 400 (because)",
            ),
            (
                "/Users/1",
                json!([{"op": "Add", "path": "phoneNumbers[type eq \"fax\"].value", "value": "1"}, {"op": "Replace", "path": "title", "value": "x"}]),
                "`Add` by value filter (`phoneNumbers[type eq \"fax\"].value`) failed with 400 (because)",
            ),
            (
                "/Users/1",
                json!([{"op": "add", "value": {"displayName": "A", "name.givenName": "B"}}]),
                "`add` without a path, with paths as keys (`name.givenName`) failed with 400 (because)",
            ),
            (
                "/Users/1",
                json!([{"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": "9"}]),
                "`Add` of the manager as a string failed with 400 (because)",
            ),
            (
                "/Users/1",
                json!([{"op": "Replace", "path": "title", "value": "x"}]),
                "`Replace` of `title` failed with 400 (because)",
            ),
        ];
        for (target, operations, message) in rows {
            assert_eq!(refused(target, &operations, 400), [message]);
        }
    }

    #[test]
    fn names_the_attribute_that_the_error_blames() {
        let mut sent = user("", "ada");
        sent["nickName"] = json!("a");
        let mut answer = error(400);
        answer["detail"] = json!("Unknown attribute: nickName");
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &sent, 400, &answer);
        assert_eq!(
            story.said(),
            [
                "accepted-payload: the creation of a user failed with 400 (Unknown attribute: nickName); apparently because of `nickName`"
            ]
        );
    }

    #[test]
    fn names_what_an_endpoint_may_not_know_in_schemas() {
        let mut sent = user("", "ada");
        sent["schemas"] = json!(["urn:scim:schemas:core:1.0", "urn:ietf:params:scim:schemas:core:2.0:User"]);
        let mut story = Story::new(ClientName::Google);
        story.post("/Users", &sent, 400, &error(400));
        story.post("/Users", &sent, 400, &error(400));
        assert_eq!(
            story.said(),
            [
                "accepted-payload: the creation of a user with `urn:scim:schemas:core:1.0` in `schemas` failed with 400 (because)"
            ]
        );
    }

    #[test]
    fn names_lookups() {
        let mut story = Story::new(ClientName::Entra);
        story.get("/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22a%22", 400, &error(400));
        story.get("/Groups?excludedAttributes=members&filter=displayName+eq+%22Acme%22", 501, &error(501));
        assert_eq!(
            story.raised("accepted-payload"),
            [
                "the lookup in /Users by `emails[type eq \"work\"].value eq …` failed with 400 (because)",
                "the lookup in /Groups by `displayName eq …` with `excludedAttributes` failed with 501 (because)"
            ]
        );
    }

    #[test]
    fn stays_silent_on_answers_that_providers_expect() {
        let rename = json!([{"op": "Replace", "path": "displayName", "value": "x"}]);
        for status in [401, 403, 404, 409, 410, 429, 502, 503, 504] {
            assert_eq!(refused("/Groups/g", &rename, status), [""; 0], "{status}");
        }
        for status in [302, 400, 405, 422, 500, 501] {
            assert_eq!(refused("/Groups/g", &rename, status).len(), 1, "{status}");
        }
    }

    #[test]
    fn what_is_no_scim_2_may_be_refused_but_breaks_nothing() {
        let mut sent = json!({"schemas": ["urn:scim:schemas:core:1.0"], "members": [{"value": "1", "operation": "add"}]});
        let observed = |sent: &Value, status| {
            let mut story = Story::new(ClientName::Onelogin1);
            story.observe(&Story::exchange(
                Method::Patch,
                "/Groups/g",
                Some(sent),
                status,
                Some(&error(status)),
            ));
            story.raised("accepted-payload").len()
        };
        assert_eq!((observed(&sent, 400), observed(&sent, 500)), (0, 1));
        sent["schemas"] = json!([]);
        assert_eq!(observed(&sent, 400), 1);
    }

    #[test]
    fn is_about_the_providers_own_requests() {
        for purpose in [Purpose::Literal, Purpose::Stage, Purpose::Cleanup, Purpose::Read, Purpose::Admin] {
            let mut story = Story::new(ClientName::Entra);
            story.purpose = purpose;
            story.post("/Groups", &group("", "Acme", &[]), 400, &error(400));
            assert_eq!(story.said(), [""; 0]);
        }
    }
}
