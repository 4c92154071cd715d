//! What was sent is what is read.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::change::How;
use crate::requirement::exchange::view::{Seen, id_of};
use crate::requirement::findings::{Report, Said};
use crate::requirement::mirror::{Held, Life, Mirror};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::wire::Method;

use crate::requirement::rules::{Blame, Rule};

const READ_BACK: Requirement = Requirement {
    id: "read-back",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "a read returns the last values sent for `userName`, `displayName` and `active`",
    source: "RFC 7644 §3.3, §3.5 (the answer of a write is what was stored); Entra requires values without transformation (docs/providers/entra.md#required-values-as-sent)",
    reasoning: "the name or the state in the product differs from the directory; Entra sends the same change in every cycle",
};

const READ_BACK_PROFILE: Requirement = Requirement {
    id: "read-back-profile",
    level: Level::Should,
    concerns: &[Concern::Entra, Concern::Okta],
    text: "a read returns the last values sent for `externalId`, `name` and the work e-mail address",
    source: "Entra requires values without transformation (docs/providers/entra.md#required-values-as-sent); RFC 7644 §3.3 lets a provider alter what it stores",
    reasoning: "Entra sends the same change in every cycle; matching by one of these attributes fails",
};

const ATTRIBUTE_KEPT: Requirement = Requirement {
    id: "attribute-kept",
    level: Level::Should,
    concerns: &[Concern::Entra, Concern::Okta],
    text: "the endpoint keeps the attributes that every provider sends",
    source: "docs/providers/entra.md#add-replace-or-nothing (an attribute that is not read back is added again in every cycle); RFC 7643 §2.2 requires `userName` only",
    reasoning: "the value is missing in the product, and Entra sends it again in every cycle",
};

#[derive(Debug, Default)]
pub(crate) struct ReadBack {
    /// What was there in some answer: an attribute that never is, is not kept at all.
    kept: BTreeSet<(ResourceKind, Attribute)>,
}

impl Rule for ReadBack {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&READ_BACK, &READ_BACK_PROFILE, &ATTRIBUTE_KEPT]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if seen.method() != Method::Get {
            return;
        }
        // A list may show less of each than a read by id.
        let whole = seen.id.is_some() && !seen.is_projected();
        for (kind, resource) in seen.resources() {
            let known = id_of(resource).and_then(|id| mirror.get(kind, id));
            for attribute in Attribute::of(kind) {
                let read = attribute.value(resource);
                if read.is_some() {
                    self.kept.insert((kind, *attribute));
                }
                let held = known
                    .filter(|known| known.life == Life::Live)
                    .and_then(|known| known.values.get(attribute));
                // What no write since has named is the business of another rule.
                let is_untouched = |held: &&Held| {
                    known.is_some_and(|known| {
                        known.views.view(seen.id.is_none()).holds(attribute.as_str(), &held.value)
                    })
                };
                let held = held.filter(|held| !is_untouched(held));
                match (held, read) {
                    // What a refused write did all the same is said elsewhere.
                    (Some(held), Some(read))
                        if held.value != *read
                            && known.is_none_or(|known| known.refused.value(*attribute) != Some(read)) =>
                    {
                        changed(kind, *attribute, held, read, report)
                            .shown(|| [not_kept(*attribute, held, seen)]);
                    }
                    (Some(held), None) if whole => {
                        self.absent(kind, *attribute, held, report)
                            .shown(|| [not_kept(*attribute, held, seen)]);
                    }
                    _ => {}
                }
            }
        }
    }
}

impl ReadBack {
    fn absent<'r>(
        &self,
        kind: ResourceKind,
        attribute: Attribute,
        held: &Held,
        report: &'r mut Report,
    ) -> Said<'r> {
        let (name, of) = (attribute.as_str(), kind.name().to_ascii_lowercase());
        if self.kept.contains(&(kind, attribute)) || attribute == Attribute::key(kind) {
            let message = format!("`{name}` of a {of} was sent as {} and later lost", held.value);
            report.raise_as(requirement(attribute), format!("{of} {name} lost"), message)
        } else {
            report.raise(&ATTRIBUTE_KEPT, format!("`{name}` of a {of} was sent but not stored"))
        }
    }
}

fn changed<'r>(
    kind: ResourceKind,
    attribute: Attribute,
    held: &Held,
    read: &Value,
    report: &'r mut Report,
) -> Said<'r> {
    // The form in which it was sent, or is answered, has a rule of its own.
    if attribute == Attribute::Active
        && (matches!(held.how, How::StringBoolean | How::Pathless) || !read.is_boolean())
    {
        return Said::default();
    }
    let how = match (held.value.as_str(), read.as_str()) {
        (Some(sent), Some(read)) if sent.trim() == read.trim() => ", with different surrounding space",
        (Some(sent), Some(read)) if sent.to_lowercase() == read.to_lowercase() => ", in another case",
        _ => "",
    };
    let (name, of) = (attribute.as_str(), kind.name().to_ascii_lowercase());
    let message = format!("`{name}` of a {of} was sent as {}, but a read returns {read}{how}", held.value);
    report.raise_as(requirement(attribute), format!("{of} {name}{how}"), message)
}

/// The value that was sent is not read.
fn not_kept(attribute: Attribute, held: &Held, seen: &Seen<'_>) -> Clue {
    Clue::missing(attribute.place(seen.list_kind().is_some()), held.value.clone())
}

fn requirement(attribute: Attribute) -> &'static Requirement {
    match attribute {
        Attribute::UserName | Attribute::DisplayName | Attribute::Active => &READ_BACK,
        Attribute::ExternalId | Attribute::GivenName | Attribute::FamilyName | Attribute::WorkEmail => {
            &READ_BACK_PROFILE
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, list, user, user_with};

    /// Created, perhaps patched, and read.
    fn read(operations: Option<Value>, body: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::EntraScim2);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        if let Some(operations) = operations {
            story.patch("/Users/1", &operations);
        }
        story.get("/Users/1", 200, body);
        story.said()
    }

    #[test]
    fn a_changed_value_is_said_with_both() {
        let rows = [
            (
                user_with("userName", json!("ADA@example.com")),
                "read-back: `userName` of a user was sent as \"ada@example.com\", but a read returns \"ADA@example.com\", in another case",
            ),
            (
                user_with("displayName", json!("Ada Byron ")),
                "read-back: `displayName` of a user was sent as \"Ada Byron\", but a read returns \"Ada Byron \", with different surrounding space",
            ),
            (
                user_with("active", json!(false)),
                "read-back: `active` of a user was sent as true, but a read returns false",
            ),
            (
                user_with("externalId", json!("x")),
                "read-back-profile: `externalId` of a user was sent as \"00u1\", but a read returns \"x\"",
            ),
            (
                user_with("name", json!({"givenName": "ada", "familyName": "Byron"})),
                "read-back-profile: `name.givenName` of a user was sent as \"Ada\", but a read returns \"ada\", in another case",
            ),
            (
                user_with("emails", json!([{"type": "work", "value": "x@example.com"}])),
                "read-back-profile: `emails` of a user was sent as \"ada@example.com\", but a read returns \"x@example.com\"",
            ),
            (
                user_with("externalId", Value::Null),
                "attribute-kept: `externalId` of a user was sent but not stored",
            ),
            (
                user_with("userName", Value::Null),
                "read-back: `userName` of a user was sent as \"ada@example.com\" and later lost",
            ),
        ];
        for (body, said) in rows {
            assert_eq!(read(None, &body), [said]);
        }
    }

    #[test]
    fn patches_are_followed() {
        let named = |given: &str, display: &str| {
            let mut body = user_with("displayName", json!(display));
            body["name"]["givenName"] = json!(given);
            body
        };
        let pathed = json!([
            {"op": "Replace", "path": "displayName", "value": "A. Byron"}, {"op": "Add", "path": "name.givenName", "value": "A."}
        ]);
        let keyed = json!([{"op": "replace", "value": {
            "urn:ietf:params:scim:schemas:core:2.0:User:displayName": "A. Byron", "name.givenName": "A."
        }}]);
        let nested = json!([{"op": "replace", "value": {"displayName": "A. Byron", "name": {"givenName": "A.", "familyName": "Byron"}}}]);
        for operations in [pathed, keyed, nested] {
            assert_eq!(read(Some(operations.clone()), &named("A.", "A. Byron")), [""; 0]);
            assert_eq!(read(Some(operations.clone()), &named("Ada", "A. Byron")).len(), 1, "{operations}");
            assert_eq!(read(Some(operations), &named("A.", "Ada Byron")).len(), 1);
        }
        let mail =
            json!([{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "new@example.com"}]);
        assert_eq!(read(Some(mail), &user("1", "ada")).len(), 1);
    }

    #[test]
    fn what_is_uncertain_is_forgotten() {
        let two = json!([{"type": "work", "value": "new@example.com"}, {"type": "home", "value": "ada@example.com"}]);
        let rows = [
            (json!([{"op": "Remove", "path": "displayName"}]), user_with("displayName", Value::Null)),
            (
                json!([{"op": "add", "path": "emails", "value": [{"type": "work", "value": "new@example.com"}]}]),
                user_with("emails", two),
            ),
            (
                json!([{"op": "replace", "path": "displayName", "value": ""}]),
                user_with("displayName", json!("Ada")),
            ),
            (json!([{"op": "replace", "path": "!", "value": 1}]), user_with("displayName", json!("Ada"))),
            // Who logs in with an address may have got a new one.
            (json!([{"op": "replace", "path": "userName", "value": "eve@example.com"}]), user("1", "eve")),
        ];
        for (operations, body) in rows {
            assert_eq!(read(Some(operations.clone()), &body), [""; 0], "{operations}");
        }
    }

    #[test]
    fn stays_silent() {
        let mut story = Story::new(ClientName::OktaAiw);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        let mut more = user_with("nickName", json!("Ada"));
        more["emails"] =
            json!([{"value": "x@example.com", "type": "home"}, {"value": "ada@example.com", "type": "work"}]);
        story.get("/Users/1", 200, &more);
        story.get("/Users/1?attributes=userName", 200, &json!({"id": "1", "userName": "ada@example.com"}));
        // A list may show less; what a PUT leaves out may go or stay.
        story.get(
            "/Users",
            200,
            &list(&[json!({"schemas": more["schemas"], "id": "1", "userName": "ada@example.com"})]),
        );
        let mut sent = user("1", "ada");
        sent.as_object_mut().unwrap().remove("displayName");
        story.put("/Users/1", &sent, 200, &sent);
        story.get("/Users/1", 200, &sent);
        assert_eq!(story.said(), [""; 0]);
    }

    #[test]
    fn a_change_that_was_refused_must_not_show() {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Groups", &group("", "Acme", &[]), 201, &group("g", "Acme", &[]));
        story.refuse("/Groups/g", &json!([{"op": "Replace", "path": "displayName", "value": "Globex"}]), 403);
        story.get("/Groups/g", 200, &group("g", "Globex", &[]));
        story.get("/Groups/g", 200, &group("g", "Globex", &[]));
        assert_eq!(
            story.said(),
            [
                "refused-changes-nothing: a write to `displayName` of a group was refused, but a read returns the new value"
            ]
        );
    }

    #[test]
    fn nobody_knows_after_a_broken_write() {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.timeout(Method::Put, "/Users/1");
        story.get("/Users/1", 200, &user("1", "eve"));
        assert_eq!(story.ids(), ["whole-answer"]);
    }

    #[test]
    fn a_value_that_vanishes_is_lost() {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.get("/Users/1", 200, &user("1", "ada"));
        story.put("/Users/1", &user("1", "ada"), 200, &json!({"id": "1"}));
        story.get("/Users/1", 200, &user_with("displayName", Value::Null));
        assert_eq!(
            story.raised("read-back"),
            ["`displayName` of a user was sent as \"Ada Byron\" and later lost"]
        );
    }
}
