//! Defects of errors.

use axum::http::{HeaderValue, Method};
use serde_json::{Value, json};

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::layer::ResponseLayer;
use crate::reference::http::scim::request::ScimRequest;
use crate::scim::resource::attribute;

pub(super) const LAYERS: &[(Defect, ResponseLayer)] = &[
    (Defect::DuplicateIs400, |_, _, request, answer| duplicate_is(400, request, answer)),
    (Defect::DuplicateIs500, |_, _, request, answer| duplicate_is(500, request, answer)),
    (Defect::ConflictWithoutKeyword, |_, _, _, mut answer| {
        if answer.status() == 409 {
            answer.change(|body| attribute::remove(body, "scimType"));
        }
        answer
    }),
    (Defect::ErrorStatusAsNumber, |_, _, _, answer| {
        change(answer, |status, body| attribute::set(body, "status", json!(status)))
    }),
    (Defect::ErrorSchemasAsString, |_, _, _, answer| {
        change(answer, |_, body| {
            let first = attribute::get(body, "schemas").and_then(|schemas| schemas.get(0)).cloned();
            attribute::set(body, "schemas", first.unwrap_or_default());
        })
    }),
    (Defect::ErrorNested, |_, _, _, answer| {
        change(answer, |status, body| {
            *body = json!({"status": status.to_string(), "response": body.take()});
        })
    }),
    (Defect::ErrorAsPage, |_, _, _, answer| {
        if answer.status() < 400 {
            return answer;
        }
        let page = HeaderValue::from_static("text/html; charset=utf-8");
        answer.with_text(page, |_| "<html><body><h1>Something went wrong</h1></body></html>".to_owned())
    }),
    (
        Defect::RefusalAnswered200,
        |_, _, _, answer| {
            if answer.status() >= 400 { answer.of_status(200) } else { answer }
        },
    ),
];

/// Changes an error.
fn change(mut answer: Answer, with: impl FnOnce(u16, &mut Value)) -> Answer {
    let status = answer.status();
    if status >= 400 {
        answer.change(|body| with(status, body));
    }
    answer
}

/// The refusal of a creation with another status.
fn duplicate_is(status: u16, request: &ScimRequest<'_>, answer: Answer) -> Answer {
    if answer.status() != 409 || request.method != Method::POST {
        return answer;
    }
    change(answer.of_status(status), |status, body| {
        attribute::set(body, "status", json!(status.to_string()));
        attribute::remove(body, "scimType");
    })
}
