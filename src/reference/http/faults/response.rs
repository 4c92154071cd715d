//! What a defect makes of an answer that was right.

use axum::http::{HeaderValue, Method};
use serde_json::{Value, json};

use crate::reference::defects::Defect;
use crate::reference::http::answer::{Answer, SCIM_JSON};
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::site::Site;
use crate::scim::resource::attribute;

/// The answer as it is given.
pub(crate) fn answer(site: &Site, request: &ScimRequest, answer: Answer) -> Answer {
    if site.defects.is_empty() {
        return answer;
    }
    if answer.status() >= 400 { error(site, request, answer) } else { success(site, request, answer) }
}

fn success(site: &Site, request: &ScimRequest, mut answer: Answer) -> Answer {
    let has = |defect| site.defects.has(defect);
    let created = answer.status() == 201 && request.method == Method::POST;
    let patched = answer.status() == 200 && request.method == Method::PATCH;
    if (created && has(Defect::CreateWithoutBody)) || (patched && has(Defect::PatchWithoutBody)) {
        return answer.without_body();
    }
    if created && has(Defect::CreateWithoutId) {
        answer.change(|body| attribute::remove(body, "id"));
    }
    if created
        && has(Defect::PasswordEchoed)
        && let Some(password) = attribute::get(&request.body.value(), "password").cloned()
    {
        answer.change(|body| attribute::set(body, "password", password.clone()));
    }
    if has(Defect::JsonAsText) {
        answer = answer.of_type(HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    if has(Defect::BomBeforeJson) {
        answer = answer.with_text(SCIM_JSON, |body| format!("\u{feff}{body}"));
    }
    answer
}

fn error(site: &Site, request: &ScimRequest, mut answer: Answer) -> Answer {
    let has = |defect| site.defects.has(defect);
    if answer.status() == 409 && request.method == Method::POST {
        if has(Defect::DuplicateIs400) {
            answer = with_status(answer, 400);
        } else if has(Defect::DuplicateIs500) {
            answer = with_status(answer, 500);
        }
    }
    if answer.status() == 409 && has(Defect::ConflictWithoutKeyword) {
        answer.change(|body| attribute::remove(body, "scimType"));
    }
    if has(Defect::ErrorStatusAsNumber) {
        let status = answer.status();
        answer.change(|body| attribute::set(body, "status", json!(status)));
    }
    if has(Defect::ErrorSchemasAsString) {
        answer.change(|body| {
            let first = attribute::get(body, "schemas").and_then(|schemas| schemas.get(0)).cloned();
            attribute::set(body, "schemas", first.unwrap_or_default());
        });
    }
    if has(Defect::ErrorNested) {
        let status = answer.status().to_string();
        answer.change(|body| *body = json!({"status": status, "response": body.take()}));
    }
    if has(Defect::ErrorAsPage) {
        let page = HeaderValue::from_static("text/html; charset=utf-8");
        answer =
            answer.with_text(page, |_| "<html><body><h1>Something went wrong</h1></body></html>".to_owned());
    }
    if has(Defect::RefusalAnswered200) {
        answer = answer.of_status(200);
    }
    answer
}

fn with_status(answer: Answer, status: u16) -> Answer {
    let mut answer = answer.of_status(status);
    answer.change(|body: &mut Value| {
        attribute::set(body, "status", json!(status.to_string()));
        attribute::remove(body, "scimType");
    });
    answer
}
