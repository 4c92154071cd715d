//! Pages by cursor show everything once.

use std::collections::BTreeSet;

use crate::counted::counted;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;

use crate::requirement::rules::Rule;

const CURSOR_WALK: Requirement = Requirement {
    id: "cursor-walk",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "where pages by cursor are supported, going from one to the next shows every resource once",
    source: "RFC 9865 §2 (`nextCursor` leads to the next page; the last page has none)",
    reasoning: "a client that reads everybody takes whoever is on no page for deleted",
};

/// A list on its way from page to page.
#[derive(Debug)]
struct Walk {
    /// What is listed: the query without its cursor.
    of: String,
    next: String,
    seen: BTreeSet<String>,
}

#[derive(Debug, Default)]
pub(crate) struct CursorWalk {
    walk: Option<Walk>,
    /// The last list that came whole and without a cursor: what was listed, and the ids in it.
    whole: Option<(String, BTreeSet<String>)>,
}

impl Rule for CursorWalk {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&CURSOR_WALK]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if seen.method().writes() {
            // Who comes or goes meanwhile may be shown or not.
            *self = Self::default();
            return;
        }
        let (Some((kind, list)), Some(true)) = (seen.list(), mirror.discovery().cursor()) else { return };
        let query = &seen.query;
        let of = format!("{kind:?} {:?} {:?} {:?}", query.filter, query.sort_by, query.sort_order);
        let Some(cursor) = &query.cursor else {
            if list.is_whole() {
                self.whole = Some((of, list.ids().map(str::to_owned).collect()));
            }
            return;
        };
        let mut walk = match self.walk.take() {
            Some(walk) if !cursor.is_empty() && walk.next == *cursor && walk.of == of => walk,
            _ if cursor.is_empty() => Walk { of, next: String::new(), seen: BTreeSet::new() },
            _ => return,
        };
        for id in list.ids() {
            if !walk.seen.insert(id.to_owned()) {
                let message = format!("a {} is on two pages", kind.name().to_ascii_lowercase());
                report
                    .raise_as(&CURSOR_WALK, "twice", message)
                    .shown(|| [Clue::there("body/Resources/*/id", id)]);
            }
        }
        let next = seen.exchange.json().and_then(|body| get(body, "nextCursor")?.as_str());
        match next.filter(|next| !next.is_empty()) {
            Some(next) => {
                next.clone_into(&mut walk.next);
                self.walk = Some(walk);
            }
            None if list.left_out().is_none() => self.miss(kind, &walk, report),
            None => {}
        }
    }
}

impl CursorWalk {
    /// Tells of whoever the same list has without a cursor, and no page showed. Whom the filter finds is another question.
    fn miss(&self, kind: ResourceKind, walk: &Walk, report: &mut Report) {
        let Some((_, whole)) = self.whole.as_ref().filter(|(of, _)| *of == walk.of) else { return };
        let missed = whole.difference(&walk.seen).count();
        if missed > 0 {
            let what = counted(missed, &kind.name().to_ascii_lowercase());
            let verb = if missed == 1 { "is" } else { "are" };
            let message = format!("{what} of the list without a cursor {verb} on none of the pages");
            report.raise_as(&CURSOR_WALK, "missed", message);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list, user};

    const BOTH: &str = "filter=userName+eq+%22ada%40example.com%22+or+userName+eq+%22bob%40example.com%22";

    /// Ada and Bob are listed at once, as far as they are found, and then one page after the other.
    fn walked(supported: bool, found: &[&str], pages: &[&[&str]], is_written: bool) -> Vec<String> {
        let mut story = Story::new(ClientName::Rfc);
        story.get("/ServiceProviderConfig", 200, &json!({"pagination": {"cursor": supported}}));
        for (id, name) in [("1", "ada"), ("2", "bob")] {
            story.post("/Users", &user("", name), 201, &user(id, name));
        }
        let listed = |ids: &[&str]| {
            list(&ids.iter().map(|id| user(id, if *id == "1" { "ada" } else { "bob" })).collect::<Vec<_>>())
        };
        story.get(&format!("/Users?{BOTH}"), 200, &listed(found));
        for (number, page) in pages.iter().enumerate() {
            let mut answer = listed(page);
            if number + 1 < pages.len() {
                answer["nextCursor"] = json!(format!("c{}", number + 1));
            }
            let cursor = if number == 0 { String::new() } else { format!("c{number}") };
            story.get(&format!("/Users?cursor={cursor}&count=1&{BOTH}"), 200, &answer);
            if is_written {
                story.delete("/Users/7", 204);
            }
        }
        story.raised("cursor-walk").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn table() {
        let both = &["1", "2"];
        assert_eq!(walked(true, both, &[&["1"], &["1"], &["2"]], false), ["a user is on two pages"]);
        assert_eq!(
            walked(true, both, &[&["2"], &[]], false),
            ["1 user of the list without a cursor is on none of the pages"]
        );
        assert_eq!(walked(true, both, &[&["2"]], false).len(), 1);
        for pages in [vec![["1"].as_slice(), &["2"]], vec![&["2", "1"]], vec![&["2"], &["1"], &[]]] {
            assert_eq!(walked(true, both, &pages, false), [""; 0], "{pages:?}");
        }
        assert_eq!(walked(false, both, &[&["1"], &["1"]], false), [""; 0]);
        assert_eq!(walked(true, both, &[&["1"], &["1"]], true), [""; 0]);
        // That the filter misses somebody is another fault.
        assert_eq!(walked(true, &["1"], &[&["1"]], false), [""; 0]);
    }
}
