//! A conflict is with something that is there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::change::{Change, changes};
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::{Answer, Method, Purpose};

use super::repeat_taken::REPEAT_TAKEN;
use crate::requirement::rules::Rule;

const CONFLICT_JUSTIFIED: Requirement = Requirement {
    id: "conflict-justified",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "a write conflicts only with a resource that has the same `userName`, name, `externalId` or e-mail address",
    source: "RFC 7644 §3.3, §3.12 (409 is for duplicates), §3.6 (what was deleted counts no more)",
    reasoning: "the provider takes somebody else for this person, or never creates them",
};

/// The most names that are remembered of writes of which nobody knows whether they were done.
const MOST: usize = 1_000;

#[derive(Debug, Default)]
pub(crate) struct ConflictJustified {
    /// Names of creations that may have been done all the same.
    doubtful: BTreeSet<String>,
}

impl Rule for ConflictJustified {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&CONFLICT_JUSTIFIED]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let Some(kind) = seen.kind.filter(|_| seen.method().writes() && !seen.is_withheld()) else { return };
        let wanted = names(kind, seen);
        if !is_conflict(seen) {
            // Without an id nobody can tell later what became of it.
            let has_id = || seen.exchange.json().is_some_and(|body| get(body, "id").is_some());
            let is_answered = seen.is_success() && matches!(seen.exchange.answer, Answer::Response(_));
            let is_known = is_answered && (seen.method() != Method::Post || has_id());
            if !is_known && self.doubtful.len() < MOST {
                self.doubtful.extend(wanted.into_iter().map(|(_, name)| name));
            }
            return;
        }
        let is_of_provider = matches!(seen.purpose(), Purpose::Provider | Purpose::Literal);
        // Another request that is under way may have taken the name.
        // How an endpoint compares letters beyond ASCII is its own affair.
        if !is_of_provider
            || report.says(&REPEAT_TAKEN)
            || seen.exchange.overlaps
            || wanted.is_empty()
            || wanted.iter().any(|(_, name)| !name.is_ascii())
        {
            return;
        }
        let held: BTreeSet<String> =
            mirror.names(kind, seen.id.as_deref()).map(alike).chain(self.doubtful.iter().cloned()).collect();
        if wanted.iter().any(|(_, name)| held.contains(name)) || mirror.has_nameless(kind) {
            return;
        }
        let what = match seen.method() {
            Method::Post => "creation",
            Method::Put => "PUT",
            Method::Get | Method::Patch | Method::Delete => "PATCH",
        };
        let (attribute, _) = wanted[0];
        let of = kind.name().to_ascii_lowercase();
        let message = format!(
            "the {what} of a {of} was refused as a conflict ({}), but no other {of} has its `{}`{}",
            seen.refusal(),
            attribute.as_str(),
            if wanted.len() > 1 { " or anything else that is unique" } else { "" },
        );
        report
            .raise_as(&CONFLICT_JUSTIFIED, format!("{what} of a {of}"), message)
            .shown(|| [Clue::StatusIn { values: vec![seen.status().to_string()] }]);
    }
}

fn is_conflict(seen: &Seen<'_>) -> bool {
    let keyword = || get(seen.exchange.json()?, "scimType")?.as_str();
    let status = seen.status();
    status == 409 || (status == 400 && keyword().is_some_and(|word| word.eq_ignore_ascii_case("uniqueness")))
}

/// What a write would give the resource that may be unique, in the form in which it is compared.
fn names(kind: ResourceKind, seen: &Seen<'_>) -> Vec<(Attribute, String)> {
    let is_unique = |attribute: &Attribute| match kind {
        ResourceKind::Group => true,
        ResourceKind::User => {
            matches!(attribute, Attribute::UserName | Attribute::ExternalId | Attribute::WorkEmail)
        }
    };
    let set = changes(kind, seen).into_iter().filter_map(|change| match change {
        Change::Set(attribute, Value::String(text), _) if is_unique(&attribute) => {
            Some((attribute, alike(&text)))
        }
        _ => None,
    });
    set.collect()
}

/// A name without case, space and punctuation: an endpoint may take names for the same that differ in these.
fn alike(text: impl AsRef<str>) -> String {
    text.as_ref().chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use std::sync::Arc;

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, group, patch_op, user, user_with};
    use crate::wire::{Exchange, Method};

    use super::*;

    fn refused(story: &mut Story, method: Method, target: &str, sent: &Value) -> usize {
        story.step(method, target, Some(sent), 409, Some(&error(409)));
        story.raised("conflict-justified").len()
    }

    fn ada() -> Story {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story
    }

    fn eve() -> Value {
        let mut eve = user("", "eve");
        eve["externalId"] = json!("00u2");
        eve
    }

    #[test]
    fn fires() {
        assert_eq!(refused(&mut ada(), Method::Post, "/Users", &eve()), 1);
        let mut story = ada();
        assert_eq!(refused(&mut story, Method::Put, "/Users/1", &user("1", "ada")), 1, "with itself");
        assert_eq!(
            story.raised("conflict-justified"),
            [
                "the PUT of a user was refused as a conflict (409 (uniqueness: because)), but no other user has its `userName` or anything else that is unique"
            ]
        );
        let mut story = Story::new(ClientName::Entra);
        story.post("/Groups", &group("", "Acme", &[]), 201, &group("g", "Acme", &[]));
        assert_eq!(refused(&mut story, Method::Post, "/Groups", &group("", "Acme Labs", &[])), 1);
        // The old name is free again, and so is the name of what was deleted.
        let mut story = ada();
        story.put("/Users/1", &user_with("userName", json!("eve@example.com")), 200, &user("1", "eve"));
        let mut again = user("", "ada");
        again["externalId"] = json!("00u2");
        again["emails"] = json!([]);
        let mut mailed = user_with("userName", json!("eve@example.com"));
        mailed["emails"] = json!([{"value": "eve@example.com"}]);
        story.put("/Users/1", &mailed, 200, &mailed);
        assert_eq!(refused(&mut story, Method::Post, "/Users", &again), 1);
        let mut story = ada();
        story.delete("/Users/1", 204);
        assert_eq!(refused(&mut story, Method::Post, "/Users", &user("", "ada")), 1);
    }

    #[test]
    fn stays_silent() {
        let mut shared = eve();
        shared["emails"] = json!([{"type": "work", "value": "ada@example.com"}]);
        let mut numbered = eve();
        numbered["externalId"] = json!("00u1");
        for sent in [user("", "ada"), user("", "ADA"), shared, numbered] {
            assert_eq!(refused(&mut ada(), Method::Post, "/Users", &sent), 0, "{sent}");
        }
        let mut story = Story::new(ClientName::Entra);
        story.post("/Groups", &group("", "Acme", &[]), 201, &group("g", "Acme", &[]));
        for name in ["acme", " Acme ", "Ácme"] {
            assert_eq!(refused(&mut story, Method::Post, "/Groups", &group("", name, &[])), 0, "{name}");
        }
        let members = patch_op(&json!([{"op": "add", "path": "members", "value": [{"value": "1"}]}]));
        assert_eq!(refused(&mut story, Method::Patch, "/Groups/g", &members), 0);
        // A creation that broke may have been done.
        let mut story = Story::new(ClientName::OktaOin);
        story.step(Method::Post, "/Users", Some(&user("", "ada")), 500, None);
        assert_eq!(refused(&mut story, Method::Post, "/Users", &user("", "ada")), 0);
        let mut story = Story::new(ClientName::OktaOin);
        story.step(Method::Post, "/Users", Some(&user("", "ada")), 201, None);
        assert_eq!(
            refused(&mut story, Method::Post, "/Users", &user("", "ada")),
            0,
            "answered without a body"
        );
        // Another one under way may have taken the name.
        let refusal = Story::exchange(Method::Post, "/Users", Some(&eve()), 409, Some(&error(409)));
        let refusal = Exchange { overlaps: true, ..Arc::unwrap_or_clone(refusal) };
        let mut story = ada();
        story.observe(&Arc::new(refusal));
        assert_eq!(story.raised("conflict-justified").len(), 0);
        // Nobody knows any more what is there.
        let mut story = ada();
        story.checker.forget();
        assert_eq!(refused(&mut story, Method::Post, "/Users", &eve()), 0);
        // Whom the product has.
        let mut story = Story::new(ClientName::OktaOin);
        let by_hand = json!({"email": "eve@example.com", "displayName": "Eve"});
        let exchange = Story::exchange(Method::Post, "/customer", Some(&by_hand), 201, None);
        let mut exchange = Arc::unwrap_or_clone(exchange);
        exchange.request = exchange.request.rest();
        story.observe(&Arc::new(exchange));
        assert_eq!(refused(&mut story, Method::Post, "/Users", &eve()), 0);
    }
}
