//! `meta.lastModified` says when a resource changed last.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::requirement::exchange::facts::Facts;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;

use super::stamp::Stamp;
use crate::requirement::rules::{Blame, Rule};

const LAST_MODIFIED: Requirement = Requirement {
    id: "last-modified",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "`meta.lastModified` moves on when the resource changes, and only then",
    source: "RFC 7643 §3.1 (the most recent time at which the details of the resource were updated)",
    reasoning: "a client that reads what changed since its last visit misses the change, or reads everybody every time",
};

/// How often a time has to move although nothing changed: once may be a job of the endpoint's own.
const OFTEN: usize = 2;

/// Clocks of several servers may differ by that much.
const SKEW: Duration = Duration::from_secs(1);

/// A resource as a read showed it.
#[derive(Debug, Clone)]
struct Shown {
    stamp: Stamp,
    facts: Facts,
    /// How many members there are, and a digest of who they are.
    members: Option<(usize, u64)>,
    number: usize,
    /// How many writes there had been, to anything.
    writes: usize,
}

#[derive(Debug, Default)]
pub(crate) struct LastModified {
    shown: BTreeMap<(ResourceKind, String), Shown>,
    writes: usize,
    /// The latest time that the endpoint named, by its own clock.
    latest: Option<Timestamp>,
    /// What was written to since it was read last, and the latest time before the first such write.
    written: BTreeMap<(ResourceKind, String), Option<Timestamp>>,
    /// The times that moved by themselves.
    moved: usize,
}

impl Rule for LastModified {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&LAST_MODIFIED]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if seen.method().writes() {
            self.writes += 1;
            if let Some((kind, id)) = seen.target().filter(|_| seen.is_success()) {
                self.written.entry((kind, id.to_owned())).or_insert(self.latest);
            }
        }
        let stamps =
            seen.resources().into_iter().filter_map(|(_, resource)| Stamp::of(resource, "lastModified"));
        self.latest = stamps.map(|stamp| stamp.at).chain(self.latest).max();
        if seen.is_projected() {
            return;
        }
        let Some((kind, id, body)) = seen.read() else { return };
        let key = (kind, id.to_owned());
        let written = self.written.remove(&key);
        let Some(now) = self.as_shown(seen, body) else {
            self.shown.remove(&key);
            return;
        };
        if let Some(before) = self.shown.insert(key, now.clone()) {
            self.compare(kind, (&before, &now), written.flatten(), report);
        }
    }
}

impl LastModified {
    /// Compares two reads. `written` is the latest time that the endpoint named before the resource was written to in between.
    fn compare(
        &mut self,
        kind: ResourceKind,
        (before, now): (&Shown, &Shown),
        written: Option<Timestamp>,
        report: &mut Report,
    ) {
        let of = kind.name().to_ascii_lowercase();
        let (at, exchange) = ("body/meta/lastModified".to_owned(), before.number);
        let (was, is) = (before.stamp.at, now.stamp.at);
        let is_changed = before.facts != now.facts || before.members != now.members;
        let has_passed = written.is_some_and(|written| before.stamp.is_well_before(written));
        if is < was && before.stamp.differs(now.stamp, SKEW) {
            let message = format!("`meta.lastModified` of a {of} went back from {was} to {is}");
            let said = report.raise_as(&LAST_MODIFIED, "went back", message);
            said.shown(|| [Clue::ChangedSince { at, exchange }]);
        } else if is == was && is_changed && has_passed {
            let message = format!("a {of} changed, and its `meta.lastModified` is {is} still");
            let said = report.raise_as(&LAST_MODIFIED, "stands still", message);
            said.shown(|| [Clue::SameAs { at, exchange }]);
        } else if is > was && !is_changed && before.writes == now.writes {
            self.moved += 1;
            if self.moved == OFTEN {
                let message = format!("`meta.lastModified` of a {of} moves with each read, without a change");
                let said = report.raise_as(&LAST_MODIFIED, "moves by itself", message);
                said.by(Some(now.number)).shown(|| [Clue::ChangedSince { at, exchange }]);
            }
        }
    }

    fn as_shown(&self, seen: &Seen<'_>, body: &Value) -> Option<Shown> {
        let (number, writes) = (seen.exchange.number, self.writes);
        let members = seen.members().and_then(|(_, members)| members.digest());
        Some(Shown {
            stamp: Stamp::of(body, "lastModified")?,
            facts: Facts::of(body)?,
            members,
            number,
            writes,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, user, user_with};

    fn read(title: &str, at: u8) -> Value {
        let mut body = user_with("title", json!(title));
        body["meta"] = json!({"lastModified": format!("2026-01-01T00:00:{at:02}.5Z")});
        body
    }

    fn retitled(story: &mut Story) {
        story.patch("/Users/1", &json!([{"op": "replace", "path": "title", "value": "b"}]));
    }

    /// Read, changed while somebody else shows that time has passed, and read again.
    fn changed(then: &Value) -> Vec<String> {
        let mut story = Story::new(ClientName::Rfc);
        story.get("/Users/1", 200, &read("a", 10));
        let mut other = user("2", "bob");
        other["meta"] = json!({"lastModified": "2026-01-01T00:00:12Z"});
        story.get("/Users/2", 200, &other);
        retitled(&mut story);
        story.get("/Users/1", 200, then);
        story.raised("last-modified").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_change_moves_it_on() {
        assert_eq!(
            changed(&read("b", 10)),
            ["a user changed, and its `meta.lastModified` is 2026-01-01T00:00:10.5Z still"]
        );
        assert_eq!(
            changed(&read("b", 8)),
            ["`meta.lastModified` of a user went back from 2026-01-01T00:00:10.5Z to 2026-01-01T00:00:08.5Z"]
        );
        for then in [read("b", 12), read("b", 13), read("a", 10), user_with("title", json!("b"))] {
            assert_eq!(changed(&then), [""; 0], "{then}");
        }
    }

    #[test]
    fn nobody_knows_whether_time_has_passed() {
        let mut story = Story::new(ClientName::Rfc);
        story.get("/Users/1", 200, &read("a", 10));
        retitled(&mut story);
        story.get("/Users/1", 200, &read("b", 10));
        assert_eq!(story.raised("last-modified"), [""; 0]);
    }

    #[test]
    fn what_another_write_changes_need_not_count() {
        let mut story = Story::new(ClientName::Rfc);
        story.get("/Users/1", 200, &read("a", 10));
        let mut other = user("2", "bob");
        other["meta"] = json!({"lastModified": "2026-01-01T00:00:20Z"});
        story.get("/Users/2", 200, &other);
        story.delete("/Users/2", 204);
        story.get("/Users/1", 200, &read("b", 10));
        assert_eq!(story.raised("last-modified"), [""; 0]);
    }

    #[test]
    fn it_does_not_move_by_itself() {
        let reads = |times: &[u8], write: bool| {
            let mut story = Story::new(ClientName::Rfc);
            for at in times {
                story.get("/Users/1", 200, &read("a", *at));
                if write {
                    retitled(&mut story);
                }
            }
            story.raised("last-modified").len()
        };
        assert_eq!(reads(&[1, 2, 3, 4], false), 1);
        assert_eq!(reads(&[1, 2, 2, 2], false), 0, "a job of the endpoint's own");
        assert_eq!(reads(&[1, 2, 3, 4], true), 0, "a write that changes nothing may count as one");
        assert_eq!(reads(&[1, 1, 1], false), 0);
    }
}
