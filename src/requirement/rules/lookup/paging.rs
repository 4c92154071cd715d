//! `startIndex` and `count`.

use std::collections::BTreeSet;

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use super::lookup_total::is_lookup;
use crate::requirement::rules::Rule;

const PAGING: Requirement = Requirement {
    id: "paging",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "a page has at most `count` resources and begins at `startIndex`",
    source: "RFC 7644 §3.4.2.4 (MUST NOT return more results than `count`); Okta imports pages of 100 (docs/providers/okta.md#import); Entra requires paging (docs/providers/entra.md#required-paging)",
    reasoning: "an import reads the first page again and again and never sees the rest",
};

/// The ids of a page that are compared with the next one's: the first.
const MOST_IDS: usize = 1_000;

/// Where the ids stand.
const AT: &str = "body/Resources/*/id";

/// The page before, of the same query.
#[derive(Debug)]
struct Page {
    number: usize,
    query: String,
    start: usize,
    total: Option<u64>,
    ids: BTreeSet<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Paging {
    last: Option<Page>,
}

impl Rule for Paging {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&PAGING]
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if seen.method().writes() {
            self.last = None;
            return;
        }
        let Some((_, list)) = seen.list() else { return };
        let (start, found) = (seen.query.start_index, list.count());
        if seen.query.count.is_some_and(|count| found > count) {
            let most = seen.query.count.unwrap_or_default() as u64;
            report
                .raise(&PAGING, "a page has more resources than `count`".to_owned())
                .shown(|| [Clue::MoreThan { at: AT.to_owned(), value: most }]);
        }
        if let Some(total) = list.number("totalResults")
            && start as u64 > total
            && found > 0
        {
            report.raise(&PAGING, "a page after the last result is not empty".to_owned()).shown(|| {
                let (at, value) = ("body/totalResults".to_owned(), start as u64);
                [Clue::any(AT), Clue::LessThan { at, value }]
            });
        }
        if let Some(total) = list.number("totalResults")
            && seen.query.count.is_none_or(|count| found <= count)
            && start as u64 <= total
        {
            // A lookup that finds nothing, and counts something, has a rule of its own.
            if found == 0 && seen.query.count != Some(0) && !(start == 1 && is_lookup(seen)) {
                report
                    .raise(&PAGING, "a page before the last result is empty".to_owned())
                    .shown(|| [Clue::none(AT)]);
            } else if found > 0 && found as u64 <= total && start as u64 + found as u64 - 1 > total {
                let last = start as u64 + found as u64 - 1;
                report
                    .raise(&PAGING, "a page ends beyond `totalResults`".to_owned())
                    .shown(|| [Clue::LessThan { at: "body/totalResults".to_owned(), value: last }]);
            }
        }
        let mut once = BTreeSet::new();
        let left_out = list.left_out();
        if !list.ids().all(|id| once.insert(id) && !left_out.is_some_and(|left_out| left_out.holds(id)))
            || left_out.is_some_and(|left_out| left_out.doubled() > 0)
        {
            report
                .raise(&PAGING, "a page contains the same resource twice".to_owned())
                .shown(|| [Clue::Twice { at: AT.to_owned() }]);
        }
        let ids: BTreeSet<String> = list.ids().take(MOST_IDS).map(str::to_owned).collect();
        let query = query_without_start(seen);
        if let Some(last) = &self.last
            && last.query == query
            && last.start < start
            // Who else works there may move one resource from a page to the next.
            && last.total == list.number("totalResults")
            && ids.len() > 1
            && ids.is_subset(&last.ids)
        {
            let exchange = last.number;
            report
                .raise(&PAGING, "a later page repeats resources of an earlier one".to_owned())
                .shown(|| [Clue::SameAs { at: AT.to_owned(), exchange }]);
        }
        let number = seen.exchange.number;
        self.last = Some(Page { number, query, start, total: list.number("totalResults"), ids });
    }
}

fn query_without_start(seen: &Seen<'_>) -> String {
    let request = &seen.exchange.request;
    let parts = request.query().unwrap_or_default().split('&');
    let kept: Vec<&str> =
        parts.filter(|part| !part.to_ascii_lowercase().starts_with("startindex=")).collect();
    format!("{}?{}", request.path(), kept.join("&"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list, user};

    fn page(total: u64, start: u64, ids: &[&str]) -> Value {
        let resources: Vec<Value> = ids.iter().map(|id| user(id, id)).collect();
        let mut body = list(&resources);
        body["totalResults"] = json!(total);
        body["startIndex"] = json!(start);
        body
    }

    fn judged(pages: &[(&str, Value)]) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        for (query, body) in pages {
            story.get(&format!("/Users?{query}"), 200, body);
        }
        story.raised("paging").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn fires() {
        assert_eq!(
            judged(&[("startIndex=1&count=2", page(3, 1, &["a", "b", "c"]))]),
            ["a page has more resources than `count`"]
        );
        assert_eq!(
            judged(&[("startIndex=9&count=2", page(3, 9, &["a", "b"]))]),
            ["a page after the last result is not empty"]
        );
        assert_eq!(
            judged(&[
                ("startIndex=1&count=2", page(4, 1, &["a", "b"])),
                ("startIndex=3&count=2", page(4, 1, &["b", "a"])),
            ]),
            ["a later page repeats resources of an earlier one"]
        );
    }

    #[test]
    fn totals_and_pages_agree() {
        assert_eq!(
            judged(&[("startIndex=3&count=2", page(4, 3, &[]))]),
            ["a page before the last result is empty"]
        );
        assert_eq!(
            judged(&[("startIndex=3&count=2", page(3, 3, &["c", "d"]))]),
            ["a page ends beyond `totalResults`"]
        );
        assert_eq!(
            judged(&[("startIndex=1&count=2", page(2, 1, &["a", "a"]))]),
            ["a page contains the same resource twice"]
        );
    }

    #[test]
    fn stays_silent() {
        for pages in [
            vec![
                ("startIndex=1&count=2", page(4, 1, &["a", "b"])),
                ("startIndex=3&count=2", page(4, 3, &["c", "d"])),
            ],
            // The endpoint's pages may be smaller.
            vec![("startIndex=1&count=100", page(4, 1, &["a", "b"]))],
            vec![("startIndex=0&count=1", page(4, 1, &["a"])), ("count=0", page(4, 1, &[]))],
            vec![("startIndex=100&count=2", page(4, 100, &[]))],
            // Somebody else came in between.
            vec![
                ("startIndex=1&count=2", page(4, 1, &["a", "b"])),
                ("startIndex=3&count=2", page(5, 3, &["b", "a"])),
            ],
            vec![("startIndex=1&count=1", page(4, 1, &["a"])), ("startIndex=2&count=1", page(4, 2, &["a"]))],
            // Asked twice, and another query.
            vec![("startIndex=1&count=2", page(4, 1, &["a"])), ("startIndex=1&count=2", page(4, 1, &["a"]))],
            vec![("startIndex=1&count=2", page(4, 1, &["a"])), ("startIndex=2&count=1", page(4, 2, &["a"]))],
        ] {
            assert_eq!(judged(&pages), [""; 0]);
        }
    }
}
