//! What an endpoint shows of itself where more than one way is right: the lines of the behaviour card that are read off the
//! exchanges. The others come of a scenario's alternatives.

use serde_json::Value;

use crate::scim::attribute::get;
use crate::scim::filter::Filter;
use crate::scim::{ListQuery, ResourceKind};
use crate::wire::{Method, Purpose};

use super::attribute::Attribute;
use super::mirror::{Known, Life, Mirror};
use super::rules::contradicts;
use super::seen::{List, Seen, assigned, id_of};

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
    ("patch-answer", "how a PATCH is answered: `204`, `200` with the resource, `200 without a body`"),
    ("members-in-answers", "whether a group's members stand in the answer to a write: `shown`, `left out`"),
    ("members-in-lists", "whether they stand in lists: `shown`, `left out`"),
    ("page-limit", "how many resources a page holds at most, where it holds fewer than were asked for"),
    ("etag", "versions of resources: `strong`, `weak`, `none`"),
    (
        "filter",
        "the filters that were answered: `users: userName eq`; with `, ignored` where others came too",
    ),
    ("filter-refused", "the filters that were refused, with the status: `groups: externalId eq 400`"),
    ("lookup-of-inactive", "whether a lookup by name finds a deactivated user: `found`, `not found`"),
    (
        "name-case",
        "whether a user name or display name in another case is the same: `users: any case`, `groups: exact`",
    ),
    ("after-deletion", "what a read of a deleted resource is answered with: `404`, `200, inactive`, `200`"),
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
        let held = list.resources().len();
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
            let found = list.ids().any(|other| other == *id);
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
        self.note("name-case", &format!("{}: {way}", plural(kind)), seen);
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
        if seen.is_create()
            && let Some(name) =
                seen.sent.as_ref().and_then(|sent| get(sent, Attribute::key(kind).as_str())?.as_str())
        {
            let twin = mirror.named(kind, name).any(|(_, known)| differs_in_case(known, kind, name));
            let same =
                mirror.named(kind, name).any(|(_, known)| known.text(Attribute::key(kind)) == Some(name));
            if twin && !same && (seen.is_success() || seen.status() == 409) {
                self.case(kind, seen.status() == 409, seen);
            }
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
            let members = seen.sent.as_ref().and_then(|sent| get(sent, "members")?.as_array());
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
    known.members.as_ref().is_some_and(super::members::Members::has_some)
}

/// Whether a resource has this name in another case, and not just with other spaces around it.
fn differs_in_case(known: &Known, kind: ResourceKind, name: &str) -> bool {
    known
        .text(Attribute::key(kind))
        .is_some_and(|held| held != name && held.to_lowercase() == name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::story::{Story, error, group, list, user, user_with};
    use crate::wire::{Answer, Response};

    fn shown(story: &Story, behaviour: &str) -> Vec<String> {
        let all = story.checker.observed().iter();
        all.filter(|observed| observed.behaviour == behaviour)
            .map(|observed| observed.shows.clone())
            .collect()
    }

    /// Ada is there, and a group that she is in.
    fn story() -> Story {
        let mut story = Story::new(ClientName::Entra);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.post("/Groups", &group("", "Acme", &["1"]), 201, &group("g", "Acme", &["1"]));
        story
    }

    const BY_NAME: &str = "/Users?filter=userName%20eq%20%22ada@example.com%22";

    #[test]
    fn patch_answers() {
        let rows =
            [(204, None, "204"), (200, Some(user("1", "ada")), "200"), (200, None, "200 without a body")];
        for (status, answer, shows) in rows {
            let mut story = story();
            let sent = json!({"Operations": [{"op": "replace", "path": "active", "value": true}]});
            story.step(Method::Patch, "/Users/1", Some(&sent), status, answer.as_ref());
            assert_eq!(shown(&story, "patch-answer"), [shows]);
        }
        let mut refused = story();
        refused.refuse("/Users/1", &json!([{"op": "replace", "value": {"active": true}}]), 400);
        assert_eq!(shown(&refused, "patch-answer"), [""; 0]);
    }

    #[test]
    fn members_in_answers_and_in_lists() {
        for (answer, shows) in [(group("g", "Acme", &["1"]), "shown"), (group("g", "Acme", &[]), "left out")]
        {
            let mut story = Story::new(ClientName::OktaOin);
            story.post("/Groups", &group("", "Acme", &["1"]), 201, &answer);
            assert_eq!(shown(&story, "members-in-answers"), [shows]);
            story.get("/Groups?startIndex=1&count=10", 200, &list(std::slice::from_ref(&answer)));
            assert_eq!(shown(&story, "members-in-lists"), [shows]);
            // Where it was asked to leave them out, it says nothing.
            let mut story = self::story();
            story.get("/Groups?excludedAttributes=members", 200, &list(&[answer]));
            assert_eq!(shown(&story, "members-in-lists"), [""; 0]);
        }
    }

    #[test]
    fn the_limit_of_a_page() {
        let page = |total: u64, held: usize| {
            let mut page = list(&vec![user("1", "ada"); held]);
            page["totalResults"] = json!(total);
            page
        };
        for (target, answer, shows) in [
            ("/Users?startIndex=1&count=200", page(500, 100), &["100"][..]),
            ("/Users?startIndex=401&count=200", page(500, 100), &[]),
            ("/Users?startIndex=1&count=100", page(500, 100), &[]),
            ("/Users?startIndex=1&count=200", page(3, 3), &[]),
            ("/Users", page(500, 20), &[]),
            ("/Users?startIndex=1&count=0", page(500, 0), &[]),
        ] {
            let mut story = story();
            story.get(target, 200, &answer);
            assert_eq!(shown(&story, "page-limit"), shows, "{target}");
        }
    }

    #[test]
    fn versions() {
        for (header, meta, shows) in
            [(Some("W/\"1\""), None, "weak"), (None, Some("\"1\""), "strong"), (None, None, "none")]
        {
            let mut story = Story::new(ClientName::OktaOin);
            let body = user_with("meta", json!({"version": meta}));
            let exchange = Story::exchange(Method::Get, "/Users/1", None, 200, Some(&body));
            let mut exchange = Arc::unwrap_or_clone(exchange);
            let mut headers = vec![("Content-Type".to_owned(), "application/scim+json".to_owned())];
            headers.extend(header.map(|version| ("ETag".to_owned(), version.to_owned())));
            exchange.answer = Answer::Response(Response::new(200, headers, body.to_string()));
            story.observe(&Arc::new(exchange));
            assert_eq!(shown(&story, "etag"), [shows]);
        }
    }

    #[test]
    fn filters_that_are_served_ignored_and_refused() {
        let mut story = story();
        story.get(BY_NAME, 200, &list(&[user("1", "ada")]));
        story.get("/Users?filter=USERNAME%20eq%20%22ada@example.com%22", 200, &list(&[user("1", "ada")]));
        story.get("/Users?filter=externalId%20eq%20%22x%22", 400, &error(400));
        story.get("/Users?filter=externalId%20eq%20%22x%22", 403, &error(403));
        story.get("/Groups?filter=displayName%20eq%20%22Bolt%22", 200, &list(&[group("g", "Acme", &[])]));
        assert_eq!(shown(&story, "filter"), ["users: userName eq", "groups: displayName eq, ignored"]);
        assert_eq!(shown(&story, "filter-refused"), ["users: externalId eq 400"]);
        let first = story.checker.observed().iter().find(|observed| observed.behaviour == "filter").unwrap();
        assert_eq!(first.request, "GET /Users?… → 200");
    }

    #[test]
    fn a_lookup_of_somebody_inactive() {
        for (answer, shows) in
            [(list(&[user_with("active", json!(false))]), "found"), (list(&[]), "not found")]
        {
            let mut story = story();
            story.get(BY_NAME, 200, &list(&[user("1", "ada")]));
            assert_eq!(shown(&story, "lookup-of-inactive"), [""; 0]);
            story.patch("/Users/1", &json!([{"op": "replace", "path": "active", "value": false}]));
            story.get(BY_NAME, 200, &answer);
            assert_eq!(shown(&story, "lookup-of-inactive"), [shows]);
        }
    }

    #[test]
    fn the_case_of_names() {
        let other_case = "/Users?filter=userName%20eq%20%22ADA@example.com%22";
        for (answer, shows) in [(list(&[user("1", "ada")]), "users: any case"), (list(&[]), "users: exact")] {
            let mut story = story();
            story.get(other_case, 200, &answer);
            assert_eq!(shown(&story, "name-case"), [shows]);
        }
        for (status, answer, shows) in
            [(409, error(409), "groups: any case"), (201, group("h", "ACME", &[]), "groups: exact")]
        {
            let mut story = story();
            story.post("/Groups", &group("", "ACME", &[]), status, &answer);
            assert_eq!(shown(&story, "name-case"), [shows]);
        }
        // The same name, and one that differs by more than case, say nothing.
        for name in ["Acme", "Acme "] {
            let mut story = story();
            story.post("/Groups", &group("", name, &[]), 409, &error(409));
            assert_eq!(shown(&story, "name-case"), [""; 0], "{name}");
        }
    }

    #[test]
    fn a_read_after_a_deletion() {
        for (status, answer, shows) in [
            (404, error(404), "404"),
            (200, user_with("active", json!(false)), "200, inactive"),
            (200, user("1", "ada"), "200"),
        ] {
            let mut story = story();
            story.get("/Users/1", 200, &user("1", "ada"));
            story.delete("/Users/1", 204);
            story.get("/Users/1", status, &answer);
            assert_eq!(shown(&story, "after-deletion"), [shows]);
        }
    }

    #[test]
    fn what_cleans_up_is_nobodys_behaviour() {
        let mut story = Story::new(ClientName::OktaOin);
        story.purpose = Purpose::Cleanup;
        story.get(BY_NAME, 200, &list(&[]));
        assert!(story.checker.observed().is_empty());
    }

    /// Every line of the card is in the list, and every line of the list is on some card here.
    #[test]
    fn the_list_is_whole() {
        let source = include_str!("behaviour.rs");
        let (code, tests) = source.split_once("mod tests").unwrap();
        for (behaviour, what) in OBSERVED {
            assert!(what.len() > 20);
            let quoted = format!("\"{behaviour}\"");
            assert!(code.matches(&quoted).count() > 1, "{behaviour} is never noted");
            assert!(tests.contains(&quoted), "{behaviour} has no test");
        }
    }
}
