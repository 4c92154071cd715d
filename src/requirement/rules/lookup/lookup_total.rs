//! `totalResults` of a lookup counts what the filter matches.

use crate::counted::counted;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use crate::requirement::rules::Rule;

const LOOKUP_TOTAL: Requirement = Requirement {
    id: "lookup-total",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra],
    text: "`totalResults` of a lookup is the number of resources that match",
    source: "RFC 7644 §3.4.2 (the total number of results that the query returns)",
    reasoning: "the provider takes nobody for somebody, or one for several, and links the wrong account or none",
};

/// An endpoint may put few resources on a page, but hardly fewer than this.
const FEW: usize = 10;

#[derive(Debug)]
pub(crate) struct LookupTotal;

impl Rule for LookupTotal {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&LOOKUP_TOTAL]
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let Some((kind, list)) = seen.list().filter(|_| is_lookup(seen)) else { return };
        let (found, total) = (list.count(), list.number("totalResults"));
        let Some(total) = total.filter(|total| *total > found as u64 && found < FEW) else { return };
        if seen.query.start_index > 1 || seen.query.count.is_some_and(|count| count <= found) {
            return;
        }
        let text = seen.query.filter.as_deref().unwrap_or_default();
        let message = format!(
            "the lookup for `{text}` found {}, but `totalResults` is {total}",
            if found == 0 { "nothing".to_owned() } else { counted(found, "resource") }
        );
        let key = format!("{} {}", kind.endpoint(), if found == 0 { "nothing" } else { "something" });
        report
            .raise_as(&LOOKUP_TOTAL, key, message)
            .shown(|| [Clue::other("body/totalResults", found as u64)]);
    }
}

/// Whether a query looks for what has a certain value, and is no page of many.
pub(super) fn is_lookup(seen: &Seen<'_>) -> bool {
    seen.filter().is_some_and(|filter| filter.equality().is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, list, user};

    fn said(target: &str, found: &[Value], total: u64) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        let mut answer = list(found);
        answer["totalResults"] = json!(total);
        story.get(target, 200, &answer);
        let said = story.said().into_iter();
        said.filter(|said| said.starts_with("lookup-total") || said.starts_with("paging")).collect()
    }

    const ADA: &str = "/Users?filter=userName+eq+%22ada%40example.com%22";

    #[test]
    fn fires() {
        assert_eq!(
            said(ADA, &[], 4),
            [
                "lookup-total: the lookup for `userName eq \"ada@example.com\"` found nothing, but `totalResults` is 4"
            ]
        );
        assert_eq!(
            said(&format!("{ADA}&startIndex=1&count=100"), &[user("1", "ada")], 4),
            [
                "lookup-total: the lookup for `userName eq \"ada@example.com\"` found 1 resource, but `totalResults` is 4"
            ]
        );
        let acme = "/Groups?filter=displayName+eq+%22Acme%22";
        assert_eq!(said(acme, &[group("1", "Acme", &[]), group("2", "Acme", &[])], 3).len(), 1);
    }

    #[test]
    fn stays_silent() {
        for (target, found, total) in [
            (ADA, vec![], 0),
            (ADA, vec![user("1", "ada")], 1),
            // A page of many.
            (&format!("{ADA}&count=1"), vec![user("1", "ada")], 4),
            (&format!("{ADA}&startIndex=2&count=5"), vec![user("1", "ada")], 2),
            ("/Users?startIndex=1&count=2", vec![user("1", "ada"), user("2", "eve")], 4),
            ("/Users?filter=userName+sw+%22a%22", vec![user("1", "ada")], 4),
        ] {
            assert_eq!(said(target, &found, total), [""; 0], "{target}");
        }
    }
}
