//! What an endpoint shows of itself where more than one way is right: the lines of the behaviour card that are read off the
//! exchanges. The others come of a scenario's alternatives.
//!
//! May use, of `requirement`: `exchange`, `mirror`, `rules`.

mod claim;
mod contradiction;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::scim::filter::Filter;
use crate::scim::resource::attribute::get;
use crate::scim::{ListQuery, ResourceKind};
use crate::wire::{Method, Purpose};

use super::exchange::attribute::Attribute;
use super::exchange::view::{List, Seen, assigned, id_of};
use super::mirror::{Known, Life, Mirror};
use super::rules::contradicts;

pub use claim::is_about;
pub use contradiction::contradict;

/// One way that an endpoint has, with the exchange that showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// What it is about: `patch-answer`.
    pub behaviour: &'static str,
    /// The way: `204`.
    pub shows: String,
    /// The exchange's number in the transcript.
    pub exchange: usize,
    /// The exchange in short, without ids and values: `PATCH /Users/{id} → 204`.
    pub request: String,
}

/// Every behaviour that is read off exchanges, with what it shows.
pub const OBSERVED: [(&str, &str); 10] = [
    ("patch-answer", "the response to a PATCH: `204`, `200` with the resource, `200 without a body`"),
    (
        "members-in-answers",
        "whether the response to a write includes the members of a group: `shown`, `left out`",
    ),
    ("members-in-lists", "whether lists of groups include the members: `shown`, `left out`"),
    ("page-limit", "the maximum number of resources in a page, if it is smaller than the requested `count`"),
    ("etag", "versions of resources: `strong`, `weak`, `none`"),
    (
        "filter",
        "the supported filters: `users: userName eq`; with `, ignored` if the response also holds other resources",
    ),
    ("filter-refused", "the refused filters, with the status: `groups: externalId eq 400`"),
    ("lookup-of-inactive", "whether a lookup by name finds a deactivated user: `found`, `not found`"),
    (
        "name-case",
        "whether names that differ only in case are the same name: `users: any case (lookup)`, `groups: exact (creation)`",
    ),
    ("after-deletion", "the response to a read of a deleted resource: `404`, `200, inactive`, `200`"),
];

/// What a pair's exchanges have shown so far, each way once.
#[derive(Debug, Default)]
pub(crate) struct Card {
    shown: Vec<Observed>,
}

impl Card {
    /// Everything that was shown, in the order in which it was.
    pub(crate) fn shown(&self) -> &[Observed] {
        &self.shown
    }

    /// Looks at an exchange. The mirror is as it was before it.
    pub(crate) fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror) {
        if seen.purpose() == Purpose::Cleanup || seen.exchange.response().is_none() {
            return;
        }
        let Some(kind) = seen.kind else { return };
        self.versions(seen);
        match seen.method() {
            Method::Get if seen.id.is_none() => self.list(kind, seen, mirror),
            Method::Get => self.after_deletion(seen, mirror),
            Method::Post | Method::Put | Method::Patch => self.write(kind, seen, mirror),
            Method::Delete => {}
        }
    }

    fn note(&mut self, behaviour: &'static str, shows: &str, seen: &Seen<'_>) {
        if self
            .shown
            .iter()
            .any(|known| known.behaviour == behaviour && known.shows.eq_ignore_ascii_case(shows))
        {
            return;
        }
        let endpoint = seen.kind.map(ResourceKind::endpoint).unwrap_or_default();
        let id = if seen.id.is_some() { "/{id}" } else { "" };
        let query = if seen.query == ListQuery::default() { "" } else { "?…" };
        let request = format!("{} {endpoint}{id}{query} → {}", seen.method(), seen.status());
        let observed =
            Observed { behaviour, shows: shows.to_owned(), exchange: seen.exchange.number, request };
        self.shown.push(observed);
    }

    fn versions(&mut self, seen: &Seen<'_>) {
        let whole = matches!(seen.method(), Method::Get | Method::Post | Method::Put);
        let Some(body) = seen.exchange.json().filter(|body| id_of(body).is_some()) else { return };
        if !whole || !seen.is_success() {
            return;
        }
        let header = seen.exchange.response().and_then(|response| response.header("etag"));
        let meta = get(body, "meta").and_then(|meta| get(meta, "version")).and_then(Value::as_str);
        let shows = match header.or(meta) {
            Some(version) if version.starts_with("W/") => "weak",
            Some(_) => "strong",
            None => "none",
        };
        self.note("etag", shows, seen);
    }

    fn list(&mut self, kind: ResourceKind, seen: &Seen<'_>, mirror: &Mirror) {
        let name = |filter: &Filter| format!("{}: {}", plural(kind), shape(filter));
        let Some((_, list)) = seen.list() else {
            // It is well-formed, and not served; with another status it is not the filter that was refused.
            if let Some(filter) = seen.filter().filter(|_| matches!(seen.status(), 400 | 500 | 501)) {
                self.note("filter-refused", &format!("{} {}", name(filter), seen.status()), seen);
            }
            return;
        };
        if kind == ResourceKind::Group && !seen.is_projected() {
            for group in list.resources() {
                let known = id_of(group).and_then(|id| mirror.get(kind, id));
                if known.is_some_and(has_members) {
                    self.members("members-in-lists", group, seen);
                }
            }
        }
        match seen.filter() {
            Some(filter) => {
                let ignored = list.resources().iter().any(|resource| contradicts(kind, filter, resource));
                self.note(
                    "filter",
                    &format!("{}{}", name(filter), if ignored { ", ignored" } else { "" }),
                    seen,
                );
                if let Some((path, wanted)) = filter.equality().filter(|_| !ignored)
                    && path.is(Attribute::key(kind).as_str())
                {
                    self.looked_up(kind, wanted, list, seen, mirror);
                }
            }
            None if seen.query.filter.is_none() => self.page(list, seen),
            None => {}
        }
    }

    fn page(&mut self, list: List<'_>, seen: &Seen<'_>) {
        let held = list.count();
        let more = list.number("totalResults").is_some_and(|total| {
            let before = seen.query.start_index.saturating_sub(1);
            total > u64::try_from(before + held).unwrap_or(u64::MAX)
        });
        // Without a count, a server sends as many as it likes.
        if more && held > 0 && seen.query.count.is_some_and(|count| held < count) {
            self.note("page-limit", &held.to_string(), seen);
        }
    }

    fn looked_up(
        &mut self,
        kind: ResourceKind,
        wanted: &str,
        list: List<'_>,
        seen: &Seen<'_>,
        mirror: &Mirror,
    ) {
        let held: Vec<(&str, &Known)> = mirror.named(kind, wanted).collect();
        for (id, known) in &held {
            let found = list.may_hold(id);
            if kind == ResourceKind::User && known.is_inactive() {
                self.note("lookup-of-inactive", if found { "found" } else { "not found" }, seen);
            } else if differs_in_case(known, kind, wanted)
                && !held.iter().any(|(_, other)| other.text(Attribute::key(kind)) == Some(wanted))
            {
                self.case(kind, found, seen);
            }
        }
    }

    fn case(&mut self, kind: ResourceKind, is_same: bool, seen: &Seen<'_>) {
        let way = if is_same { "any case" } else { "exact" };
        // Both are asked of names, and an endpoint may answer them by different rules.
        let by = if seen.is_create() { "creation" } else { "lookup" };
        self.note("name-case", &format!("{}: {way} ({by})", plural(kind)), seen);
    }

    /// A creation of what differs from a resource only in the case of its name.
    fn twin(&mut self, kind: ResourceKind, sent: &Value, seen: &Seen<'_>, mirror: &Mirror) {
        let key = Attribute::key(kind);
        let Some(name) = get(sent, key.as_str()).and_then(Value::as_str) else { return };
        let held: Vec<(&str, &Known)> = mirror.named(kind, name).collect();
        let twin = held.iter().find(|(_, known)| differs_in_case(known, kind, name));
        let Some((id, known)) = twin.filter(|_| held.iter().all(|(_, known)| known.text(key) != Some(name)))
        else {
            return;
        };
        // What was answered may be that resource, or another attribute may be what is taken.
        let is_taken_over = seen.exchange.json().and_then(id_of) == Some(id);
        let clashes = [Attribute::ExternalId, Attribute::WorkEmail].into_iter().any(|attribute| {
            known
                .text(attribute)
                .is_some_and(|value| sent.to_string().contains(&Value::from(value).to_string()))
        });
        match seen.status() {
            409 if !clashes => self.case(kind, true, seen),
            _ if seen.is_success() => self.case(kind, is_taken_over, seen),
            _ => {}
        }
    }

    fn after_deletion(&mut self, seen: &Seen<'_>, mirror: &Mirror) {
        let Some((kind, id)) = seen.target() else { return };
        if !mirror.get(kind, id).is_some_and(|known| known.life == Life::Deleted) {
            return;
        }
        match seen.status() {
            200 => {
                let active = seen.exchange.json().and_then(|body| get(body, "active")?.as_bool());
                self.note(
                    "after-deletion",
                    if active == Some(false) { "200, inactive" } else { "200" },
                    seen,
                );
            }
            status => self.note("after-deletion", &status.to_string(), seen),
        }
    }

    fn write(&mut self, kind: ResourceKind, seen: &Seen<'_>, mirror: &Mirror) {
        let body = seen.exchange.json().filter(|body| body.is_object());
        if let Some(sent) = seen.sent.filter(|_| seen.is_create()) {
            self.twin(kind, sent, seen, mirror);
        }
        if !seen.is_success() {
            return;
        }
        if seen.is_change() && seen.method() == Method::Patch {
            let shows = match (seen.status(), body) {
                (200, None) => "200 without a body".to_owned(),
                (status, _) => status.to_string(),
            };
            self.note("patch-answer", &shows, seen);
        }
        let sends_members = || {
            let members = seen.sent.and_then(|sent| get(sent, "members")?.as_array());
            members.is_some_and(|members| !members.is_empty())
        };
        if kind == ResourceKind::Group
            && seen.method() != Method::Patch
            && let Some(body) = body
            && sends_members()
        {
            self.members("members-in-answers", body, seen);
        }
    }

    fn members(&mut self, behaviour: &'static str, group: &Value, seen: &Seen<'_>) {
        self.note(behaviour, if assigned(group, "members").is_some() { "shown" } else { "left out" }, seen);
    }
}

fn plural(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => "users",
        ResourceKind::Group => "groups",
    }
}

/// A filter without what is looked for: `emails[type eq].value eq`.
fn shape(filter: &Filter) -> String {
    let all = |filters: &[Filter], word: &str| filters.iter().map(shape).collect::<Vec<_>>().join(word);
    match filter {
        Filter::Compare { path, op, .. } => format!("{path} {}", op.as_str()),
        Filter::Present(path) => format!("{path} pr"),
        Filter::ValuePath { path, filter } => format!("{path}[{}]", shape(filter)),
        Filter::Not(filter) => format!("not ({})", shape(filter)),
        Filter::And(filters) => all(filters, " and "),
        Filter::Or(filters) => all(filters, " or "),
    }
}

fn has_members(known: &Known) -> bool {
    known.members.as_ref().is_some_and(super::mirror::members::Members::has_some)
}

/// Whether a resource has this name in another case, and not just with other spaces around it.
fn differs_in_case(known: &Known, kind: ResourceKind, name: &str) -> bool {
    known
        .text(Attribute::key(kind))
        .is_some_and(|held| held != name && held.to_lowercase() == name.to_lowercase())
}
