//! What stands in an error.

use serde_json::Value;

use crate::requirement::exchange::view::{Seen, shortened};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::resource::attribute::get;
use crate::scim::urn;
use crate::wire::Method;

use crate::requirement::rules::Rule;

const ERROR_BODY: Requirement = Requirement {
    id: "error-body",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta],
    text: "the body of an error is a SCIM error with the Error schema and the HTTP status as a string",
    source: "RFC 7644 §3.12 (MUST return the errors in the body, in JSON; `status` REQUIRED, a JSON string)",
    reasoning: "Okta shows `Invalid JSON` or nothing instead of the reason, and nobody knows what to fix",
};

const GATEWAY_ERROR_BODY: Requirement = Requirement {
    id: "error-body-gateway",
    // Jira Service Management documents such a body for 401 and 403, so it cannot be held against an endpoint.
    level: Level::Info,
    concerns: &[Concern::Rfc, Concern::Okta],
    text: "the layers in front of the endpoint (authentication, rate limits, proxies) also return SCIM errors",
    source: "RFC 7644 §3.12; gateways answer otherwise in practice (docs/jira-service-management.md#gateway-errors)",
    reasoning: "Okta shows `Invalid JSON` instead of the reason",
};

const ERROR_DETAIL: Requirement = Requirement {
    id: "error-detail",
    level: Level::Should,
    concerns: &[Concern::Okta, Concern::Entra],
    text: "an error gives the reason in `detail`",
    source: "Okta shows `detail` verbatim (docs/providers/okta.md#error-with-a-detail); Entra asks for an actionable error (docs/providers/entra.md#required-values-as-sent); RFC 7644 §3.12 has it OPTIONAL",
    reasoning: "the administrator sees that something failed, but not what",
};

const CONFLICT_KEYWORD: Requirement = Requirement {
    id: "conflict-keyword",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "a creation refused with 409 has the scimType `uniqueness`",
    source: "RFC 7644 §3.3 (MUST return 409 with a scimType of `uniqueness`)",
    reasoning: "a client cannot tell a taken name from other conflicts",
};

/// Statuses that also come from what stands in front of an endpoint.
const GATEWAY: [u16; 8] = [401, 403, 407, 408, 429, 502, 503, 504];
/// Statuses whose reason only the endpoint knows.
const REASONED: [u16; 5] = [400, 409, 413, 422, 500];

#[derive(Debug)]
pub(crate) struct ErrorBody;

impl Rule for ErrorBody {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&ERROR_BODY, &GATEWAY_ERROR_BODY, &ERROR_DETAIL, &CONFLICT_KEYWORD]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let Some(response) = seen.exchange.response().filter(|response| response.status >= 400) else {
            return;
        };
        let status = response.status;
        let has_body = !response.body.trim().is_empty();
        if has_body && let Some(wrong) = wrong(status, response.json()) {
            let requirement = if GATEWAY.contains(&status) { &GATEWAY_ERROR_BODY } else { &ERROR_BODY };
            let said = match response.json() {
                Some(_) => String::new(),
                None if seen.holds_password(&response.body) => String::new(),
                None => format!(" (`{}`)", shortened(&response.body)),
            };
            report
                .raise_as(
                    requirement,
                    format!("{status} {wrong}"),
                    format!("the body of a {status} {wrong}{said}"),
                )
                .shown(|| [Clue::status(["4xx", "5xx"]), clue(status, response.json())]);
            if response.json().is_none() {
                return;
            }
        }
        if REASONED.contains(&status) && text(response.json(), "detail").is_none() {
            report
                .raise(&ERROR_DETAIL, format!("a {status} has no `detail`"))
                .shown(|| [Clue::status(["4xx", "5xx"]), Clue::none("body/detail")]);
        }
        let keyword = || [Clue::status(["409"]), Clue::missing("body/scimType", "uniqueness")];
        if status == 409 && seen.is_create() && seen.method() == Method::Post {
            match text(response.json(), "scimType") {
                Some("uniqueness") => {}
                Some(other) => {
                    report
                        .raise(
                            &CONFLICT_KEYWORD,
                            format!("a 409 has the scimType `{}` instead of `uniqueness`", shortened(other)),
                        )
                        .shown(keyword);
                }
                None => report.raise(&CONFLICT_KEYWORD, "a 409 has no scimType".to_owned()).shown(keyword),
            }
        }
    }
}

fn text<'a>(body: Option<&'a Value>, name: &str) -> Option<&'a str> {
    get(body?, name)?.as_str().filter(|text| !text.trim().is_empty())
}

/// How what is wrong with an error's body shows.
fn clue(status: u16, body: Option<&Value>) -> Clue {
    let Some(body) = body else { return Clue::NotJson };
    match get(body, "status") {
        Some(Value::String(text)) if *text == status.to_string() => {
            Clue::missing("body/schemas/*", urn::ERROR)
        }
        None => Clue::none("body/status"),
        Some(Value::String(_)) => Clue::other("body/status", status.to_string()),
        Some(_) => Clue::NotA { at: "body/status".to_owned(), value: "string".to_owned() },
    }
}

/// What is wrong with an error's body.
fn wrong(status: u16, body: Option<&Value>) -> Option<&'static str> {
    let Some(body) = body else { return Some("is not JSON") };
    let schemas = get(body, "schemas").and_then(Value::as_array);
    let is_error = |each: &Value| each.as_str().is_some_and(|each| each.eq_ignore_ascii_case(urn::ERROR));
    if !schemas.is_some_and(|schemas| schemas.iter().any(is_error)) {
        return Some("does not name the Error schema");
    }
    match get(body, "status") {
        None => Some("has no `status`"),
        Some(Value::String(text)) if *text == status.to_string() => None,
        Some(Value::String(_)) => Some("has a `status` other than that of the response"),
        Some(_) => Some("has a `status` that is not a string"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, user};

    fn judged(status: u16, body: &Value) -> Vec<&'static str> {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), status, body);
        let own = ErrorBody.requirements();
        story.ids().into_iter().filter(|id| own.iter().any(|requirement| requirement.id == *id)).collect()
    }

    #[test]
    fn table() {
        let with = |key: &str, value: Value| {
            let mut body = error(400);
            body[key] = value;
            body
        };
        let mut bare_conflict = error(409);
        bare_conflict.as_object_mut().unwrap().remove("scimType");
        let odd_urn =
            json!({"schemas": ["urn:ietf:params:scim:b:messages:2.0:Error"], "status": "400", "detail": "x"});
        let rows: [(u16, Value, &[&str]); 13] = [
            (400, error(400), &[]),
            (400, with("scimType", json!("invalidValue")), &[]),
            (400, with("status", json!(400)), &["error-body"]),
            (400, with("status", json!("404")), &["error-body"]),
            (400, with("status", Value::Null), &["error-body"]),
            (400, with("detail", json!("")), &["error-detail"]),
            (400, odd_urn, &["error-body"]),
            (500, json!({"message": "oops"}), &["error-body", "error-detail"]),
            (403, json!({"error": "Not authorized", "traceId": "e4"}), &["error-body-gateway"]),
            (401, error(401), &[]),
            (409, error(409), &[]),
            (409, bare_conflict, &["conflict-keyword"]),
            (404, json!({"schemas": [urn::ERROR], "status": "404"}), &[]),
        ];
        for (status, body, expected) in rows {
            assert_eq!(judged(status, &body), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_status_without_a_body_is_an_answer_and_says_nothing() {
        let mut story = Story::new(ClientName::Entra);
        story.delete("/Users/1", 404);
        assert_eq!(story.ids(), [""; 0]);
        story.delete("/Users/1", 400);
        assert_eq!(story.raised("error-detail"), ["a 400 has no `detail`"]);
        assert!(story.raised("error-body").is_empty());
    }

    #[test]
    fn an_error_page_is_shown_but_never_with_the_password() {
        use crate::wire::{Answer, Response};
        for (page, shown) in [("<h1>Oops</h1>", true), ("<h1>hunter22 is weak</h1>", false)] {
            let sent = json!({"userName": "a", "password": "hunter22"});
            let exchange = Story::exchange(Method::Post, "/Users", Some(&sent), 400, None);
            let mut exchange = std::sync::Arc::unwrap_or_clone(exchange);
            exchange.answer = Answer::Response(Response::new(400, Vec::new(), page.to_owned()));
            let mut story = Story::new(ClientName::OktaOin);
            story.observe(&std::sync::Arc::new(exchange));
            assert_eq!(story.raised("error-body")[0].contains(page), shown);
        }
    }
}
