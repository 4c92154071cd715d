//! Entra's `"False"`.

use serde_json::Value;

use crate::idp::Family;
use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::change::How;
use crate::requirement::exchange::shape::{Oddity, shapes};
use crate::requirement::exchange::view::{Seen, assigned, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::Purpose;

use super::accepted_payload::is_due_to;
use crate::requirement::rules::{Blame, Rule};

const STRING_BOOLEAN: Requirement = Requirement {
    id: "string-boolean",
    level: Level::Must,
    concerns: &[Concern::Entra],
    text: "`active` sent as the string `\"False\"` or `\"True\"` is accepted as a boolean",
    source: "Entra sends it so unless its tenant URL carries a flag (docs/providers/entra.md#disable-a-user, documented and captured); RFC 7643 §2.3.2 knows no such thing",
    reasoning: "people who left keep their access, or people who joined get none",
};

#[derive(Debug)]
pub(crate) struct StringBoolean;

impl Rule for StringBoolean {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&STRING_BOOLEAN]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let shapes = if seen.is_success() || seen.kind.is_none() { Vec::new() } else { shapes(seen) };
        if seen.family() == Family::Entra && is_judged(seen) && is_due_to(Oddity::StringActive, &shapes, seen)
        {
            report
                .raise_as(
                    &STRING_BOOLEAN,
                    "refused",
                    format!("`active` as a string failed with {}", seen.refusal()),
                )
                .shown(|| [Clue::refused()]);
        }
        for (held, read) in actives(seen, mirror, How::StringBoolean) {
            if *held != read {
                let message =
                    format!("`active` was sent as a string and accepted, but a read returns `{read}`");
                report
                    .raise_as(&STRING_BOOLEAN, read.to_string(), message)
                    .shown(|| [other_active(seen, held)]);
            }
        }
    }
}

/// A literal counts where it says nothing else.
/// Another value of `active` is read.
pub(crate) fn other_active(seen: &Seen<'_>, held: &Value) -> Clue {
    let is_list = seen.list_kind().is_some();
    Clue::other(if is_list { "body/Resources/*/active" } else { "body/active" }, held.clone())
}

pub(crate) fn is_judged(seen: &Seen<'_>) -> bool {
    match seen.purpose() {
        Purpose::Provider => true,
        Purpose::Literal => {
            let operations = seen.sent.and_then(|sent| get(sent, "Operations")?.as_array());
            operations.is_some_and(|operations| operations.len() == 1)
        }
        Purpose::Stage | Purpose::Read | Purpose::Admin | Purpose::Cleanup => false,
    }
}

/// What was sent in this way as `active`, and what is read. Only what was read, as nobody else need say it.
pub(crate) fn actives<'m>(seen: &Seen<'_>, mirror: &'m Mirror, how: How) -> Vec<(&'m Value, Value)> {
    if seen.method().writes() {
        return Vec::new();
    }
    let users = seen.resources().into_iter().filter(|(kind, _)| *kind == ResourceKind::User);
    users
        .filter_map(|(kind, resource)| {
            let held = mirror.get(kind, id_of(resource)?)?.values.get(&Attribute::Active)?;
            let read = assigned(resource, "active")?;
            (held.how == how).then(|| (&held.value, read.clone()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list, user};

    fn disable() -> Value {
        json!([{"op": "Replace", "path": "active", "value": "False"}])
    }

    fn read_as(active: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.patch("/Users/1", &disable());
        let mut body = user("1", "ada");
        body["active"] = active.clone();
        story.get("/Users/1", 200, &body);
        story.get("/Users?filter=userName+eq+%22ada%40example.com%22", 200, &list(&[body]));
        story.said()
    }

    #[test]
    fn taken_must_mean_done() {
        assert_eq!(read_as(&json!(false)), [""; 0]);
        for other in [json!(true), json!("False"), json!(0)] {
            let said = read_as(&other);
            assert_eq!(
                said[0],
                format!(
                    "string-boolean: `active` was sent as a string and accepted, but a read returns `{other}`"
                )
            );
        }
        assert_eq!(read_as(&json!(true)).len(), 1);
    }

    #[test]
    fn refused_is_said_once_and_by_this_rule_alone() {
        let mut story = Story::new(ClientName::Entra);
        story.refuse("/Users/1", &disable(), 400);
        story.refuse("/Users/2", &json!([{"op": "Add", "path": "active", "value": "True"}]), 400);
        assert_eq!(story.said(), ["string-boolean: `active` as a string failed with 400 (because)"]);
    }

    #[test]
    fn stays_silent_where_the_refusal_has_another_reason() {
        for (client, operations, status) in [
            (ClientName::Entra, disable(), 404),
            (ClientName::Entra, disable(), 409),
            (ClientName::Entra, json!([{"op": "replace", "path": "active", "value": false}]), 400),
            (ClientName::OktaOin, disable(), 400),
        ] {
            let mut story = Story::new(client);
            story.refuse("/Users/1", &operations, status);
            assert!(story.raised("string-boolean").is_empty(), "{client} {status}");
        }
    }
}
