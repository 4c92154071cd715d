//! Defects of successful answers.

use axum::http::{HeaderValue, Method};

use crate::reference::defects::Defect;
use crate::reference::http::answer::{Answer, SCIM_JSON};
use crate::reference::http::faults::layer::ResponseLayer;
use crate::reference::http::scim::request::ScimRequest;
use crate::scim::resource::attribute;

pub(super) const LAYERS: &[(Defect, ResponseLayer)] =
    &[
        (Defect::CreateWithoutBody, |_, _, request, answer| {
            if is_created(request, &answer) { answer.without_body() } else { answer }
        }),
        (Defect::PatchWithoutBody, |_, _, request, answer| {
            let is_patched = answer.status() == 200 && request.method == Method::PATCH;
            if is_patched { answer.without_body() } else { answer }
        }),
        (Defect::CreateWithoutId, |_, _, request, mut answer| {
            if is_created(request, &answer) {
                answer.change(|body| attribute::remove(body, "id"));
            }
            answer
        }),
        (Defect::PasswordEchoed, |_, _, request, mut answer| {
            if is_created(request, &answer)
                && let Some(password) = attribute::get(&request.body.value(), "password")
            {
                answer.change(|body| attribute::set(body, "password", password.clone()));
            }
            answer
        }),
        (Defect::JsonAsText, |_, _, _, answer| {
            if answer.status() >= 400 {
                return answer;
            }
            answer.of_type(HeaderValue::from_static("text/plain; charset=utf-8"))
        }),
        (Defect::BomBeforeJson, |_, _, _, answer| {
            if answer.status() >= 400 {
                return answer;
            }
            answer.with_text(SCIM_JSON, |body| format!("\u{feff}{body}"))
        }),
    ];

fn is_created(request: &ScimRequest<'_>, answer: &Answer) -> bool {
    answer.status() == 201 && request.method == Method::POST
}
