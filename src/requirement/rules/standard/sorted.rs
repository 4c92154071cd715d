//! A sorted list is in order.

use std::cmp::Ordering;

use serde_json::Value;

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::AttrPath;
use crate::scim::filter::instant::instant;
use crate::scim::list::query::SortOrder;

use crate::requirement::rules::Rule;

const SORTED: Requirement = Requirement {
    id: "sorted",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "where sorting is supported, a list with `sortBy` is in that order",
    source: "RFC 7644 §3.4.2.3 (`sortBy`, `sortOrder`, ascending by default), RFC 7643 §5 (`sort`)",
    reasoning: "a client that merges two sorted lists takes people for new or gone",
};

#[derive(Debug)]
pub(crate) struct Sorted;

impl Rule for Sorted {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&SORTED]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let (Some(by), Some(true)) = (&seen.query.sort_by, mirror.discovery().sort()) else { return };
        let (Ok(path), Some((kind, list))) = (AttrPath::parse(by), seen.list()) else { return };
        let values: Vec<(usize, Option<&Value>)> =
            list.resources().iter().map(|resource| only(&path.resolve(resource))).enumerate().collect();
        let wrong = match seen.query.sort_order {
            SortOrder::Ascending => Ordering::Greater,
            SortOrder::Descending => Ordering::Less,
        };
        let mut pairs = values.windows(2).filter_map(|pair| Some((pair[0].0, pair[0].1?, pair[1].1?)));
        if let Some((at, one, next)) = pairs.find(|(_, one, next)| certain(one, next) == Some(wrong)) {
            let of = kind.endpoint().trim_matches('/').to_ascii_lowercase();
            let message = format!("a list of {of} with `sortBy={by}` has {one} before {next}");
            let place = |at: usize| format!("body/Resources/{at}/{}", by.replace('.', "/"));
            let clues = [Clue::there(place(at), one.clone()), Clue::there(place(at + 1), next.clone())];
            report.raise_as(&SORTED, of, message).shown(|| clues);
        }
    }
}

/// The value, where there is one and no more.
fn only<'v>(values: &[&'v Value]) -> Option<&'v Value> {
    match values {
        [one] => Some(one),
        _ => None,
    }
}

/// The order of two values, where every endpoint would say the same. How letters with marks, digits and other signs are
/// sorted is a matter of language: only the first difference counts, and only between two plain letters.
fn certain(one: &Value, next: &Value) -> Option<Ordering> {
    match (one, next) {
        (Value::Number(one), Value::Number(next)) => one.as_f64()?.partial_cmp(&next.as_f64()?),
        (Value::String(one), Value::String(next)) => match (instant(one), instant(next)) {
            (Some(one), Some(next)) => Some(one.cmp(&next)),
            (None, None) => letters(one, next),
            _ => None,
        },
        _ => None,
    }
}

fn letters(one: &str, next: &str) -> Option<Ordering> {
    let mut pairs = one.chars().zip(next.chars());
    let (one, next) = pairs.find(|(one, next)| !one.eq_ignore_ascii_case(next))?;
    let is_case = |letters: [char; 2]| {
        letters.iter().all(char::is_ascii_lowercase) || letters.iter().all(char::is_ascii_uppercase)
    };
    is_case([one, next]).then(|| one.cmp(&next))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list, user};

    fn judged(supported: bool, query: &str, names: &[&str]) -> Vec<String> {
        let mut story = Story::new(ClientName::Rfc);
        story.get("/ServiceProviderConfig", 200, &json!({"sort": {"supported": supported}}));
        let users: Vec<Value> = names.iter().map(|name| user(name, name)).collect();
        story.get(&format!("/Users?{query}"), 200, &list(&users));
        story.raised("sorted").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn table() {
        assert_eq!(
            judged(true, "sortBy=userName", &["ada", "grace", "bob"]),
            ["a list of users with `sortBy=userName` has \"grace@example.com\" before \"bob@example.com\""]
        );
        assert_eq!(judged(true, "sortBy=userName&sortOrder=descending", &["ada", "bob"]).len(), 1);
        for (supported, query, names) in [
            (true, "sortBy=userName", ["ada", "bob", "grace"]),
            (true, "sortBy=userName&sortOrder=descending", ["grace", "bob", "ada"]),
            (false, "sortBy=userName", ["bob", "ada", "eve"]),
            (true, "count=3", ["bob", "ada", "eve"]),
            (true, "sortBy=title", ["bob", "ada", "eve"]),
            // Digits, signs and cases are sorted in many ways.
            (true, "sortBy=userName", ["a10", "a9", "a-b"]),
            (true, "sortBy=userName", ["Zoe", "ada", "Bob"]),
            (true, "sortBy=userName", ["a_b", "aab", "ab"]),
        ] {
            assert_eq!(judged(supported, query, &names), [""; 0], "{query} {names:?}");
        }
    }

    #[test]
    fn times_are_compared_as_such() {
        for (one, next, order) in [
            ("2026-01-01T01:00:00+01:00", "2026-01-01T00:30:00Z", Ordering::Less),
            ("2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00Z", Ordering::Greater),
        ] {
            assert_eq!(certain(&json!(one), &json!(next)), Some(order));
        }
        assert_eq!(certain(&json!(2), &json!(10)), Some(Ordering::Less));
    }
}
