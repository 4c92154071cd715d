//! A change that was taken is taken again.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

use crate::requirement::exchange::shape::{phrase, shapes};
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::Method;

use crate::requirement::rules::Rule;

pub(crate) const REPEAT_TAKEN: Requirement = Requirement {
    id: "repeat-taken",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "a PUT, or a PATCH that adds or replaces, succeeds again when it is repeated",
    source: "RFC 9110 §9.2.2 (PUT is idempotent), RFC 7644 §3.5.2.1 (adding what is there changes nothing and is no error); Okta adds the members once more after each creation (docs/providers/okta.md#push-a-group), Entra sends again what it is not sure of (docs/providers/entra.md#no-answer-in-time)",
    reasoning: "a retry after a lost response is refused, and the provider reports an error for a change that was made",
};

#[derive(Debug, Default)]
pub(crate) struct RepeatTaken {
    /// The last change of each resource that was taken, as a hash of it.
    last: BTreeMap<(ResourceKind, String), u64>,
}

impl Rule for RepeatTaken {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&REPEAT_TAKEN]
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if !seen.method().writes() || seen.is_withheld() {
            return;
        }
        let change = seen.target().filter(|_| seen.is_change() && is_repeatable(seen));
        let Some((kind, id)) = change else {
            if seen.is_success() || seen.status() >= 500 || seen.status() == 0 {
                // Somebody else may be gone, or in the way, from now on.
                self.last.clear();
            }
            return;
        };
        let (key, hash) = ((kind, id.to_owned()), hash(seen));
        let again = self.last.get(&key) == Some(&hash);
        if again && matches!(seen.status(), 400 | 409 | 422 | 500 | 501) {
            let phrase = phrase(&shapes(seen));
            let message =
                format!("{phrase} succeeded once, but the repetition failed with {}", seen.refusal());
            report.raise_as(&REPEAT_TAKEN, phrase, message).shown(|| [Clue::refused()]);
        }
        if seen.is_success() && !again {
            self.last.clear();
            self.last.insert(key, hash);
        }
    }
}

/// Whether it may be sent twice: a removal of what is gone may have no target, and a precondition does not hold twice.
fn is_repeatable(seen: &Seen<'_>) -> bool {
    if seen.exchange.request.header_value("if-match").is_some() {
        return false;
    }
    if seen.method() == Method::Put {
        return true;
    }
    let operations = seen.sent.and_then(|sent| get(sent, "Operations")?.as_array());
    operations.is_some_and(|operations| {
        !operations.is_empty()
            && operations.iter().all(|operation| {
                let op = get(operation, "op").and_then(Value::as_str).unwrap_or_default();
                op.eq_ignore_ascii_case("add") || op.eq_ignore_ascii_case("replace")
            })
    })
}

fn hash(seen: &Seen<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seen.method().as_str(), seen.exchange.request.body.as_deref()).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, user};

    #[test]
    fn table() {
        let add = json!([{"op": "add", "path": "members", "value": [{"value": "1"}]}]);
        let other = json!([{"op": "add", "path": "members", "value": [{"value": "2"}]}]);
        let remove = json!([{"op": "remove", "path": "members[value eq \"1\"]"}]);
        let twice = |operations: &Value, between: &dyn Fn(&mut Story), status: u16| {
            let mut story = Story::new(ClientName::OktaOin);
            story.patch("/Groups/g", operations);
            between(&mut story);
            if status == 204 {
                story.patch("/Groups/g", operations);
            } else {
                story.refuse("/Groups/g", operations, status);
            }
            story.said().into_iter().filter(|said| !said.starts_with("member")).collect::<Vec<_>>()
        };
        let nothing: &dyn Fn(&mut Story) = &|_| {};
        for status in [400, 409, 500] {
            let said = twice(&add, nothing, status);
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(
                said[0].starts_with(
                    "repeat-taken: `add` of `members` succeeded once, but the repetition failed with "
                ),
                "{said:?}"
            );
        }
        assert_eq!(twice(&add, nothing, 204), [""; 0]);
        assert_eq!(twice(&add, nothing, 404), [""; 0]);
        // The target of a removal may be missing; another change may stand in the way.
        assert!(!twice(&remove, nothing, 400).iter().any(|said| said.starts_with("repeat-taken")));
        let gone: &dyn Fn(&mut Story) = &|story| story.delete("/Users/1", 204);
        let changed: &dyn Fn(&mut Story) = &|story| story.patch("/Groups/g", &other);
        for between in [gone, changed] {
            assert!(!twice(&add, between, 400).iter().any(|said| said.starts_with("repeat-taken")));
        }
        let mut story = Story::new(ClientName::OktaOin);
        story.put("/Users/1", &user("1", "ada"), 200, &user("1", "ada"));
        story.put("/Users/1", &user("1", "ada"), 409, &error(409));
        assert_eq!(story.ids(), ["repeat-taken"]);
    }
}
