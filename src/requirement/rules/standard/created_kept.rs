//! A resource is created once.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::requirement::exchange::view::{Seen, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::wire::Method;

use super::stamp::Stamp;
use crate::requirement::rules::{Blame, Rule};

const CREATED_KEPT: Requirement = Requirement {
    id: "created-kept",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "`meta.created` stays what it was",
    source: "RFC 7643 §3.1 (when the resource was added to the service provider)",
    reasoning: "a client that reads what is new takes everybody who was changed for somebody new",
};

/// When a resource was created, as an answer says.
#[derive(Debug, Clone, Copy)]
struct Told {
    stamp: Stamp,
    number: usize,
    /// Whether the answer to the creation says so: some take the time once more when they store it.
    is_new: bool,
    is_listed: bool,
}

#[derive(Debug, Default)]
pub(crate) struct CreatedKept {
    told: BTreeMap<(ResourceKind, String), Told>,
}

impl Rule for CreatedKept {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&CREATED_KEPT]
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if let (Method::Delete, Some((kind, id))) = (seen.method(), seen.target()) {
            self.told.remove(&(kind, id.to_owned()));
            return;
        }
        for (kind, resource) in seen.resources() {
            let (Some(id), Some(stamp)) = (id_of(resource), Stamp::of(resource, "created")) else { continue };
            let is_ours = seen.list_kind().is_none() || mirror.get(kind, id).is_some();
            if !is_ours {
                continue;
            }
            let (is_new, is_listed) = (seen.is_create(), seen.list_kind().is_some());
            let now = Told { stamp, number: seen.exchange.number, is_new, is_listed };
            let before = self.told.insert((kind, id.to_owned()), now).filter(|_| !seen.is_create());
            let Some(before) = before else { continue };
            let least = if before.is_new { Duration::from_secs(1) } else { Duration::ZERO };
            if before.stamp.differs(now.stamp, least) {
                let of = kind.name().to_ascii_lowercase();
                let message =
                    format!("`meta.created` of a {of} was {}, and is {} now", before.stamp.at, now.stamp.at);
                let clue =
                    || Clue::ChangedSince { at: "body/meta/created".to_owned(), exchange: before.number };
                let is_plain = !is_listed && !before.is_listed;
                report.raise_as(&CREATED_KEPT, of, message).shown_by(is_plain.then(clue));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list, user, user_with};

    fn at(created: &str) -> Value {
        user_with("meta", json!({"created": created}))
    }

    fn judged(first: &str, then: &[&str]) -> usize {
        let mut story = Story::new(ClientName::Rfc);
        story.post("/Users", &user("", "ada"), 201, &at(first));
        for created in then {
            story.get("/Users/1", 200, &at(created));
        }
        story.raised("created-kept").len()
    }

    #[test]
    fn table() {
        let (first, other) = ("2026-01-01T00:00:00.100Z", "2026-01-01T00:00:01.100Z");
        assert_eq!(judged(first, &[other]), 1);
        assert_eq!(judged(first, &[first, "2026-01-01T00:00:00.103Z"]), 1);
        for then in [
            vec![first, first],
            // The answer to the creation may have taken the time itself, or tell it less exactly.
            vec!["2026-01-01T00:00:00.103Z", "2026-01-01T00:00:00.103Z"],
            vec!["2026-01-01T00:00:00Z", first],
            vec!["2026-01-01T01:00:00.1+01:00"],
        ] {
            assert_eq!(judged(first, &then), 0, "{then:?}");
        }
    }

    #[test]
    fn another_life_has_another_beginning() {
        let mut story = Story::new(ClientName::Rfc);
        story.get("/Users/1", 200, &at("2026-01-01T00:00:00Z"));
        story.delete("/Users/1", 204);
        story.post("/Users", &user("", "ada"), 201, &at("2026-02-01T00:00:00Z"));
        story.get("/Users/1", 200, &at("2026-02-01T00:00:00Z"));
        assert_eq!(story.raised("created-kept"), [""; 0]);
        story.get("/Users?count=5", 200, &list(&[at("2026-03-01T00:00:00Z")]));
        assert_eq!(story.raised("created-kept").len(), 1);
    }
}
