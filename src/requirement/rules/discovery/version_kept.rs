//! What changes nothing leaves the version as it is.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::requirement::exchange::change::{Change, changes};
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::Method;

use crate::requirement::rules::{Blame, Rule};

const VERSION_KEPT: Requirement = Requirement {
    id: "version-kept",
    level: Level::Should,
    concerns: &[Concern::Rfc],
    text: "adding an existing member again does not change the group's `lastModified` and `version`",
    source: "RFC 7644 §3.5.2.1 (SHALL NOT change the modify timestamp); no provider that is known goes by it",
    reasoning: "a client that syncs by modification time reads every group again after each push",
};

/// What a group said of itself when it was read.
#[derive(Debug, PartialEq, Eq)]
struct Version {
    number: usize,
    stamps: [Option<String>; 2],
    /// Whether somebody was added again since.
    repeated: bool,
}

#[derive(Debug, Default)]
pub(crate) struct VersionKept {
    groups: BTreeMap<String, Version>,
}

impl Rule for VersionKept {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&VERSION_KEPT]
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if seen.method().writes() {
            match seen.target() {
                Some((ResourceKind::Group, id)) if seen.is_success() && adds_again(id, seen, mirror) => {
                    if let Some(version) = self.groups.get_mut(id) {
                        version.repeated = true;
                    }
                }
                // A change of a user may show in a group too.
                _ => self.groups.clear(),
            }
            return;
        }
        let Some((ResourceKind::Group, id, body)) = seen.read() else { return };
        let stamps = ["lastModified", "version"].map(|name| stamp(body, name));
        let before = self.groups.insert(
            id.to_owned(),
            Version { number: seen.exchange.number, stamps: stamps.clone(), repeated: false },
        );
        let Some(before) = before.filter(|before| before.repeated) else { return };
        let before_number = before.number;
        for ((name, before), now) in ["lastModified", "version"].into_iter().zip(before.stamps).zip(stamps) {
            if before.is_some() && now.is_some() && before != now {
                let message =
                    format!("an existing member was added again, and `meta.{name}` of the group changed");
                let at = format!("body/meta/{name}");
                report
                    .raise(&VERSION_KEPT, message)
                    .shown(|| [Clue::ChangedSince { at, exchange: before_number }]);
            }
        }
    }
}

/// Whether a PATCH only adds who is a member already.
fn adds_again(id: &str, seen: &Seen<'_>, mirror: &Mirror) -> bool {
    let known = mirror.get(ResourceKind::Group, id).and_then(|known| known.members.as_ref());
    let Some(members) = known.filter(|_| seen.method() == Method::Patch) else { return false };
    let changes = changes(ResourceKind::Group, seen);
    is_bare(seen)
        && !changes.is_empty()
        && changes.iter().all(
            |change| matches!(change, Change::AddMembers(ids) if !ids.is_empty() && members.has_all(ids)),
        )
}

/// Whether the members who are sent have an id and nothing else: another `display` is a change.
fn is_bare(seen: &Seen<'_>) -> bool {
    let operations = seen.sent.and_then(|sent| get(sent, "Operations")?.as_array());
    let values = operations.into_iter().flatten().filter_map(|operation| get(operation, "value")?.as_array());
    values
        .flatten()
        .filter_map(Value::as_object)
        .all(|member| member.iter().all(|(key, value)| value.is_null() || key.eq_ignore_ascii_case("value")))
}

fn stamp(body: &Value, name: &str) -> Option<String> {
    Some(get(get(body, "meta")?, name)?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group};

    fn stamped(members: &[&str], at: &str) -> Value {
        let mut body = group("g", "Acme", members);
        body["meta"] =
            json!({"lastModified": format!("2026-01-01T00:00:0{at}Z"), "version": format!("W/\"{at}\"")});
        body
    }

    fn after(operations: &Value, at: &str) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        story.get("/Groups/g", 200, &stamped(&["1", "2"], "1"));
        story.patch("/Groups/g", operations);
        story.get("/Groups/g", 200, &stamped(&["1", "2"], at));
        story.said()
    }

    #[test]
    fn table() {
        let again = json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": "1"}, {"value": "2"}]}]);
        let shown = json!([{"op": "add", "path": "members", "value": [{"value": "1", "display": "ada"}]}]);
        assert_eq!(after(&again, "1"), [""; 0]);
        assert_eq!(
            after(&again, "2"),
            [
                "version-kept: an existing member was added again, and `meta.lastModified` of the group changed",
                "version-kept: an existing member was added again, and `meta.version` of the group changed"
            ]
        );
        let renamed = json!([{"op": "replace", "value": {"id": "g", "displayName": "Acme"}}]);
        let moved = json!([
            {"op": "remove", "path": "members[value eq \"1\"]"}, {"op": "add", "path": "members", "value": [{"value": "1"}]}
        ]);
        let other = json!([{"op": "replace", "path": "externalId", "value": "x"}]);
        for operations in [renamed, moved, shown] {
            assert_eq!(after(&operations, "2"), [""; 0]);
        }
        assert!(!after(&other, "2").iter().any(|said| said.starts_with("version-kept")));
    }
}
