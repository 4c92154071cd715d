//! `Content-Type` of answers.

use crate::requirement::exchange::view::{Seen, shortened};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use crate::requirement::rules::Rule;

const CONTENT_TYPE: Requirement = Requirement {
    id: "content-type",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "a response with a body declares that it is JSON",
    source: "RFC 7644 §3.8 (MUST return JSON) and §8.1",
    reasoning: "a client that relies on the header does not parse the body, or takes a log-in page for a response",
};

const SCIM_MEDIA_TYPE: Requirement = Requirement {
    id: "content-type-scim",
    level: Level::Should,
    concerns: &[Concern::Rfc, Concern::Entra],
    text: "a response with a body is `application/scim+json`, unless the client asked for plain JSON",
    source: "RFC 7644 §3.8 (the default format) and §8.1; Entra requires it (docs/providers/entra.md#required-content-type, documented; whether production refuses others is unverified)",
    reasoning: "Microsoft's validator has stopped at `application/json`",
};

#[derive(Debug)]
pub(crate) struct MediaType;

impl Rule for MediaType {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&CONTENT_TYPE, &SCIM_MEDIA_TYPE]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let Some(response) = seen.exchange.response() else { return };
        if response.body.trim().is_empty() || response.status < 200 || (300..400).contains(&response.status) {
            return;
        }
        // An error page is the error body's rule.
        if !response.is_success() && response.json().is_none() {
            return;
        }
        let Some(header) = response.header("content-type") else {
            report
                .raise(&CONTENT_TYPE, "a response with a body has no `Content-Type`".to_owned())
                .shown(|| [Clue::none("header/content-type")]);
            return;
        };
        let essence = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence == "application/scim+json" {
            return;
        }
        let is_json = essence == "application/json" || essence.ends_with("+json");
        if !is_json {
            report
                .raise(
                    &CONTENT_TYPE,
                    format!("the `Content-Type` of a response is `{}`", shortened(&essence)),
                )
                .shown(|| [no_text("json")]);
        } else if !asks_for_plain_json(seen) && !matches!(response.status, 401 | 403) {
            // What stands in front of the endpoint answers a refused key in a format of its own.
            report
                .raise(
                    &SCIM_MEDIA_TYPE,
                    format!("the `Content-Type` of a response is `{}`", shortened(&essence)),
                )
                .shown(|| [no_text("application/scim+json")]);
        }
    }
}

fn no_text(text: &str) -> Clue {
    Clue::NoText { at: "header/content-type".to_owned(), value: text.to_owned() }
}

fn asks_for_plain_json(seen: &Seen<'_>) -> bool {
    seen.exchange
        .request
        .header_value("accept")
        .is_some_and(|accept| accept.contains("application/json") && !accept.contains("scim+json"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list};
    use crate::wire::{Answer, Method, Response};

    fn judged(
        content_type: Option<&str>,
        accept: Option<&str>,
        status: u16,
        body: &str,
    ) -> Vec<&'static str> {
        let exchange = Story::exchange(Method::Get, "/Users", None, 200, None);
        let mut exchange = Arc::unwrap_or_clone(exchange);
        if let Some(accept) = accept {
            exchange.request = exchange.request.header("Accept", accept);
        }
        let headers = content_type.map(|value| ("content-type".to_owned(), value.to_owned()));
        exchange.answer =
            Answer::Response(Response::new(status, headers.into_iter().collect(), body.to_owned()));
        let mut story = Story::new(ClientName::Google);
        story.observe(&Arc::new(exchange));
        story.ids().into_iter().filter(|id| id.starts_with("content-type")).collect()
    }

    type Row<'a> = (Option<&'a str>, Option<&'a str>, u16, &'a str, &'a [&'a str]);

    #[test]
    fn table() {
        let body = list(&[]).to_string();
        let rows: [Row<'_>; 10] = [
            (Some("application/scim+json"), None, 200, &body, &[]),
            (Some("Application/SCIM+JSON;charset=UTF-8"), None, 200, &body, &[]),
            (Some("application/json"), Some("application/json"), 200, &body, &[]),
            (Some("application/json"), Some("application/scim+json"), 200, &body, &["content-type-scim"]),
            (Some("application/json; charset=utf-8"), None, 400, "{}", &["content-type-scim"]),
            (Some("text/html"), None, 200, "<html>", &["content-type"]),
            (Some("text/plain"), None, 200, &body, &["content-type"]),
            (None, None, 200, &body, &["content-type"]),
            (None, None, 204, "", &[]),
            // Said by the error body's rule.
            (Some("text/html"), None, 502, "<html>", &[]),
        ];
        for (content_type, accept, status, body, expected) in rows {
            assert_eq!(judged(content_type, accept, status, body), expected, "{content_type:?} {status}");
        }
    }

    #[test]
    fn a_204_may_carry_the_header_alone() {
        let mut story = Story::new(ClientName::Entra);
        story.patch("/Users/1", &json!([{"op": "Replace", "path": "title", "value": "X"}]));
        assert_eq!(story.ids(), [""; 0]);
    }
}
