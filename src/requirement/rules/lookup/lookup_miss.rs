//! A query that finds nothing is a success.

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use crate::requirement::rules::Rule;

const LOOKUP_MISS: Requirement = Requirement {
    id: "lookup-miss",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Entra],
    text: "a lookup without a match returns 200 with an empty list, not 404",
    source: "RFC 7644 §3.4.2 (SHALL return 200 with `totalResults` 0); Entra takes 404 for bad credentials (docs/providers/entra.md#match-request-answered-404, docs/providers/entra.md#required-empty-lists); Okta takes it for nobody (docs/providers/okta.md#lookup-that-finds-nobody)",
    reasoning: "Entra's connection test fails, and a running job goes into quarantine",
};

#[derive(Debug)]
pub(crate) struct LookupMiss;

impl Rule for LookupMiss {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&LOOKUP_MISS]
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if let Some(kind) = seen.list_kind()
            && seen.query.filter.is_some()
            && matches!(seen.status(), 204 | 404)
        {
            report
                .raise(
                    &LOOKUP_MISS,
                    format!("a lookup in {} without a match returned {}", kind.endpoint(), seen.status()),
                )
                .shown(|| [Clue::no_status(["200"])]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, list};

    #[test]
    fn table() {
        let mut story = Story::new(ClientName::Entra);
        story.get("/Users?filter=userName+eq+%22x%22", 200, &list(&[]));
        story.get("/Users/1", 404, &error(404));
        // An endpoint without groups.
        story.get("/Groups?startIndex=1&count=100", 404, &error(404));
        assert_eq!(story.said(), [""; 0]);
        story.get("/Users?filter=userName+eq+%22x%22", 404, &error(404));
        assert_eq!(story.said(), ["lookup-miss: a lookup in /Users without a match returned 404"]);
    }
}
