//! Where a new resource is.

use serde_json::Value;

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::resource::attribute::get;

use crate::requirement::rules::Rule;

const LOCATION: Requirement = Requirement {
    id: "location",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "the response to a creation has a `Location` that equals `meta.location`",
    source: "RFC 7644 §3.3 (SHALL include the URI in the header and in the body)",
    reasoning: "a client that links resources by URL has no URL; Okta, Entra and Google use the id",
};

#[derive(Debug)]
pub(crate) struct Location;

impl Rule for Location {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&LOCATION]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if !seen.is_create() || seen.status() != 201 {
            return;
        }
        let Some(response) = seen.exchange.response() else { return };
        let Some(header) = response.header("location").filter(|header| !header.trim().is_empty()) else {
            report
                .raise(&LOCATION, "a 201 has no `Location`".to_owned())
                .shown(|| [Clue::status(["201"]), Clue::none("header/location")]);
            return;
        };
        let meta =
            response.json().and_then(|body| get(get(body, "meta")?, "location")).and_then(Value::as_str);
        if let Some(meta) = meta
            && !same(header, meta)
        {
            let (at, value) = ("header/location".to_owned(), "body/meta/location".to_owned());
            report
                .raise(&LOCATION, "the `Location` of a 201 differs from its `meta.location`".to_owned())
                .shown(|| [Clue::status(["201"]), Clue::Unlike { at, value }]);
        }
    }
}

/// Whether two references lead to the same place: a relative one is the end of an absolute one.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    let relative = |text: &str| !text.contains("://");
    one == other
        || (relative(one) && other.ends_with(one.trim_start_matches('.')))
        || (relative(other) && one.ends_with(other.trim_start_matches('.')))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, user};
    use crate::wire::{Answer, Method, Response};

    fn judged(header: Option<&str>, meta: Option<&str>) -> Vec<String> {
        let mut body = user("1", "ada");
        if let Some(meta) = meta {
            body["meta"] = json!({"location": meta});
        }
        let exchange = Story::exchange(Method::Post, "/Users", Some(&user("", "ada")), 201, None);
        let mut exchange = Arc::unwrap_or_clone(exchange);
        let headers = header.map(|value| ("location".to_owned(), value.to_owned()));
        exchange.answer =
            Answer::Response(Response::new(201, headers.into_iter().collect(), body.to_string()));
        let mut story = Story::new(ClientName::Entra);
        story.observe(&Arc::new(exchange));
        story.raised("location").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn table() {
        let absolute = "http://127.0.0.1:8080/v2/Users/1";
        let none: [&str; 0] = [];
        assert_eq!(judged(Some(absolute), Some(absolute)), none);
        assert_eq!(judged(Some(absolute), None), none);
        assert_eq!(judged(Some(absolute), Some("/v2/Users/1")), none);
        assert_eq!(judged(Some("/v2/Users/1"), Some(absolute)), none);
        assert_eq!(judged(None, Some(absolute)), ["a 201 has no `Location`"]);
        assert_eq!(
            judged(Some(absolute), Some("http://127.0.0.1:8080/v2/Users/2")),
            ["the `Location` of a 201 differs from its `meta.location`"]
        );
    }
}
