//! A version changes when the resource does, and says the same wherever it stands.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::view::{Seen, is_heavy};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;

use crate::requirement::rules::Rule;

const ETAG_HONEST: Requirement = Requirement {
    id: "etag-honest",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "`meta.version` equals the `ETag` of the response, and changes with the resource",
    source: "RFC 7643 §3.1 (`version` must be the same as the ETag header), RFC 7644 §3.14, RFC 9110 §8.8.1",
    reasoning: "a client that reads only changes keeps the old value, and a conditional write overwrites somebody else's change",
};

const PRECONDITION_HEEDED: Requirement = Requirement {
    id: "precondition-heeded",
    level: Level::Should,
    concerns: &[Concern::Rfc],
    text: "where versions are supported, a write whose `If-Match` does not match is refused with 412",
    source: "RFC 7644 §3.14 (If-Match for writes), RFC 9110 §13.1.1 (the method MUST NOT be performed)",
    reasoning: "two administrators overwrite each other's changes, although both were careful",
};

/// A resource as it was read, with its version.
#[derive(Debug)]
struct Version {
    number: usize,
    tag: String,
    values: Vec<Option<Value>>,
    /// How many there are, and a digest of who they are; nothing where not all are known.
    members: Option<(usize, u64)>,
}

#[derive(Debug, Default)]
pub(crate) struct EtagHonest {
    read: BTreeMap<(ResourceKind, String), Version>,
}

impl Rule for EtagHonest {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&ETAG_HONEST, &PRECONDITION_HEEDED]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let Some(response) = seen.exchange.response().filter(|_| seen.is_success()) else {
            return;
        };
        let (Some(kind), header) = (seen.kind, response.header("etag")) else { return };
        let name = kind.name().to_ascii_lowercase();
        if let Some(wanted) = seen.exchange.request.header_value("if-match")
            && seen.is_change()
            && wanted != "*"
            && mirror.discovery().etag() == Some(true)
            && header.map(opaque) != Some(opaque(wanted))
            && self.is_another(seen, wanted)
        {
            let message = format!(
                "a {} with an `If-Match` of another version returned {}",
                seen.method(),
                response.status
            );
            report.raise(&PRECONDITION_HEEDED, message).shown(|| [Clue::taken()]);
        }
        if seen.list_kind().is_some() {
            return;
        }
        let Some(body) = response.json().filter(|body| body.is_object()) else { return };
        let version = get(body, "meta").and_then(|meta| get(meta, "version")).and_then(Value::as_str);
        if let (Some(header), Some(version)) = (header, version)
            && opaque(header) != opaque(version)
        {
            report
                .raise(
                    &ETAG_HONEST,
                    format!("`meta.version` of a {name} differs from the `ETag` of the response"),
                )
                .shown(|| {
                    [Clue::Unlike { at: "header/etag".to_owned(), value: "body/meta/version".to_owned() }]
                });
        }
        let (Some((_, id, body)), Some(tag)) =
            (seen.read().filter(|_| !seen.is_projected()), version.or(header))
        else {
            return;
        };
        let members = seen.members().and_then(|(_, members)| members.digest());
        let value = |attribute: &Attribute| attribute.value(body).filter(|value| !is_heavy(value)).cloned();
        let values = Attribute::of(kind).iter().map(value).collect();
        let now = Version { number: seen.exchange.number, tag: opaque(tag).to_owned(), values, members };
        let before = self.read.insert((kind, id.to_owned()), now);
        let now = &self.read[&(kind, id.to_owned())];
        if let Some(before) = before
            && before.tag == now.tag
            && let Some(changed) = difference(kind, &before, now)
        {
            let message = format!("{changed} of a {name} changed, but its version did not");
            let at = if version.is_some() { "body/meta/version" } else { "header/etag" };
            report
                .raise(&ETAG_HONEST, message)
                .shown(|| [Clue::SameAs { at: at.to_owned(), exchange: before.number }]);
        }
    }
}

impl EtagHonest {
    /// Whether the version that was asked for is not the one that was read last.
    fn is_another(&self, seen: &Seen<'_>, wanted: &str) -> bool {
        let last = seen.target().and_then(|(kind, id)| self.read.get(&(kind, id.to_owned())));
        last.is_some_and(|last| wanted.split(',').all(|tag| opaque(tag) != last.tag))
    }
}

fn difference(kind: ResourceKind, before: &Version, now: &Version) -> Option<&'static str> {
    let pairs = before.values.iter().zip(&now.values);
    let changed = Attribute::of(kind).iter().zip(pairs).find(|(_, (before, now))| before != now);
    changed
        .map(|(attribute, _)| attribute.as_str())
        .or_else(|| before.members.zip(now.members).filter(|(before, now)| before != now).map(|_| "members"))
}

/// An entity tag without the mark of weakness: comparison is weak (RFC 9110 §8.8.3.2), and some leave out the quotes
/// in the body.
fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, patch_op, user};
    use crate::wire::{Answer, Method, Response};

    fn answered(story: &mut Story, method: Method, if_match: Option<&str>, etag: Option<&str>, body: &Value) {
        let kind = if body.get("userName").is_some() { "/Users/1" } else { "/Groups/1" };
        let sent = (method == Method::Patch)
            .then(|| patch_op(&json!([{"op": "replace", "path": "title", "value": "x"}])));
        let mut exchange =
            Arc::unwrap_or_clone(Story::exchange(method, kind, sent.as_ref(), 200, Some(body)));
        let mut headers = vec![("Content-Type".to_owned(), "application/scim+json".to_owned())];
        headers.extend(etag.map(|etag| ("ETag".to_owned(), etag.to_owned())));
        exchange.answer = Answer::Response(Response::new(200, headers, body.to_string()));
        exchange.request.headers.extend(if_match.map(|tag| ("If-Match".to_owned(), tag.to_owned())));
        story.observe(&Arc::new(exchange));
    }

    fn versioned(mut body: Value, version: &str) -> Value {
        body["meta"] = json!({"version": version});
        body
    }

    fn reads(reads: &[(Option<&str>, Value)]) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        for (etag, body) in reads {
            answered(&mut story, Method::Get, None, *etag, body);
        }
        story.raised("etag-honest").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn fires() {
        assert_eq!(
            reads(&[(Some("W/\"2\""), versioned(user("1", "ada"), "W/\"1\""))]),
            ["`meta.version` of a user differs from the `ETag` of the response"]
        );
        assert_eq!(
            reads(&[(None, versioned(user("1", "ada"), "1")), (None, versioned(user("1", "eve"), "1"))]),
            ["userName of a user changed, but its version did not"]
        );
        assert_eq!(
            reads(&[
                (Some("\"a\""), group("1", "Acme", &["1"])),
                (Some("\"a\""), group("1", "Acme", &["1", "2"]))
            ]),
            ["members of a group changed, but its version did not"]
        );
    }

    #[test]
    fn stays_silent() {
        for rows in [
            vec![
                (Some("\"1\""), versioned(user("1", "ada"), "W/\"1\"")),
                (Some("\"1\""), versioned(user("1", "ada"), "1")),
            ],
            vec![(Some("\"1\""), user("1", "ada")), (Some("\"2\""), user("1", "eve"))],
            vec![(None, user("1", "ada")), (None, user("1", "eve"))],
            // Members in another order are the same members; a new version of the same is allowed.
            vec![
                (Some("\"1\""), group("1", "A", &["1", "2"])),
                (Some("\"1\""), group("1", "A", &["2", "1"])),
            ],
            vec![(Some("\"1\""), user("1", "ada")), (Some("\"2\""), user("1", "ada"))],
        ] {
            assert_eq!(reads(&rows), [""; 0]);
        }
    }

    #[test]
    fn preconditions() {
        let judged = |supported: bool, if_match: &str| {
            let mut story = Story::new(ClientName::OktaOin);
            story.get("/ServiceProviderConfig", 200, &json!({"etag": {"supported": supported}}));
            answered(&mut story, Method::Get, None, Some("\"7\""), &user("1", "ada"));
            answered(&mut story, Method::Patch, Some(if_match), Some("\"8\""), &user("1", "ada"));
            story.raised("precondition-heeded").len()
        };
        assert_eq!(judged(true, "\"6\""), 1);
        for (supported, if_match) in
            [(true, "W/\"7\""), (true, "*"), (true, "\"5\", \"7\""), (false, "\"6\"")]
        {
            assert_eq!(judged(supported, if_match), 0, "{if_match}");
        }
    }
}
